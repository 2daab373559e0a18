"""The site opens from disk."""
