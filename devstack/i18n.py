"""Translations: check that nothing of ours lacks Polish, and compile the catalogue.

``make i18n`` (``python -m devstack i18n``). The sources are two files in
``ckanext/leszno_ngo/i18n/pl/LC_MESSAGES``: ``ckanext-leszno_ngo.po`` with the messages of the
extension and of CKAN's scripts, and ``ckan-core.po`` with those of CKAN, ckanext-scheming and
ckanext-harvest that have no Polish of their own, or a worse one. Both go into one
``ckanext-leszno_ngo.mo``, because CKAN reads one catalogue of an extension; it is committed, so
that an installation needs no compiler.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import extract, mofile, pofile
from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ckanext" / "leszno_ngo"
FOLDER = PACKAGE / "i18n" / "pl" / "LC_MESSAGES"
OWN = FOLDER / "ckanext-leszno_ngo.po"
CORE = FOLDER / "ckan-core.po"
COMPILED = FOLDER / "ckanext-leszno_ngo.mo"

_PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdifr%]|\{\w*[^{}]*\}")
_NAMED = re.compile(r"%\(|\{\w")


def messages() -> dict[str, str]:
    """Find every message in the extension's own Python files and templates.

    :returns: message → the first place it stands at, ``file:line``
    """
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".html"} or path.parent.name == "emails":
            for line, message in _extract(path):
                found.setdefault(message, f"{path.relative_to(ROOT)}:{line}")
    return found


def _extract(path: Path) -> Iterator[tuple[int, str]]:
    from ckan.lib.extract import extract_ckan

    method = "python" if path.suffix == ".py" else extract_ckan
    with path.open("rb") as stream:
        for line, message, _comments, _context in extract.extract(
            method, stream, options={"encoding": "utf-8"}
        ):
            text = message if isinstance(message, str) else message[0]
            if text:
                yield line, text


def script_messages() -> set[str]:
    """Find the messages of CKAN's scripts.

    ``ckan translations js`` reads ``ckanext-leszno_ngo.po`` alone, so their Polish stands there.
    """
    import ckan

    with (Path(ckan.__file__).parent / "i18n" / "ckan.pot").open("rb") as stream:
        template = pofile.read_po(stream)
    return {
        text(message)
        for message in template
        if message.id and any(name.endswith(".js") for name, _line in message.locations)
    }


def read(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as stream:
        return pofile.read_po(stream, locale="pl")


def merged() -> Catalog:
    """Put the two sources together; the extension's own messages win."""
    catalogue = read(CORE)
    for message in read(OWN):
        if message.id:
            catalogue.add(message.id, message.string, flags=message.flags)
    return catalogue


def compiled() -> bytes:
    """Compile the merged catalogue; the same sources give the same bytes."""
    stream = io.BytesIO()
    mofile.write_mo(stream, merged())
    return stream.getvalue()


def faults() -> list[str]:
    """Say what is wrong with the translations, one line a fault."""
    own = {text(message): message for message in read(OWN) if message.id}
    # Our copies of CKAN's templates say CKAN's messages.
    polish = own.keys() | {text(message) for message in read(CORE) if message.id}
    used = messages()
    said = [f"{place}: no Polish for {m!r}" for m, place in used.items() if m not in polish]
    known = used.keys() | script_messages()
    said += [f"{OWN.name}: nobody says {m!r}" for m in own if m not in known]
    for catalogue, strict in ((read(OWN), True), (read(CORE), False)):
        said += [f for message in catalogue if message.id for f in _faults(message, strict)]
    return said


def text(message: Message) -> str:
    """The message in English, the singular where there are two forms."""
    return message.id if isinstance(message.id, str) else message.id[0]


def _faults(message: Message, strict: bool) -> Iterator[str]:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not all(strings):
        yield f"no Polish for {message.id!r}"
    if message.fuzzy:
        yield f"unsure Polish for {message.id!r}"
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    wanted = {placeholder for one in ids for placeholder in _PLACEHOLDER.findall(one)}
    for string in filter(None, strings):
        given = set(_PLACEHOLDER.findall(string))
        # A named value may stay unsaid (CKAN's "created the {dataset_type}"), never a positional
        # one, and nothing may be asked for that is not given.
        lost = wanted - given if strict else {p for p in wanted - given if not _NAMED.match(p)}
        if lost or given - wanted:
            yield f"other placeholders in {string!r} than in {message.id!r}"


def build() -> list[str]:
    """Compile the catalogue when there is nothing wrong with it.

    :returns: faults, one line each; empty when the catalogue was written
    """
    found = faults()
    if not found:
        COMPILED.write_bytes(compiled())
    return found
