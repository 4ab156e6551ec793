"""Addresses that would run a script are known in every spelling that browsers understand."""

import pytest

from ckanext.leszno_ngo.web_addresses import (
    has_link_that_runs,
    is_followable,
    is_of_addresses,
    runs,
)

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


@pytest.mark.parametrize("text", HOSTILE[:18])
def test_a_text_that_runs_is_known_in_any_field(text):
    assert runs(text)
    assert has_link_that_runs(f"a [b]({text.strip()})")


@pytest.mark.parametrize(
    "text",
    [
        "[a](javascript:alert(1))",
        "a\n[b]: javascript:alert(1)",
        "<javascript:alert(1)>",
        '<a href="javascript&colon;alert(1)">',
        "<a href=java&#9;script:alert(1)>",
        "![a](data:text/html,x)",
        "[a]( < java\tscript:alert(1)>)",
    ],
)
def test_a_link_that_runs_is_known(text):
    assert has_link_that_runs(text)


@pytest.mark.parametrize(
    "text",
    [
        "JavaScript: kurs dla seniorów",
        "Data: 12 maja, godz. 17",
        "data:12/05, sala 5",
        "Zobacz [program](https://www.leszno.pl/?a=javascript:1) <b>i</b> [więcej](#data)",
        "blob",
    ],
)
def test_what_people_write_passes(text):
    assert not runs(text)
    assert not has_link_that_runs(text)


def test_fields_of_addresses_are_known_by_name():
    assert all(
        map(is_of_addresses, ("url", "cache_url", "imageUrl", "uri", "website", "back_link"))
    )
    assert not any(map(is_of_addresses, ("title", "notes", "url_type", "aims")))
