"""A text in Markdown costs no more than its length, whatever signs are in it."""

import pytest
from bs4 import BeautifulSoup
from ckan.lib.helpers import helper_functions as h

from tests import costs

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


@pytest.mark.parametrize("helper", ["render_markdown", "markdown_extract"])
@pytest.mark.parametrize("unit", ["`", "[", "![](", "[a](<", "`a", "[a]", "a\n", "<a ", "<a@"])
def test_no_signs_make_a_text_steep(unit, helper):
    assert not costs.steep(h[helper], [lambda n: costs.repeated(unit, n * 4)])


LOOKS_LIKE_MARKUP = (
    "kwota <500 zł i >100 zł",
    "kwota < 500 zł i > 100 zł",
    "x<y i y>z",
    "wpisz <nazwa> i <data>",
    "<-- tu -->",
    "a <b i c> d",
)


@pytest.mark.parametrize("written", LOOKS_LIKE_MARKUP)
def test_what_only_looks_like_a_tag_is_shown(written):
    shown = str(h.render_markdown(written))
    assert BeautifulSoup(shown, "html.parser").get_text().strip() == written
    assert h.markdown_extract(written) == written
    assert h.markdown_extract(f"**{written}** `", 0) == f"{written} `"
    assert "<y" not in shown


def test_addresses_and_tags_are_what_they_are():
    shown = str(
        h.render_markdown("Jan <jan@x.pl>, <https://www.leszno.pl> <b>i</b> `<x>` <script>")
    )
    soup = BeautifulSoup(shown, "html.parser")
    assert soup.get_text().strip() == "Jan jan@x.pl, https://www.leszno.pl i <x>"
    assert [a["href"] for a in soup.find_all("a")] == ["mailto:jan@x.pl", "https://www.leszno.pl"]
    assert h.markdown_extract("<img src=x onerror=alert(1)>tak") == "tak"


def test_what_costs_too_much_is_shown_as_it_was_typed():
    shown = h.render_markdown("<b>" + "`" * 3000 + "\nkoniec")
    assert str(shown).startswith("<p>&lt;b&gt;``")
    assert str(shown).endswith("`<br>koniec</p>")
    assert "<strong>tak</strong>" in h.render_markdown("**tak** i `kod` oraz [strona](/ngo/)")
