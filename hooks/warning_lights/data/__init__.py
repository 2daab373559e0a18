"""A row of CSV becomes a chart, a map, a table, an event or a term, with its citation."""
