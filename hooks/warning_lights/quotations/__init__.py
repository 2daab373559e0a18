"""Every quotation stands in its source."""
