"""dane.gov.pl: a test plays its CKAN importer and its reader of suppliers' files."""

import hashlib
import json
import re
import uuid
from unittest import mock
from urllib.parse import urlsplit

import pytest
import xmlschema
from ckan import model
from ckan.tests import factories, helpers
from lxml import etree

from ckanext.leszno_ngo import config
from ckanext.leszno_ngo.features.dane_gov_pl import datasets as dane_gov_pl
from tests.cooperation import records
from tests.registers import shown
from tests.shared_data import shared

pytestmark = pytest.mark.usefixtures("clean_catalogue")

SITE = "https://ngo.leszno.pl"
LIST = "/api/leszno-ngo/dane-gov-pl.json"
XML = "/api/leszno-ngo/dane-gov-pl.xml"
#: The importer's whitelist of `license_id`.
WHITELIST = {"cc-zero", "cc-by", "cc-by-sa", "cc-nc"}


class Importer:
    """What dane.gov.pl does with the address of a CKAN source (domain notes, 4.2)."""

    def __init__(self, app):
        self._app = app
        self.datasets = {}
        self.resources = {}

    def run(self):
        """One import: everything listed is kept, everything else of the source is deleted."""
        answer = self._app.get(LIST)
        if answer.status_code != 200:
            return "error"
        assert answer.content_type.split(";")[0] == "application/json"
        result = json.loads(answer.get_data())["result"]
        items = result["results"] if isinstance(result, dict) else result
        loaded = [self._loaded(item) for item in items]  # one malformed item fails the import
        accepted = [item for item in loaded if item["license_id"] in WHITELIST]
        self.datasets = {item["id"]: item for item in accepted}
        self.resources = {r["id"]: r for item in accepted for r in item["resources"]}
        return "ok" if len(accepted) == len(items) else "partial"

    def _loaded(self, item):
        assert 1 <= len(item["id"]) <= 36
        assert item["title"] == item["title"].strip() != ""
        assert isinstance(item["notes"], str)
        for moment in ("metadata_created", "metadata_modified"):
            assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", item[moment])
        organisation = item["organization"]
        assert organisation["title"]
        uuid.UUID(organisation["id"])
        for tag in item["tags"]:
            uuid.UUID(tag["id"])
            assert tag["name"]
        for resource in item["resources"]:
            assert urlsplit(resource["url"]).scheme == "https"
            assert resource["created"]
            assert resource["last_modified"]
            assert resource["format"]
        return item


@pytest.fixture
def secure(app, ckan_config):
    # After the application is made: it reads the address from the environment anew.
    with mock.patch.dict(ckan_config, {"ckan.site_url": SITE}):
        yield


@pytest.fixture
def offered(publish, grant, secure):
    """Two registers that are offered."""
    for number in range(12):
        grant(title=f"Dotacja {number} " + "na zadanie " * 9)
    publish()
    records.create("event", title="Festyn " + "dla wszystkich " * 60)
    publish("event")


@pytest.fixture
def importer(app):
    return Importer(app)


def test_the_importer_takes_every_register(offered, importer):
    assert importer.run() == "ok"
    names = {item["name"] for item in importer.datasets.values()}
    assert names == {shown.NAME, "wydarzenia"}
    assert {"CSV", "JSON"} <= {one["format"] for one in importer.resources.values()}
    keys = {key for item in importer.datasets.values() for key in item}
    assert not keys & {"extras", "groups", "url", "version", "author", "maintainer", "type"}


def test_a_second_run_sees_the_same_ids_and_the_new_content(offered, importer, grant, publish):
    importer.run()
    ids, resources = set(importer.datasets), set(importer.resources)
    grant(title="Nowa")
    publish()
    assert importer.run() == "ok"
    assert set(importer.datasets) == ids
    assert set(importer.resources) == resources


def test_one_page_holds_everything_that_is_public(offered, importer, app):
    body = json.loads(app.get(LIST).get_data())
    assert body["success"] is True
    assert body["result"]["count"] == len(body["result"]["results"]) == 2


def test_datasets_that_are_no_registers_are_not_listed(offered, importer):
    factories.Dataset(license_id="notspecified")
    assert importer.run() == "ok"
    assert len(importer.datasets) == 2


def test_files_of_less_than_a_kibibyte_are_not_offered(publish, importer, secure):
    records.create("guide", title="Poradnik")
    publish("guide")
    sizes = {
        one["id"]: one["size"]
        for one in shown.resources("pomoc-dla-organizacji-pozarzadowych").values()
        if one["size"]
    }
    small = {id_ for id_, size in sizes.items() if size < 1024}
    assert importer.run() == "ok"
    assert len(importer.datasets) == 1
    assert set(importer.resources) == set(sizes) - small


def failed(app, importer):
    """Both addresses answer with an error, and the importer keeps what it has."""
    before = dict(importer.datasets)
    assert importer.run() == "error"
    assert importer.datasets == before
    answers = [app.get(address, status=503) for address in (LIST, XML, f"{XML}.md5")]
    assert {answer.headers["Retry-After"] for answer in answers} == {"3600"}
    return json.loads(answers[0].get_data())["error"]


def test_an_empty_list_is_an_error(importer, app, secure):
    assert "Nie opublikowano" in failed(app, importer)


