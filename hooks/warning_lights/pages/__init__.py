"""A finished page is safe, light, usable and found."""
