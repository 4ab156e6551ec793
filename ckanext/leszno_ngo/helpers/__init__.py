"""Helpers for templates and scheming's fields, a module a topic.

A public function of a module of this package is a helper; nothing else has to be said of it.
"""

from importlib import import_module
from pkgutil import iter_modules

from ckan.authz import get_local_functions

_TOPICS = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]

#: Every helper by its name in templates.
HELPERS = {name: function for topic in _TOPICS for name, function in get_local_functions(topic)}
