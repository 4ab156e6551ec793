"""One module a format: bytes in, raw rows out. Nothing here knows CKAN."""
