"""Every link resolves, or its writer is told where."""
