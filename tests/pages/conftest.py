"""People who open pages, and pages read as they read them."""

import pytest
from bs4 import BeautifulSoup


@pytest.fixture
def department(clean_catalogue):
    """A department whose editor keeps entries."""
    from ckan.tests import factories

    editor = factories.UserWithToken(fullname="Redaktor Katalogu")
    unit = factories.Organization(
        title="Biuro Pełnomocnika", users=[{"name": editor["name"], "capacity": "admin"}]
    )
    return {"id": unit["id"], "name": unit["name"], "editor": editor}


@pytest.fixture
def as_editor(department):
    """Headers with which a request is the editor's."""
    return {"Authorization": department["editor"]["token"]}


@pytest.fixture
def page(app):
    """``page("/ngo/")`` opens a page and returns it parsed; ``status`` is expected."""

    def open_page(address, status=200, **options):
        response = app.get(address, status=status, **options)
        return BeautifulSoup(response.get_data(as_text=True), "html.parser")

    return open_page


@pytest.fixture
def said():
    """``said(element)`` is its text with single spaces, ``None`` for no element."""
    return lambda element: element and " ".join(element.get_text(" ").split())
