"""Files that people send: which are taken, on every road, and how they are handed out."""

import io
import itertools
import mimetypes

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

from ckanext.leszno_ngo.logic import uploads
from tests.content import files
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def call_action(action, /, **given):
    """Call an action as the portal's own account."""
    site_user = helpers.call_action("get_site_user")["name"]
    return helpers.call_action(action, {"user": site_user}, **given)


def sent(name, content):
    type_ = mimetypes.guess_type(name)[0]
    return FileStorage(io.BytesIO(content), name, content_type=type_)


@pytest.fixture(autouse=True)
def _storage(tmp_path, monkeypatch):
    monkeypatch.setattr("ckan.lib.uploader.get_storage_path", lambda: str(tmp_path))


@pytest.fixture
def record():
    return records.create("event")


def test_good_files_are_taken(record):
    for name, content in files.GOOD.items():
        call_action(
            "resource_create", package_id=record["id"], name=name, upload=sent(name, content)
        )
    assert len(call_action("package_show", id=record["id"])["resources"]) == len(files.GOOD)


def test_programs_scripts_and_what_is_not_as_named_are_refused(record):
    for name, content in files.BAD.items():
        with pytest.raises(tk.ValidationError) as refused:
            call_action(
                "resource_create", package_id=record["id"], name=name, upload=sent(name, content)
            )
        assert list(refused.value.error_dict) == ["upload"], name
    assert call_action("package_show", id=record["id"])["resources"] == []


def roads(record, resource):
    """Every action by which the file of a resource comes in (``package_create`` takes none)."""
    new = {"name": "Regulamin", "upload": sent("wirus.exe", files.EXE)}
    yield "resource_create", {"package_id": record["id"], **new}
    yield "resource_update", {"id": resource["id"], **new}
    yield "resource_patch", {"id": resource["id"], **new}
    yield "package_patch", {"id": record["id"], "resources": [resource, new]}
    yield "package_update", {**record, "resources": [resource, new]}
    file = sent("wirus.exe", files.EXE)
    yield "package_revise", {"match__id": record["id"], "update__resources__0__upload": file}


def test_no_road_takes_a_program(record):
    resource = call_action(
        "resource_create",
        package_id=record["id"],
        name="Regulamin",
        upload=sent("a.pdf", files.PDF),
    )
    record = call_action("package_show", id=record["id"])
    for action, given in roads(record, resource):
        with pytest.raises(tk.ValidationError):
            call_action(action, **given)
    (kept,) = call_action("package_show", id=record["id"])["resources"]
    assert kept["url"].endswith("/a.pdf")


def test_the_member_is_named_in_polish(app, record):
    sysadmin = {"Authorization": factories.SysadminWithToken()["token"]}
    archive = files.zipped(**{"dane/raport.pdf.exe": files.EXE})
    answer = app.post(
        f"/pl/event/documents/{record['name']}",
        headers=sysadmin,
        data={"name": "Regulamin", "upload": (io.BytesIO(archive), "regulamin.zip")},
    )
    assert "W pliku: dane/raport.pdf.exe. To jest program lub skrypt" in answer.body


@pytest.mark.parametrize("kind", ["7z", "rar"])
def test_an_archive_that_cannot_be_looked_into_is_refused_though_it_is_listed(
    record, monkeypatch, kind
):
    monkeypatch.setitem(tk.config, "ckanext.leszno_ngo.uploads.types", [kind])
    with pytest.raises(tk.ValidationError, match="ZIP"):
        call_action(
            "resource_create", package_id=record["id"], name="a", upload=sent(f"a.{kind}", b"x")
        )


def test_a_file_without_a_record_is_checked_too():
    for upload in (sent("wirus.exe", files.EXE), sent("a.zip", files.BAD["archiwum.zip"])):
        with pytest.raises(tk.ValidationError):
            call_action("file_create", upload=upload)


def test_the_right_is_asked_for_before_a_file_is_looked_into(monkeypatch):
    monkeypatch.setattr(uploads, "check_file", lambda _given: pytest.fail("looked into"))
    visitor = {"user": "", "ignore_auth": False}
    with pytest.raises(tk.NotAuthorized):
        helpers.call_action("file_create", visitor, upload=sent("a.txt", b"a"))


NO_PICTURES = {
    "wirus.exe": files.EXE,
    "wirus.png": files.EXE,
    "dokument.pdf": files.PDF,
    "logo.svg": files.SVG,
    "strona.png": files.PAGE,
}


@pytest.mark.parametrize("kind", ["organization", "group"])
def test_pictures_are_pictures(kind):
    there = call_action(f"{kind}_create", name="wydzial")
    actions = (
        (f"{kind}_create", {"name": "nowy"}),
        (f"{kind}_update", {"id": there["id"], "name": "wydzial"}),
        (f"{kind}_patch", {"id": there["id"]}),
    )
    for (action, given), (name, content) in itertools.product(actions, NO_PICTURES.items()):
        with pytest.raises(tk.ValidationError) as refused:
            call_action(action, **given, image_upload=sent(name, content))
        assert list(refused.value.error_dict) == ["image_upload"], (action, name)
    patched = call_action(f"{kind}_patch", id=there["id"], image_upload=sent("herb.png", files.PNG))
    assert patched["image_url"].endswith("herb.png")


