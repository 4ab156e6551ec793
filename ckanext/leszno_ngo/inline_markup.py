"""What the Content-Security-Policy keeps from running in templates: anything inline.

A plugin's template counts where no plugin before it has one of the same name; those of CKAN itself
are mended by this extension (``tests/test_templates.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_INLINE = {
    "a handler": re.compile(r"\s(?:on[a-z]+|hx-on[a-z:-]*)\s*=\s*(?:[\"']|\{\{)", re.IGNORECASE),
    "a style": re.compile(r"(?:^|[\s'\"}])style\s*=\s*\\?(?:[\"']|\{)|<style", re.IGNORECASE),
    "a script": re.compile(r"<script[^<>]*", re.IGNORECASE),
    "a script for an address": re.compile(r"[\"'](?:javascript|js):", re.IGNORECASE),
}
#: What makes of a script's tag one that the policy lets be: a file, or data.
_NOT_INLINE = (" src=", "\nsrc=", "ld+json", "application/json")
#: This extension's own are held by tests; some name in code what they take out of CKAN's.
_OURS = Path(__file__).with_name("templates")
#: Plugins of CKAN whose scripts write styles into the page: charts of ``stats`` (jquery.flot) have
#: their numbers and legends in the wrong place.
WRITE_STYLES = frozenset({"stats"})
#: Mails, and pages for CKAN's own developers.
_NO_PAGES = ("tests/", "development/", "emails/")


def in_template(source: str) -> Iterator[str]:
    """Find handlers, styles and scripts in a template, where tags may stand in pieces.

    :param source: the template
    :returns: for each the line, what it is, and its beginning
    """
    source = _without_comments(source)
    for what, pattern in _INLINE.items():
        for match in pattern.finditer(source):
            if what == "a script" and any(sign in match[0].lower() for sign in _NOT_INLINE):
                continue
            line = source.count("\n", 0, match.start()) + 1
            yield f"line {line}: {what}: {source[match.start() : match.end() + 40]!r}"


def _without_comments(source: str) -> str:
    """Take the comments out of a template; their line breaks stay."""
    kept, position = [], 0
    while (start := source.find("{#", position)) >= 0:
        end = source.find("#}", start)
        if end < 0:
            break
        kept += [source[position:start], "\n" * source.count("\n", start, end)]
        position = end + 2
    return "".join([*kept, source[position:]])


def unmended(folders: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Find the templates of plugins that do not work under the policy.

    :param folders: the plugins' folders of templates, the first wins
        (``plugin_template_paths`` of CKAN's configuration)
    :returns: the folder of the plugin's package, and the template's name
    """
    seen: set[str] = set()
    for folder in map(Path, folders):
        for path in sorted(folder.rglob("*.html")):
            name = path.relative_to(folder).as_posix()
            if name in seen or name.startswith(_NO_PAGES):
                continue
            seen.add(name)
            if folder != _OURS and any(in_template(path.read_text("utf-8", "replace"))):
                yield _package(folder), name


def _package(folder: Path) -> str:
    """Return the name of a plugin's package: ``ckanext/stats/templates`` is of ``stats``."""
    parts = folder.parts
    return parts[parts.index("ckanext") + 1] if "ckanext" in parts[:-1] else folder.name
