"""What goes into the index for a record, and what a person's words become in a query."""