def test_a_picture_of_an_account_is_a_picture():
    user = factories.User()
    whole = {name: user[name] for name in ("id", "name", "email")}
    for name, content in NO_PICTURES.items():
        for action, given in (("user_patch", {"id": user["id"]}), ("user_update", whole)):
            with pytest.raises(tk.ValidationError) as refused:
                call_action(action, **given, image_upload=sent(name, content))
            assert list(refused.value.error_dict) == ["image_upload"], (action, name)
    call_action("user_patch", id=user["id"], image_upload=sent("ja.png", files.PNG))


def test_the_logo_of_the_portal_is_a_picture():
    for name, content in NO_PICTURES.items():
        with pytest.raises(tk.ValidationError) as refused:
            call_action("config_option_update", logo_upload=sent(name, content))
        assert list(refused.value.error_dict) == ["logo_upload"], name


@pytest.fixture
def _one_megabyte(monkeypatch):
    monkeypatch.setitem(tk.config, "ckan.max_resource_size", 1)
    monkeypatch.setitem(tk.config, "ckan.max_image_size", 1)


@pytest.mark.usefixtures("_one_megabyte")
def test_what_is_too_large_is_said_with_the_limit(app, record):
    sysadmin = {"Authorization": factories.SysadminWithToken()["token"]}
    large = bytes(1024 * 1024 + 1)
    answer = app.post(
        f"/pl/event/documents/{record['name']}",
        headers=sysadmin,
        data={"name": "Regulamin", "upload": (io.BytesIO(files.PDF + large), "a.pdf")},
    )
    assert "większy niż 1 MB" in answer.body
    with pytest.raises(tk.ValidationError, match="1 MB"):
        call_action(
            "organization_create", name="wydzial", image_upload=sent("a.png", files.PNG + large)
        )


@pytest.mark.usefixtures("_one_megabyte")
def test_a_request_far_beyond_the_limit_is_not_read(app, record):
    sysadmin = {"Authorization": factories.SysadminWithToken()["token"]}
    address = f"/pl/event/documents/{record['name']}"
    data = {"name": "Regulamin", "upload": (io.BytesIO(bytes(4 * 1024 * 1024)), "a.pdf")}
    answer = app.post(address, headers=sysadmin, data=data, status=413)
    assert "większy niż 1 MB" in answer.body


def test_one_option_lists_what_is_taken(record, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.leszno_ngo.uploads.types", ["pdf"])
    with pytest.raises(tk.ValidationError, match=r"dane\.csv"):
        call_action(
            "resource_create", package_id=record["id"], name="Dane", upload=sent("dane.csv", b"a;b")
        )


def assert_handed_out_safely(answer, name):
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert name in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_file_is_never_shown_on_our_origin(app, record):
    resource = call_action(
        "resource_create",
        package_id=record["id"],
        name="Logo",
        upload=sent("logo.svg", files.SVG),
        mimetype="text/html",
    )
    assert_handed_out_safely(app.get(resource["url"]), "logo.svg")
    part = app.get(resource["url"], headers={"Range": "bytes=0-3"})
    assert_handed_out_safely(part, "logo.svg")
    address = resource["url"].replace("logo.svg", "wirus.exe")
    assert_handed_out_safely(app.get(address), "wirus.exe.bin")


def test_a_picture_is_never_a_page(app, tmp_path, monkeypatch):
    """What lies in the folder of pictures, whatever it is."""
    folder = tmp_path / "storage"
    (folder / "uploads" / "group").mkdir(parents=True)
    (folder / "uploads" / "group" / "a.svg").write_bytes(files.SVG)
    flask_app = app.app._wsgi_app if hasattr(app.app, "_wsgi_app") else app.flask_app
    monkeypatch.setattr(flask_app, "static_folder", [*flask_app.static_folder, str(folder)])
    assert_handed_out_safely(app.get("/uploads/group/a.svg"), "a.svg")


@pytest.mark.parametrize(
    ("asked", "plain", "whole"),
    [
        ("żółw.csv", "zow.csv", "%C5%BC%C3%B3%C5%82w.csv"),
        ("😀.csv", ".csv", "%F0%9F%98%80.csv"),
        ("a\u202evsc.html", "avsc.html.bin", None),
        ("%ff.csv", "plik.csv", None),
        (".csv", "plik.csv", None),
    ],
)
def test_a_name_in_an_address_never_breaks_the_answer(app, record, asked, plain, whole):
    file = call_action(
        "resource_create", package_id=record["id"], upload=sent("a.csv", b"a\n1\n"), url="a.csv"
    )
    address = f"/dataset/{record['id']}/resource/{file['id']}/download/{asked}"
    said = app.get(address, status=200).headers["Content-Disposition"]
    said.encode("latin-1")
    app.get(address + "%0a", status=404)
    assert f"filename={plain}" in said.replace('"', "")
    assert (f"filename*=UTF-8''{whole}" in said) if whole else ("filename*" not in said)
