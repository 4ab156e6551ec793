"""The cooperation of a city with its NGOs as searchable, linked, open records in CKAN."""
