"""The address of a search."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo.views.pages.address import Address, page_number, pages_around


def test_an_empty_search_is_the_page_itself():
    assert str(Address("/ngo/")) == "/ngo/"


def test_everything_is_in_the_address():
    address = Address("/ngo/", "bank żywności", {"spheres": ["17", "3"]}, "title", 2)
    assert parse_qs(urlsplit(str(address)).query) == {
        "q": ["bank żywności"],
        "spheres": ["17", "3"],
        "sort": ["title"],
        "page": ["2"],
    }


def test_a_change_goes_back_to_the_first_page_and_keeps_the_rest():
    address = Address("/ngo/", "sport", {"spheres": ["17"], "status": ["active"]}, "title", 3)
    assert str(address.without("spheres", "17")) == "/ngo/?q=sport&status=active&sort=title"
    assert str(address.sorted_by("newest")).endswith("status=active&sort=newest")
    assert str(address.asking("kultura")) == ("/ngo/?q=kultura&spheres=17&status=active&sort=title")
    assert str(address.only_words()) == "/ngo/?q=sport&sort=title"
    assert str(address.at_page(4)).endswith("page=4")


@pytest.mark.parametrize(
    ("text", "number"),
    [(None, 1), ("", 1), ("2", 2), ("0", 1), ("-1", 1), ("x", 1), ("٣", 1), ("9" * 400, 10_000)],
)
def test_a_page_number_is_never_nonsense(text, number):
    assert page_number(text) == number


@pytest.mark.parametrize(
    ("page", "last", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, 3, None, 9]),
        (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]),
    ],
)
def test_a_pager_shows_the_ends_and_the_neighbours(page, last, shown):
    assert pages_around(page, last) == shown


def test_a_page_beyond_the_last_does_not_break_the_pager():
    assert pages_around(99, 3)[0] == 1


@given(st.text(), st.lists(st.text(min_size=1)), st.integers(1, 10_000))
def test_what_goes_into_an_address_comes_out(q, codes, page):
    found = parse_qs(urlsplit(str(Address("/ngo/", q, {"town": codes}, None, page))).query)
    assert found.get("q", [""])[0] == q
    assert found.get("town", []) == codes
