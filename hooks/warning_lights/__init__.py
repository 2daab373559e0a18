"""The engine of the site: one folder a room, functions that know nothing of MkDocs. README.md is the map."""
