"""Addresses that would run a script are known in every spelling that browsers understand."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import content_policy
from ckanext.leszno_ngo.harvest import http, secret_options, settings
from ckanext.leszno_ngo.harvest.addresses import is_web_address
from ckanext.leszno_ngo.values import ValueRefusedError
from ckanext.leszno_ngo.values.contact import web_address
from ckanext.leszno_ngo.web_addresses import (
    can_be_read,
    has_login,
    has_password,
    has_script_link,
    is_followable,
    is_harmful,
    is_of_addresses,
    is_script,
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
    assert is_script(text)
    assert has_script_link(f"a [b]({text.strip()})")


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
    assert has_script_link(text)


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
    assert not is_script(text)
    assert not has_script_link(text)


def test_fields_of_addresses_are_known_by_name():
    assert all(
        map(is_of_addresses, ("url", "cache_url", "imageUrl", "uri", "website", "back_link"))
    )
    assert not any(map(is_of_addresses, ("title", "notes", "url_type", "aims")))


KEPT = [
    *HARMLESS,
    "urn:isbn:9788301234567",
    "doi:10.5281/zenodo.1",
    "mailto:biuro@leszno.pl",
    "tel:+48655298100",
    "ftp://ftp.leszno.pl/dane.csv",
    "PL.ZIPPN.4498.EMUiA",
    "Sala: 5",
    "https://mastodon.social/@leszno",
    "https://www.google.com/maps/@51.84,16.57,15z?q=a@b",
]


@pytest.mark.parametrize("address", KEPT)
def test_what_does_no_harm_may_be_kept(address):
    assert not is_harmful(address)
    assert can_be_read(address)
    assert not has_login(address)


@pytest.mark.parametrize("address", [*HOSTILE, "ms-msdt:/id", "search-ms:x", "FILE:x", "res://a"])
def test_what_does_harm_is_not_kept(address):
    assert is_harmful(address)


LOGINS = [
    "https://urzad:tajne@dane.leszno.pl/a.csv",
    "https://urzad@dane.leszno.pl/",
    "//urzad:tajne@dane.leszno.pl",
    "HTTPS:\\\\urzad:tajne@dane.leszno.pl",
    "https:urzad:tajne@dane.leszno.pl",
    "https:/urzad:tajne@dane.leszno.pl",
    " ht\ttps://urzad:taj\nne@dane.leszno.pl",
    "ftp://anonymous:x@ftp.leszno.pl",
    "s3://klucz:tajne@zasoby/dane.csv",
    "jdbc:postgresql://urzad:tajne@baza:5432/x",
]


@pytest.mark.parametrize("address", LOGINS)
def test_a_login_in_an_address_is_told(address):
    assert has_login(address)


def test_a_password_is_told_in_any_text():
    for address in (LOGINS[0], LOGINS[2], LOGINS[7], LOGINS[9]):
        assert has_password(f"Dane: [plik]({address}), stan na 5.01.")
    for text in (*KEPT, "https://www.leszno.pl, e-mail: biuro@leszno.pl", "10:30//biuro@leszno.pl"):
        assert not has_password(text)


@pytest.mark.parametrize(
    "address",
    [
        "http://a:port/",
        "http://a:99999",
        "http://[x",
        "http://a]/",
        "http://a\u2100b",
        "//\uff20:x",
    ],
)
def test_what_cannot_be_read_is_told(address):
    assert not can_be_read(address)


PIECES = st.sampled_from(
    [
        *("http:", "https://", "//", "/", "\\", ":", "@", "[", "]", "?", "#", "%", "{", ".", "-"),
        *("::1", "99999", "-1", "x", "\u2100", "\uff20", "\uff03", "\u0301", "\x00", "\t", " "),
        *("token=a", "&", "urzad:tajne@", "example.org", "javascript:", "\ud800", "\u0661", "a"),
    ]
)
ADDRESSES = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40)


@given(ADDRESSES)
def test_no_address_breaks_what_reads_it(address):
    """Bad ports, brackets, letters that look like signs: nothing raises but what is promised."""
    for read in (is_followable, is_harmful, is_script, has_script_link, has_login, has_password):
        read(address)
    http.shown_url(address)
    http.keys_of([address])
    is_web_address(address)
    settings.address_fault(address)
    settings.secret_parameters(address)
    settings.without_secret(address)
    options = json.dumps({"base": address, "key": address})
    parted = secret_options.part(address, options)
    secret_options.hosts(address, options)
    words = secret_options.words(address, parted.options)
    secret_options.hidden(f"GET {address}", words)
    content_policy.origins([address])
    with contextlib.suppress(ValueRefusedError):
        web_address(address)
