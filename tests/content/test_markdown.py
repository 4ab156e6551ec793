"""A text in Markdown costs no more than its length, whatever signs are in it."""

import pytest
from ckan.lib.helpers import helper_functions as h

from tests import costs

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


@pytest.mark.parametrize("unit", ["`", "[", "![](", "[a](<", "`a", "[a]", "a\n"])
def test_no_signs_make_a_text_steep(unit):
    assert not costs.steep(
        lambda text: h.render_markdown(text), [lambda n: costs.repeated(unit, n * 4)]
    )


def test_what_costs_too_much_is_shown_as_it_was_typed():
    shown = h.render_markdown("<b>" + "`" * 3000 + "\nkoniec")
    assert str(shown).startswith("<p>&lt;b&gt;``")
    assert str(shown).endswith("`<br>koniec</p>")
    assert "<strong>tak</strong>" in h.render_markdown("**tak** i `kod` oraz [strona](/ngo/)")
