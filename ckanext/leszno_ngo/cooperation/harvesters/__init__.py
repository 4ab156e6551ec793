"""Thin ckanext-harvest plugins of the cooperation, one class a module."""
