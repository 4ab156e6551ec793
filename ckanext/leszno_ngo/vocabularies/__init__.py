"""Code lists as data files, and their reader. Nothing here knows CKAN."""
