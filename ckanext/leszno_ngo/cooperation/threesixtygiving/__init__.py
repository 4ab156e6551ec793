"""Grants in the 360Giving Data Standard: what a grant says, and the two files."""
