"""One form for places, findings, options and caches."""
