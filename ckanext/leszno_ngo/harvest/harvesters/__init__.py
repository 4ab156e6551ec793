"""Thin ckanext-harvest plugins, one class a module."""
