"""Addresses that would run a script are known in every spelling that browsers understand."""

import pytest

from ckanext.leszno_ngo.web_addresses import is_followable

HOSTILE = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    " " * 5000 + "javascript:alert(1)",
    "\x00javascript:alert(1)",
    "\x01\x1fjavascript:alert(1)",
    "javascript\t:alert(1)",
    "\u00a0javascript:alert(1)",
    "\u200bjavascript:alert(1)",
    "\ufeffjavascript:alert(1)",
    "java\u00adscript:alert(1)",
    "javascript://https://www.leszno.pl/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "view-source:https://www.leszno.pl",
    "blob:https://www.leszno.pl/1",
    "file:///etc/passwd",
]
HARMLESS = [
    "",
    "https://www.leszno.pl/strona?adres=javascript:alert(1)",
    "HTTP://www.leszno.pl",
    "//www.leszno.pl",
    "/dataset/a:b",
    "regulamin.pdf",
    "javascript",
    "#javascript:alert(1)",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_hostile_addresses_are_known(address):
    assert not is_followable(address)


@pytest.mark.parametrize("address", HARMLESS)
def test_harmless_ones_may_be_followed(address):
    assert is_followable(address)
