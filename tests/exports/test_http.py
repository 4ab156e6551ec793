"""What HTTP offers of exported files: validators, compression, other sites, one record, of=…"""

import gzip
import json
import time

import pysolr
import pytest
from bs4 import BeautifulSoup
from ckan.tests import helpers

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import formats
from tests.cooperation.records import ago, ahead, create, site_user, update

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def again(app, address, answer, **headers):
    """Ask once more, as a client that kept the first answer."""
    given = headers or {"If-None-Match": answer.headers["ETag"]}
    return app.get(address, headers=given).status_code


@pytest.mark.parametrize("suffix", formats.FORMATS)
def test_a_client_that_has_the_file_is_told_so(app, suffix, solr_budget, sql_budget):
    wanted = formats.FORMATS[suffix]
    name = next(n for n in ("event", "grant") if wanted.fits(record_types.get(n)))
    create(name, archive="true")
    query = "state=all" if record_types.get(name).states else "sort=newest"
    address = f"/{name}.{suffix}?{query}"
    answer = app.get(address)
    assert answer.headers["ETag"].startswith('W/"')
    assert answer.headers["Last-Modified"].endswith("GMT")
    with solr_budget(2), sql_budget(3):
        assert again(app, address, answer) == 304
    last = answer.headers["Last-Modified"]
    assert again(app, address, answer, **{"If-Modified-Since": last}) == 304
    other = f"{address}&q=nic"
    # 360Giving has no files of nothing.
    assert again(app, other, answer) == (404 if wanted.leaves_out else 200)


def test_every_change_is_seen(app, ngo_factory):
    """Of the records, of what they point at, what is deleted or hidden, another language."""
    ngo = ngo_factory()
    grant, other = create("grant", recipient=ngo["id"]), create("grant")
    user = {"ignore_auth": True, "user": site_user()}
    changes = [
        lambda: create("grant"),
        lambda: update(grant, notes="inaczej"),
        lambda: update(ngo, title="Nowa nazwa"),
        lambda: helpers.call_action("package_delete", user, id=other["id"]),
        lambda: update(grant, private=True),
    ]
    for change in changes:
        answer = app.get("/grant.json")
        assert again(app, "/grant.json", answer) == 304
        change()
        assert again(app, "/grant.json", answer) == 200
    # An organisation does not depend on grants.
    answer = app.get("/ngo.json")
    create("grant")
    assert again(app, "/ngo.json", answer) == 304
    assert again(app, "/en/ngo.json", answer) == 200


def test_a_state_that_begins_by_the_clock_is_a_change(app, monkeypatch):
    create("call-for-offers", open_date=ago(days=9), offers_deadline_date=ahead(days=9))
    answer = app.get("/call-for-offers.json")
    assert again(app, "/call-for-offers.json", answer) == 304
    later = str(int((time.time() + 10 * 24 * 3600) * 1000))
    search = pysolr.Solr.search

    def ten_days_on(self, q, **parameters):
        return search(self, q, **{**parameters, "NOW": later})

    monkeypatch.setattr(pysolr.Solr, "search", ten_days_on)
    assert again(app, "/call-for-offers.json", answer) == 200


