"""The same people and pages as in the tests of pages."""

from tests.pages.conftest import as_editor, department, page, said  # noqa: F401  (fixtures)
