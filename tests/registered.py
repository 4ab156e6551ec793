"""The registries as a portal with every plugin has them, for tests without a portal."""

from devstack import reference


def fill():
    reference.register()
