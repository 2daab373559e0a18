"""Every citation is a numbered note, knows its sentence and leads to its passage."""
