"""What is written in a page and in mkdocs.yml is read as its writer means it, or reported at its line."""
