"""Actions, authorisation, validators."""
