"""The Content-Security-Policy as text: what is in it, and what a portal may add."""

import pytest

from ckanext.leszno_ngo import content_policy


def directives(header):
    return {name: sources for name, *sources in map(str.split, header.split(";"))}


def test_nothing_inline_nothing_evaluated_no_nonce():
    policy = content_policy.header()
    assert "unsafe" not in policy
    assert "nonce" not in policy
    said = directives(policy)
    assert said["script-src"] == said["style-src"] == said["frame-ancestors"] == ["'self'"]
    assert said["object-src"] == said["base-uri"] == ["'none'"]


def test_further_sources_are_added_once():
    given = content_policy.parse(
        "img-src https://a.example; script-src https://*.b.example:8443/js/ ; img-src blob:;"
    )
    said = directives(content_policy.header(given, {"img-src": ("https://a.example",)}))
    assert said["img-src"] == ["'self'", "data:", "https://a.example", "blob:"]
    assert said["script-src"] == ["'self'", "https://*.b.example:8443/js/"]


def test_a_hash_lets_one_script_run():
    known = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    assert content_policy.parse(f"script-src {known}") == {"script-src": (known,)}


@pytest.mark.parametrize(
    "text",
    [
        "script-src 'unsafe-inline'",
        "style-src 'unsafe-hashes'",
        "script-src 'unsafe-eval'",
        "script-src 'nonce-abc'",
        "script-src 'strict-dynamic'",
        "script-src *",
        "script-src https:",
        "script-src data:",
        "script-src blob:",
        "img-src https://a.example,https://b.example",
        "img-src https://a.example\nX-Header:1",
        "default-src https://a.example",
        "object-src https://a.example",
        "base-uri https://a.example",
        "report-uri https://a.example",
        "https://a.example",
    ],
)
def test_what_would_undo_the_policy_is_refused(text):
    with pytest.raises(ValueError, match="may"):
        content_policy.parse(text)


def test_hosts_of_addresses():
    addresses = [
        "https://tile.example.org/{z}/{x}/{y}.png",
        "https://{s}.tile.example.org/{z}/{x}/{y}.png",
        "https://user:secret@maps.example.org:8080/{z}.png",
        "//cdn.example.org/logo.png",
        "/logo.png",
        "",
        "javascript:alert(1)",
        "https://a.{s}.example.org/{z}",
        "https://a.example.org;script-src/x",
    ]
    assert content_policy.origins(addresses) == (
        "https://tile.example.org",
        "https://*.tile.example.org",
        "https://maps.example.org:8080",
        "cdn.example.org",
    )
