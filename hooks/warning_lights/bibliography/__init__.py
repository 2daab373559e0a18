"""Every entry is read, checked, formatted and exported once; every citable place is known."""
