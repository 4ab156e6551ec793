"""What the Content-Security-Policy forbids in a page's markup: anything inline."""

from __future__ import annotations

import re
from html.parser import HTMLParser

#: Types of scripts that are data: no browser runs them.
DATA = {"application/json", "application/ld+json"}
_HANDLER = re.compile(r"on[a-z]+|hx-on.*|data-hx-on.*")
_EVALUATED = re.compile(r"\s*(?:js|javascript):", re.IGNORECASE)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        where = f"line {self.getpos()[0]} <{tag}>"
        if tag == "style":
            self.found.append(f"{where}: styles in the page")
        if tag == "script" and "src" not in said and said.get("type") not in DATA:
            self.found.append(f"{where}: a script in the page")
        for name, value in attrs:
            evaluated = name != "content" and _EVALUATED.match(value or "")
            if name == "style" or _HANDLER.fullmatch(name) or evaluated:
                self.found.append(f"{where}: {name}={value!r}")

    handle_startendtag = handle_starttag


def inline(html: str) -> list[str]:
    """Find handlers, styles and scripts in a page's markup, and addresses that are scripts."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found
