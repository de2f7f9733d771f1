"""One module a page: a question to warehouse.reading, as what a template shows."""
