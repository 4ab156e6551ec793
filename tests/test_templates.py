"""Templates under the Content-Security-Policy: nothing inline in ours, nor in those ours stand on.

A template of CKAN or a plugin counts where none of ours has its name; ours that extend the one of
the same name are held by tests of pages (tests/browser/test_content_policy.py).
"""

from importlib.util import find_spec
from pathlib import Path

import pytest

from ckanext.leszno_ngo import inline_markup
from tests.markup import inline
from tests.shared_data import ROOT

#: That of the engine, and those of features.
OURS = sorted((ROOT / "ckanext" / "leszno_ngo").rglob("templates"))

#: Plugins whose pages a portal with this extension has, or may well have.
PLUGINS = (
    "activity",
    "audioview",
    "datastore",
    "datatablesview",
    "dcat",
    "harvest",
    "imageview",
    "scheming",
    "textview",
    "tracking",
    "videoview",
    "webpageview",
)
#: For CKAN's own developers, and mails.
NOT_PAGES = ("tests/", "development/", "emails/")


def folders():
    """Folders of templates, ours first."""
    found = find_spec("ckan")
    if found is None or found.origin is None:
        pytest.skip("needs CKAN")
    ckan = Path(found.origin).parent
    yield from OURS
    yield ckan / "templates"
    for plugin in PLUGINS:
        folder = ckan.parent / "ckanext" / plugin
        yield from (folder / name for name in ("templates", "theme/templates"))


def templates():
    """Every template that may be shown: its name, where it is."""
    ours = {path.relative_to(root).as_posix() for root in OURS for path in root.rglob("*.html")}
    for folder in folders():
        for path in sorted(folder.rglob("*.html")):
            name = path.relative_to(folder).as_posix()
            is_shown = folder in OURS or name not in ours
            if is_shown and not name.startswith(NOT_PAGES):
                yield name, path


def test_no_template_has_anything_inline():
    found = {}
    for name, path in templates():
        faults = list(inline_markup.in_template(path.read_text(encoding="utf-8")))
        if faults:
            found[name] = faults
    # What is looked for in there is taken out.
    for kind in ("package", "group", "organization"):
        assert found.pop(f"{kind}/changes.html")
    assert found.pop("package/resource_read.html")
    assert found == {}


@pytest.mark.parametrize(
    "markup",
    [
        '<a onclick="go()">x</a>',
        "<b STYLE='color: red'>x</b>",
        "<style>b {}</style>",
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<a href="javascript:go()">x</a>',
        '<form hx-on::after-request="go()"></form>',
        "<form hx-vals='js:{a: b()}'></form>",
    ],
)
def test_what_is_found(markup):
    assert inline(markup)
    assert list(inline_markup.in_template(markup))


def test_what_is_not():
    markup = (
        '<script src="/a.js"></script><script type="application/ld+json">{}</script>'
        '<svg><rect width="3%"/></svg><a href="/on?style=1" data-style="x">onclick=</a>'
    )
    assert inline(markup) == []
    assert list(inline_markup.in_template(markup)) == []


def test_a_plugin_with_anything_inline_is_named(tmp_path):
    """The first template of a name counts: one that mends another hides it."""
    ours, theirs = tmp_path / "ours", tmp_path / "ckanext" / "stats" / "templates"
    for folder, name, text in (
        (ours, "a.html", "<p>"),
        (theirs, "a.html", "<style>"),
        (theirs, "stats/index.html", "<p onclick='x'>"),
        (theirs, "b.html", "<p>"),
        (theirs, "emails/c.html", "<p style='x'>"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    assert list(inline_markup.unmended([str(ours), str(theirs)])) == [("stats", "stats/index.html")]
