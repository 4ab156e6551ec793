"""One module a format: an iterator of records and a type's export map in, a stream out."""