def test_a_portal_without_https_offers_nothing_and_says_why(offered, importer, app, ckan_config):
    importer.run()
    with mock.patch.dict(ckan_config, {"ckan.site_url": "http://ngo.leszno.pl"}):
        assert "https" in failed(app, importer)


def test_a_dataset_of_another_licence_keeps_the_list_back(offered, importer, app):
    importer.run()
    context = {"ignore_auth": True, "user": records.site_user()}
    helpers.call_action("package_patch", context, id=shown.NAME, license_id="notspecified")
    assert shown.NAME in failed(app, importer)


def test_the_list_does_not_depend_on_the_index(offered, importer):
    from ckan.lib.search import clear_all

    clear_all()
    assert importer.run() == "ok"
    assert len(importer.datasets) == 2


def test_a_broken_database_gives_no_list(offered, importer):
    importer.run()
    before = dict(importer.datasets)
    broken = mock.patch(
        "ckanext.leszno_ngo.features.dane_gov_pl.views.identity.published",
        side_effect=dane_gov_pl.NotOfferedError("nothing"),
    )
    with broken:
        assert importer.run() == "error"
    assert importer.datasets == before


def test_few_questions_are_asked(offered, app, sql_budget, solr_budget):
    app.get(LIST)
    with sql_budget(60), solr_budget(0):
        app.get(LIST)


# ------------------------------------------------------------------ the supplier's file
ADDED_SINCE = ("hasHighValueDataFromEuropeanCommissionList", "containsProtectedData")


def as_before(body):
    """The file as a supplier of version 1.10 would write it."""
    root = etree.fromstring(body)
    assert etree.QName(root).namespace == "urn:otwarte-dane:harvester:1.13"
    for name in ADDED_SINCE:
        for element in list(root.iter(f"{{*}}{name}")):
            assert element.text == "false"
            element.getparent().remove(element)
    return etree.tostring(root).replace(b"harvester:1.13", b"harvester:1.10")


def test_the_suppliers_file_is_valid(offered, app):
    answer = app.get(XML, status=200)
    assert answer.content_type.split(";")[0] == "application/xml"
    schema = xmlschema.XMLSchema(str(shared("dane-gov-pl/xml_import_otwarte_dane_1_10.xsd")))
    schema.validate(as_before(answer.get_data()).decode())


@pytest.mark.parametrize("name", ["title", "extIdent", "description"])
def test_the_schema_finds_what_is_missing(offered, app, name):
    root = etree.fromstring(as_before(app.get(XML).get_data()))
    element = next(root.iter(f"{{*}}{name}"))
    element.getparent().remove(element)
    schema = xmlschema.XMLSchema(str(shared("dane-gov-pl/xml_import_otwarte_dane_1_10.xsd")))
    assert not schema.is_valid(etree.tostring(root).decode())


@pytest.mark.parametrize("licence", ["cc-by", "cc-zero"])
def test_what_the_suppliers_file_says(offered, app, ckan_config, publish, licence):
    with mock.patch.dict(ckan_config, {"ckanext.leszno_ngo.licence": licence}):
        publish()
        publish("event")
        root = etree.fromstring(app.get(XML).get_data())
    schema = xmlschema.XMLSchema(str(shared("dane-gov-pl/xml_import_otwarte_dane_1_10.xsd")))
    schema.validate(as_before(etree.tostring(root)).decode())
    ns = {"d": "urn:otwarte-dane:harvester:1.13"}

    def said(path):
        return root.xpath(f"//d:dataset[d:title/d:polish='Dotacje']/{path}", namespaces=ns)

    assert [e.text for e in said("d:title/d:english")] == ["Grants"]
    assert [e.text for e in said("d:categories/d:category")] == ["ECON", "GOVE", "REGI"]
    assert [e.text for e in said("d:updateFrequency")] == ["daily"]
    assert {e.text for e in said(".//d:terytIdent")} == {config.municipality().teryt}
    assert all(e.text.startswith("https://") for e in said(".//d:resource/d:url"))
    chosen = [e.text for e in said(".//d:dbOrCopyrightedLicenseChosen")]
    assert chosen == ([] if licence == "cc-zero" else ["CC BY 4.0"])
    assert len(said("d:tags/d:tag[@lang='pl']")) > 3


@pytest.mark.parametrize("address", [f"{XML}.md5", XML.replace(".xml", ".md5")])
def test_the_checksum_is_of_the_file(offered, app, address):
    said = re.search(r"[0-9a-f]{32}", app.get(address, status=200).get_data(as_text=True))
    body = app.get(XML).get_data()
    assert said.group() == hashlib.md5(body).hexdigest()


def test_head_is_answered(offered, app):
    for address in (LIST, XML, f"{XML}.md5"):
        answer = app.flask_app.test_client().head(address)
        assert answer.status_code == 200
        assert not answer.get_data()
        assert int(answer.headers["Content-Length"]) > 0


def test_hostile_texts_do_not_break_the_file(offered, app):
    context = {"ignore_auth": True, "user": records.site_user()}
    hostile = "<b>&\x0b" + "ą" * 2000
    helpers.call_action("package_patch", context, id=shown.NAME, notes=hostile, title="]]> & „x”")
    schema = xmlschema.XMLSchema(str(shared("dane-gov-pl/xml_import_otwarte_dane_1_10.xsd")))
    schema.validate(as_before(app.get(XML).get_data()).decode())
    assert model.Package.get(shown.NAME).title == "]]> & „x”"
