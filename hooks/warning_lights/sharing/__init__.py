"""Programs can cite, preview and follow the site."""
