"""Templates of CKAN and its extensions in whose place stands one of ours.

A template that extends another (``ckan_extends``) goes on with whatever upstream changes; one that
replaces another does not. So the digest of each original is kept, and a test says when it changes:
compare the two, carry over what is new, and write the digest that the test names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

#: Packages whose templates ours may stand before.
_PACKAGES = (
    "ckan",
    "ckanext.activity",
    "ckanext.audioview",
    "ckanext.datatablesview",
    "ckanext.harvest",
    "ckanext.imageview",
    "ckanext.scheming",
    "ckanext.tracking",
    "ckanext.videoview",
    "ckanext.webpageview",
)
_SUFFIXES = {".html", ".txt"}
_OURS = Path(__file__).resolve().parent.parent / "templates"
#: Texts to file of faults for which an original is replaced.
UPSTREAM = ("upstream.md#ckan-templates-with-scripts-and-styles-in-them",)

#: Package and template → digest of the original.
REPLACED: dict[str, str] = {
    "ckan emails/invite_user.txt": "705ca27d593c",
    "ckan emails/invite_user_subject.txt": "c85a4f06d154",
    "ckan emails/reset_password.txt": "172f437ce718",
    "ckan emails/reset_password_subject.txt": "86d5dfc755df",
    "ckan footer.html": "0e4e8eb4bcf3",
    "ckan header.html": "59119b878acc",
    "ckan home/index.html": "2fc1b7cf8c4e",
    "ckan home/snippets/about_text.html": "5855c93e2c3b",
    "ckan package/snippets/resource_upload_field.html": "80e36399332b",
    "ckan snippets/home_breadcrumb_item.html": "d8ecfe72c2a0",
    "ckan snippets/language_selector.html": "dfc10d5e4ebc",
    "ckan user/snippets/api_token_create_form.html": "be0613f918bf",
    "ckan user/snippets/api_token_list.html": "f2c17fd0aa35",
    "ckan user/snippets/login_form.html": "09d7217f1099",
    "ckan user/snippets/recaptcha.html": "014cfbf24c15",
    "ckanext.activity header.html": "f4e72e6583c9",
    "ckanext.activity snippets/activity_type_selector.html": "2fe4e7f0a337",
    "ckanext.activity snippets/pagination.html": "f42ff313cc24",
    "ckanext.activity user/snippets/followee_dropdown.html": "f2c1a1691fc5",
    "ckanext.audioview audio_view.html": "82b105eb0805",
    "ckanext.datatablesview datatables/datatables_form.html": "f1ef21832115",
    "ckanext.datatablesview datatables/datatables_view.html": "f01df3cb0c91",
    "ckanext.harvest source/new_source_form.html": "86cb5b61a0a6",
    "ckanext.imageview image_view.html": "e624b21e565b",
    "ckanext.scheming scheming/form_snippets/multiple_checkbox.html": "09063f889939",
    "ckanext.scheming scheming/form_snippets/multiple_select.html": "4903ef90d878",
    "ckanext.scheming scheming/form_snippets/multiple_text.html": "d6d1b73c4226",
    "ckanext.scheming scheming/form_snippets/repeating_subfields.html": "e429eee13659",
    "ckanext.tracking snippets/popular.html": "0f476c40a680",
    "ckanext.videoview video_view.html": "3f8c337492c6",
    "ckanext.webpageview webpage_view.html": "490dc899b8e8",
}


def now() -> dict[str, str]:
    """Return what is replaced, as in :data:`REPLACED`, by what is installed."""
    return dict(sorted(_replaced()))


def _replaced() -> Iterator[tuple[str, str]]:
    replacing = [
        file.relative_to(_OURS)
        for file in _OURS.rglob("*.*")
        if file.suffix in _SUFFIXES and "ckan_extends" not in file.read_text(encoding="utf-8")
    ]
    for package in _PACKAGES:
        spec = find_spec(package)
        if spec is None or not spec.origin:
            continue
        folders = [path for path in Path(spec.origin).parent.rglob("templates") if path.is_dir()]
        for name in replacing:
            for original in (folder / name for folder in folders):
                if original.is_file():
                    digest = hashlib.sha256(original.read_bytes()).hexdigest()[:12]
                    yield f"{package} {name.as_posix()}", digest
