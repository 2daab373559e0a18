"""Every link resolves, or is reported where it is written."""
