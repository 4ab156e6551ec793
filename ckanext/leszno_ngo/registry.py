"""What plugins bring of one kind (checks, formats …), by name: filled once, then only read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


class RegistrationError(Exception):
    """Plugins bring what does not go together; the message names them."""


class Registry(Mapping[str, T]):
    """Everything of one kind that plugins bring, in the order of ``ckan.plugins``.

    It is a mapping that cannot be written: :meth:`fill` alone, which is called when CKAN reads its
    plugins, puts other entries in the place of all that were there.
    """

    def __init__(self, what: str) -> None:
        """Make an empty registry.

        :param what: what one entry is, for messages: ``check``, ``format``
        """
        self.what = what
        self._entries: dict[str, T] = {}

    def fill(self, brought: Iterable[tuple[str, Mapping[str, T]]]) -> None:
        """Take what plugins bring in the place of what was there.

        :param brought: name of a plugin → its entries, in the order of ``ckan.plugins``
        :raises RegistrationError: two plugins bring an entry of one name
        """
        entries: dict[str, T] = {}
        owners: dict[str, str] = {}
        for plugin, own in brought:
            for name, entry in own.items():
                if name in owners:
                    raise RegistrationError(
                        f'The {self.what} "{name}" is brought by two plugins, {owners[name]} and '
                        f"{plugin}: give one of the two another name, or take one plugin out of "
                        "ckan.plugins"
                    )
                entries[name], owners[name] = entry, plugin
        self._entries = entries

    def __getitem__(self, name: str) -> T:
        """Return an entry.

        :raises KeyError: no plugin brings it
        """
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
