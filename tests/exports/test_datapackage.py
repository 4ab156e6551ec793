"""The data package of every type: valid, and true of the CSV as it is sent."""

import json
from urllib.parse import urlsplit

import pytest
from frictionless import Package, system

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import rows
from tests.exports.test_matrix import TYPES, catalogue  # noqa: F401  (a fixture)


@pytest.fixture(params=TYPES)
def name(request):
    return request.param


def fetched(app, package, folder):
    """The package with its files beside it, as somebody has it who downloaded everything."""
    for resource in package["resources"]:
        address = urlsplit(resource["path"])
        assert address.netloc == "test.ckan.net"
        body = app.get(f"{address.path}?{address.query}").data
        (folder / f"{resource['name']}.csv").write_bytes(body)
        resource["path"] = f"{resource['name']}.csv"
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return folder / "datapackage.json"


def errors(path):
    with system.use_context(trusted=True):
        report = Package(str(path)).validate()
    return report.flatten(["name", "rowNumber", "fieldName", "type", "note"])


def test_the_file_is_what_the_package_says(app, catalogue, name, tmp_path):  # noqa: F811
    package = json.loads(app.get(f"/{name}.datapackage.json").data)
    assert package["resources"][0]["name"] == name
    assert errors(fetched(app, package, tmp_path)) == []


def test_what_is_wrong_would_be_seen(app, catalogue, tmp_path):  # noqa: F811
    """A code of no vocabulary, a link to nothing and no title are errors."""
    package = json.loads(app.get("/grant.datapackage.json").data)
    path = fetched(app, package, tmp_path)
    file = tmp_path / "grant.csv"
    text = file.read_text(encoding="utf-8")
    heading = text.splitlines()[0].lstrip("\ufeff").split(",")
    cells = dict.fromkeys(heading, "")
    cells |= {"id": "x", "mode": "nonsense", "recipient": "nobody", "granted_amount": "dużo"}
    file.write_text(f"{text}{','.join(cells.values())}\r\n", encoding="utf-8")
    found = {(error[2], error[3]) for error in errors(path)}
    assert ("mode", "constraint-error") in found
    assert ("granted_amount", "type-error") in found
    assert ("title", "constraint-error") in found
    assert any(kind == "foreign-key" for _field, kind in found)


def test_foreign_keys_and_codes_are_those_of_the_schema(app, catalogue):  # noqa: F811
    package = json.loads(app.get("/grant.datapackage.json?year=2026&lang=en").data)
    grant = package["resources"][0]
    assert "year=2026" in grant["path"]
    fields = {field["name"]: field for field in grant["schema"]["fields"]}
    assert fields["mode"]["title"] == "Mode"
    assert "open_call" in fields["mode"]["constraints"]["enum"]
    keys = {k["fields"]: k["reference"]["resource"] for k in grant["schema"]["foreignKeys"]}
    wanted = {"recipient": "ngo", "call": "call-for-offers", "regrant_of": ""}
    assert wanted.items() <= keys.items()
    assert set(keys.values()) - {""} <= {resource["name"] for resource in package["resources"]}
    columns = [column.name for column in rows.columns(record_types.get("grant"))]
    assert [*fields][: len(columns)] == columns
    app.get("/grant.datapackage.json?sfera=1", status=400)
