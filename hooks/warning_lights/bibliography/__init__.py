"""Every entry is read, checked, formatted, listed and exported once; every citable place is known."""
