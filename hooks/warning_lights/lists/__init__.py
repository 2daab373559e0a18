"""What pages show of the bibliography: its list, the map and the table of notes, the head of a source."""