def test_gzip_where_it_is_accepted(app, ngo_factory):
    ngo_factory()
    plain = app.get("/ngo.csv")
    packed = app.get("/ngo.csv", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.is_streamed
    rows = gzip.decompress(packed.data).decode("utf-8-sig").splitlines()
    assert rows[0] == plain.data.decode("utf-8-sig").splitlines()[0]
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
    workbook = app.get("/ngo.xlsx", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in workbook.headers


def test_head_reads_no_records(app, ngo_factory, solr_budget):
    ngo_factory()
    client = app.test_client()
    client.head("/ngo.xlsx")
    with solr_budget(1):
        answer = client.head("/ngo.xlsx")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["X-Total-Count"] == "1"
    assert answer.headers["ETag"]


def test_scripts_of_other_sites_may_ask_with_conditions(app):
    answer = app.options("/ngo.json", headers={"Origin": "https://example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert "ETag" in app.get("/ngo.json").headers["Access-Control-Expose-Headers"]
    refused = app.get("/ngo.json?sfera=1", status=400)
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


def test_one_record(app, ngo_factory):
    ngo = ngo_factory(title="Klub")
    grant = create("grant", recipient=ngo["id"])
    address = f"/grant/{grant['name']}.json"
    answer = app.get(address)
    (row,) = json.loads(answer.data)["records"]
    assert (row["id"], row["recipient_title"]) == (grant["id"], "Klub")
    assert again(app, address, answer) == 304
    place = create("premises")
    features = json.loads(app.get(f"/premises/{place['name']}.geojson").data)["features"]
    assert features[0]["geometry"]["coordinates"] == [16.57, 51.84]
    app.get(f"/ngo/{grant['name']}.json", status=404)
    app.get("/ngo/nie-ma.json", status=404)
    private = create("grant", private=True)
    app.get(f"/grant/{private['name']}.json", status=404)


def test_what_the_records_found_point_at(app, ngo_factory):
    one, two, three = (ngo_factory(title=t) for t in ("Żuraw", "Ćma", "Łoś"))
    hidden = ngo_factory(title="Tajna")
    for ngo, title in ((one, "Obóz sportowy"), (two, "Obóz"), (hidden, "Obóz")):
        create("grant", recipient=ngo["id"], title=title, year="2026")
    create("grant", recipient=one["id"], title="Zlot filatelistów", year="2026")
    create("grant", recipient=three["id"], title="Koncert", year="2025", granted_date="2025-03-03")
    update(hidden, private=True, owner_org=create("grant")["owner_org"])

    def found(query):
        file = json.loads(app.get(f"/grant.json?of=recipient{query}").data)
        assert file["type"] == "ngo"
        assert file["query"]["of"] == "recipient"
        return [row["title"] for row in file["records"]]

    assert found("") == ["Ćma", "Łoś", "Żuraw"]
    assert found("&q=obóz") == ["Ćma", "Żuraw"]
    assert found("&year=2025") == ["Łoś"]
    assert found("&q=obóz&year=2025&sort=amount") == []
    assert found(f"&recipient={one['id']}") == ["Żuraw"]
    answer = app.get("/grant.csv?of=recipient&q=filatelistów")
    assert answer.headers["X-Total-Count"] == "1"
    assert 'filename="ngo-' in answer.headers["Content-Disposition"]
    app.get("/grant.csv?of=title", status=400)
    assert app.get("/partnership.csv?of=parties_ngo").headers["X-Total-Count"] == "0"


def test_what_is_behind_comes_in_its_own_formats_and_is_described(app):
    """A calendar of organisations is none; columns are those of what is in the file."""
    create("grant", title="Turniej")
    app.get("/grant.ics?of=recipient", status=400)
    assert "of" in app.get("/ngo.csv?of=x", status=400).get_data(as_text=True)
    described = json.loads(app.get("/grant.datapackage.json?of=recipient").get_data())
    (resource,) = described["resources"]
    path = resource["path"].removeprefix("http://test.ckan.net")
    header = app.get(path).get_data().decode("utf-8-sig").splitlines()[0]
    assert header.split(",") == [field["name"] for field in resource["schema"]["fields"]]


def test_every_link_can_be_followed(app):
    for record_type in record_types.all_types():
        for link in record_type.links:
            app.get(f"/{record_type.name}.csv?of={link.name}", status=200)


def test_the_page_offers_what_its_results_point_at(app, ngo_factory):
    one, other = ngo_factory(title="Klub"), ngo_factory(title="Chór")
    create("grant", recipient=one["id"], title="Obóz")
    create("grant", recipient=other["id"], title="Koncert")
    page = BeautifulSoup(app.get("/grant/?q=obóz").data, "html.parser")
    link = page.select_one('.ln-downloads a[href*=".csv"][href*="of=recipient"]')
    assert "Organizacje, które dostały te dotacje" in link.parent.text
    text = app.get(link["href"]).data.decode()
    assert "Klub" in text
    assert "Chór" not in text


@pytest.mark.parametrize("suffix", formats.FORMATS)
def test_a_host_that_the_client_made_up_is_nowhere(app, suffix):
    wanted = formats.FORMATS[suffix]
    name = next(n for n in ("event", "grant") if wanted.fits(record_types.get(n)))
    create(name, archive="true")
    address = f"/{name}.{suffix}?sort=newest"
    made_up = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    answer = app.get(address, headers=made_up, status=200)
    assert b"evil" not in answer.get_data()
    assert "evil" not in str(answer.headers)
    # The mark in caches is the same whatever the host, so that nobody fills them.
    assert answer.headers["ETag"] == app.get(address).headers["ETag"]


@pytest.mark.parametrize(
    "address",
    ["/program.json", "/program.csv", "/mapa.geojson", "/szukaj.atom", "/en/ngo.json?q=x"],
)
def test_nor_in_files_across_types(app, ngo_factory, address):
    ngo_factory(latitude="51.8403", longitude="16.5749")
    answer = app.get(address, headers={"Host": "evil.example"}, status=200)
    assert b"evil" not in answer.get_data()


def test_the_address_of_a_file_has_its_language_and_its_query(app, ngo_factory):
    ngo_factory()
    found = json.loads(app.get("/en/ngo.json?q=&sort=newest").get_data())
    assert found["source"]["url"] == "http://test.ckan.net/en/ngo.json?q=&sort=newest"
