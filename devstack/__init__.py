"""A whole CKAN for development: PostgreSQL, Valkey and Solr from packages, under one supervisor.

Not part of the extension's wheel. ``python -m devstack`` starts with the standard library alone,
makes the virtual environment, and goes on inside it.
"""
