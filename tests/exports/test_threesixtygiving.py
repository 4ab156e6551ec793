"""360Giving: real output, validated by the standard's own schema and read back as a table."""

import csv
import io
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from ckanext.leszno_ngo import personal_data, vocabularies
from ckanext.leszno_ngo.cooperation.threesixtygiving import files, mapping
from ckanext.leszno_ngo.exports import about
from ckanext.leszno_ngo.exports.formats import NothingFitsError
from tests import identifiers
from tests.cooperation import loaded, records
from tests.shared_data import shared

ORG = {"krs": "0000030897", "town": "Leszno", "postal_code": "64-100", "teryt": "3063011"}


def schema(name):
    return json.loads((shared("360giving") / name).read_text(encoding="utf-8"))


def validator():
    """The package's schema, mended: it names another grant schema, and misspells its dialect."""
    package, grant = schema("360-giving-package-schema.json"), schema("360-giving-schema.json")
    for one in (package, grant):
        one["$schema"] = Draft202012Validator.META_SCHEMA["$id"]
    reference = package["properties"]["grants"]["items"]["$ref"]
    registry = Registry().with_resource(reference, DRAFT202012.create_resource(grant))
    return Draft202012Validator(package, registry=registry, format_checker=FormatChecker())


def faults(package):
    return [f"{e.json_path}: {e.message}" for e in validator().iter_errors(package)]


def codes(name):
    with (shared("360giving") / name).open(encoding="utf-8-sig") as file:
        return {row["Code"].strip('"') for row in csv.DictReader(file, skipinitialspace=True)}


def table(data):
    """Read a table as flatten-tool does: a heading is a path, a number in it a place in a list."""
    titles = by_title(files.HEADINGS)
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    return [unflattened(row, titles) for row in rows]


def by_title(headings):
    return {h.title: (name, h) for name, h in headings.items()}


def unflattened(row, titles):
    grant = {}
    for heading, value in row.items():
        if value:
            put(grant, heading.split(":"), value, titles)
    return grant


def put(into, path, value, titles):
    name, heading = titles[path[0]]
    rest = path[2:] if heading.is_list else path[1:]
    if heading.is_list:
        listed = into.setdefault(name, [])
        place = int(path[1])
        listed += [{} for _ in range(place + 1 - len(listed))]
        if not rest:
            listed[place] = value
            return
        put(listed[place], rest, value, by_title(heading.inner))
    elif rest:
        put(into.setdefault(name, {}), rest, value, by_title(heading.inner))
    else:
        into[name] = value


def as_cells(value):
    """What a grant is as a table has it: everything a text, a risky one with an apostrophe."""
    if isinstance(value, dict):
        return {name: as_cells(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_cells(inner) for inner in value]
    return files.text.safe_cell(value)


# --------------------------------------------------------------------------------- whole catalogue
@pytest.fixture
def filled(clean_catalogue, ngo_factory):
    ngo = ngo_factory(title="Klub Polonia", **ORG)
    other = ngo_factory(title="Koło Gospodyń", krs=None, nip=None)
    operator = ngo_factory(title="Centrum PISOP")
    call = records.create("call-for-offers", title="Sport 2026")
    made = {"ngo": ngo, "other": other, "operator": operator, "call": call}
    for number, status in enumerate(vocabularies.get("grant_status").codes):
        made[status] = records.create(
            "grant",
            title=f"Zadanie {status}",
            recipient=ngo["id"],
            call=call["id"],
            status=status,
            granted_date=f"{2020 + number}-03-0{number + 1}",
            task_start_date=f"{2020 + number}-04-01",
            task_end_date=f"{2020 + number}-10-31",
            asked_amount="20000",
            granted_amount="12500.50",
            settled_amount="12000",
            notes="Zajęcia dla dzieci.",
            spheres=["17", "15"],
            source_url="https://bip.leszno.pl/x?id=1",
        )
    given = {"mode": "regranting", "recipient": operator["id"], "granted_date": "2026-01-10"}
    made["regrant"] = records.create("grant", title="Operator", **given)
    made["passed on"] = records.create(
        "grant",
        **{**given, "recipient": other["id"]},
        title="Mikrogrant",
        regrant_of=made["regrant"]["id"],
    )
    made["outside"] = records.create(
        "grant", title="Z zewnątrz", mode="outside_funder", funder="Fundacja Obca"
    )
    parties = [
        {"ngo": ngo["id"], "organisation": "Klub Polonia", "sector": "ngo", "role": "leader"},
        {"ngo": other["id"], "organisation": "Koło", "sector": "ngo", "role": "partner"},
        {"organisation": "Miasto Leszno", "sector": "public", "role": "partner"},
    ]
    joint = records.create("partnership", title="Razem", kind="joint_offer", parties=parties)
    made["joint"] = records.create(
        "grant", title="Wspólne", recipient=ngo["id"], partnership=joint["id"]
    )
    made["person"] = records.create(
        "grant",
        title="Plac zabaw Jan Kowalski",
        recipient_name="Jan Kowalski",
        mode="local_initiative",
        notes="Wnioskodawca: Jan Kowalski, jan.kowalski@gmail.com",
    )
    records.create("grant", title="Bez daty", granted_date="")
    records.create("grant", title="Szkic", state="draft")
    records.create("grant", title="Tajna", private=True)
    return made


def package(app, query=""):
    answer = app.get(f"/grant.360giving.json{query}", status=200)
    assert answer.content_type == "application/json"
    return json.loads(answer.get_data())


def grants_of(found):
    return {g["title"]: g for g in found["grants"]}


def test_a_package_is_valid_and_says_whose_it_is(filled, app):
    found = package(app)
    assert faults(found) == []
    assert found["version"] == "1.4"
    assert found["publisher"]["identifier"] == "PL-REGON-000660995"
    assert found["license"].startswith("https://creativecommons.org/")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found["issued"])
    assert found["count"] == len(found["grants"]) == 11
    # Who withdrew, and one whose day nobody knows.
    assert found["leftOut"] == 2
    titles = set(grants_of(found))
    assert not titles & {"Zadanie resigned", "Bez daty", "Szkic", "Tajna"}


@pytest.mark.parametrize("name", ["currency", "awardDate", "fundingOrganization", "id"])
def test_the_schema_finds_what_is_missing(filled, app, name):
    found = package(app)
    del found["grants"][0][name]
    assert faults(found)
    assert faults({**found, "grants": []})


def test_what_a_grant_says(filled, app):
    grant = grants_of(package(app))["Zadanie settled"]
    assert grant["id"] == f"360G-leszno-{filled['settled']['id']}"
    assert (grant["amountAppliedFor"], grant["amountAwarded"]) == (20000, 12500.5)
    assert (grant["amountDisbursed"], grant["currency"]) == (12000, "PLN")
    assert grant["plannedDates"] == grant["actualDates"]
    assert grant["plannedDates"] == [{"startDate": "2024-04-01", "endDate": "2024-10-31"}]
    (recipient,) = grant["recipientOrganization"]
    assert (recipient["id"], recipient["name"]) == ("PL-KRS-0000030897", "Klub Polonia")
    assert grant["fundingOrganization"] == [{"id": "PL-REGON-000660995", "name": "Miasto Leszno"}]
    (programme,) = grant["grantProgramme"]
    assert (programme["code"], programme["title"]) == (filled["call"]["id"], "Sport 2026")
    assert programme["url"].endswith(f"/call-for-offers/{filled['call']['name']}")
    spheres = [c["code"] for c in grant["classifications"] if c["vocabulary"] == "PL-UODPP-4-1"]
    assert spheres == ["17", "15"] or sorted(spheres) == ["15", "17"]
    assert grant["beneficiaryLocation"][0]["geoCode"] == "3063011"
    assert grant["fromOpenCall"] == "Yes"
    assert grant["dataSource"] == "https://bip.leszno.pl/x?id=1"
    assert grant["dateModified"].endswith("Z")
    assert "actualDates" not in grants_of(package(app))["Zadanie in_progress"]


def test_the_city_in_other_letters_is_the_city(filled, app):
    records.update(filled["settled"], funder="MIASTO LESZNO")
    grant = grants_of(package(app))["Zadanie settled"]
    assert grant["fundingOrganization"] == [{"id": "PL-REGON-000660995", "name": "Miasto Leszno"}]


def test_regranting_joint_offers_and_other_funders(filled, app):
    found = grants_of(package(app))
    assert found["Operator"]["regrantType"] == "FRG010"
    passed_on = found["Mikrogrant"]
    assert "regrantType" not in passed_on
    assert passed_on["fundingOrganization"][0]["name"] == "Centrum PISOP"
    assert passed_on["fundingOrganization"][0]["id"].startswith("PL-KRS-")
    assert passed_on["relatedActivity"] == [found["Operator"]["id"]]
    assert passed_on["recipientOrganization"][0]["id"].startswith("PL-REGON-")
    names = [body["name"] for body in found["Wspólne"]["recipientOrganization"]]
    assert names == ["Klub Polonia", "Koło Gospodyń"]
    (funder,) = found["Z zewnątrz"]["fundingOrganization"]
    assert funder["name"] == "Fundacja Obca"
    assert funder["id"].startswith("360G-leszno-org-fundacja-obca-")
    assert {g["regrantType"] for g in found.values() if "regrantType" in g} <= codes(
        "regrantType.csv"
    )
    assert {g["locationScope"] for g in found.values()} <= codes("locationScope.csv")


@pytest.mark.ckan_config(
    "ckanext.leszno_ngo.threesixtygiving.funders", "Fundacja Obca = PL-KRS-0000031247"
)
@pytest.mark.ckan_config("ckanext.leszno_ngo.threesixtygiving.prefix", "inny")
def test_options_name_the_prefix_and_other_funders(clean_catalogue, app):
    records.create("grant", mode="outside_funder", funder="Fundacja Obca")
    (grant,) = package(app)["grants"]
    assert grant["fundingOrganization"][0]["id"] == "PL-KRS-0000031247"
    assert grant["id"].startswith("360G-inny-")


def test_a_person_has_no_name_in_it(filled, app):
    for address in ("/grant.360giving.json", "/grant.360giving.csv"):
        body = app.get(address).get_data(as_text=True)
        assert "Kowalski" not in body
        assert "gmail" not in body
    (individual,) = [g for g in package(app)["grants"] if "recipientIndividual" in g]
    assert individual["recipientIndividual"] == {
        "id": f"360G-leszno-individual-{filled['person']['id']}",
        "name": "Osoba fizyczna",
    }
    # The address of the page has the words of its title.
    assert "url" not in individual


def test_the_table_is_the_package(filled, app):
    for query in ("", "?status=settled", "?spheres=17&sort=title", "?lang=en&year=2024"):
        answer = app.get(f"/grant.360giving.csv{query}", status=200)
        found = [as_cells(grant) for grant in package(app, query)["grants"]]
        assert table(answer.get_data()) == found
        assert found


def test_headings_are_titles_of_the_standard():
    standard = schema("360-giving-schema.json")

    def check(headings, properties):
        for name, heading in headings.items():
            declared = properties[name]
            # Of the currency the schema has only its values.
            assert heading.title == declared.get("title", "Currency").strip()
            assert heading.is_list == (declared.get("type") == "array")
            if heading.inner:
                reference = declared.get("items", declared)["$ref"]
                check(heading.inner, standard["$defs"][reference.rpartition("/")[2]]["properties"])

    check(files.HEADINGS, standard["properties"])


def test_filters_and_types(filled, app):
    assert [g["title"] for g in package(app, "?status=settled")["grants"]] == ["Zadanie settled"]
    app.get("/ngo.360giving.json", status=404)
    app.get("/grant.360giving.json?statsu=settled", status=400)


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_a_file_of_no_grant_is_refused(filled, app, suffix):
    """The standard's package has one grant at least; who withdrew has none."""
    for query in ("q=zzzz", "status=resigned"):
        address = f"/en/grant.360giving.{suffix}?{query}"
        answer = app.get(address, status=404)
        assert answer.content_type.startswith("text/plain")
        assert "Nothing that this search finds" in answer.get_data(as_text=True)
        assert app.test_client().head(address).status_code == 404
    answer = app.get(f"/grant.360giving.{suffix}", status=200)
    # It would count what the search finds, which is more than what the file has.
    assert "X-Total-Count" not in answer.headers
    assert app.test_client().head(f"/grant.360giving.{suffix}").status_code == 200


def test_only_what_are_grants_is_asked_for_behind_a_search(filled, app):
    for link in ("recipient", "call", "partnership"):
        app.get(f"/grant.360giving.json?of={link}", status=400)
    found = package(app, "?of=regrant_of")["grants"]
    assert [grant["title"] for grant in found] == ["Operator"]


def test_it_costs_the_same_however_many_there_are(filled, app, sql_budget, solr_budget):
    app.get("/grant.360giving.json")
    with sql_budget(2), solr_budget(4):
        app.get("/grant.360giving.json")
    with sql_budget(2), solr_budget(4):
        app.get("/grant.360giving.csv")


# ------------------------------------------------------------------------------------ hostile texts
TEXT = st.text(min_size=1, max_size=60) | st.sampled_from(
    [
        "=1+1",
        "@SUM(A1)",
        "\t=x",
        "\ud800",
        "a\x00b",
        "<script>x</script>",
        "\u202e",
        "a\r\nb",
        '";x',
    ]
)


@pytest.fixture
def outside_ckan(monkeypatch):
    """No catalogue: nothing is linked, and options are the declared ones."""
    monkeypatch.setattr(mapping, "_public", lambda ids: {})
    shared_values = mapping.Settings(
        "leszno",
        mapping.config.Publisher("Miasto Leszno", "000660995", "https://www.leszno.pl", "", ""),
        {},
        mapping.config.Municipality("3063011", "Leszno", "wielkopolskie"),
        "pl",
        about.About(
            query={"q": "x"},
            address="http://x.pl/grant.360giving.json",
            page="http://x.pl/{type}/{name}",
            publisher="Miasto Leszno",
            licence="CC BY 4.0",
            licence_url="https://creativecommons.org/licenses/by/4.0/",
            generated=mapping.display_values.utc("2026-11-25T01:00:00"),
        ),
    )
    monkeypatch.setattr(mapping, "settings", lambda lang, origin: shared_values)
    return shared_values


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    title=TEXT,
    notes=TEXT,
    recipient=TEXT,
    funder=TEXT,
    source=TEXT | st.sampled_from(["https://x.pl/ą", "javascript:x", "https://x.pl/a b"]),
    amount=st.decimals(0, 10**9, places=2).map(str) | TEXT,
    day=st.dates().map(str) | TEXT,
)
def test_hostile_strings_stay_valid(
    outside_ckan, title, notes, recipient, funder, source, amount, day
):
    record = {
        "id": "0d2f5a5e-1111-4222-8333-944444444444",
        "name": "zadanie",
        "type": "grant",
        "title": title,
        "notes": notes,
        "recipient_name": recipient,
        "funder": funder,
        "source_url": source,
        "granted_amount": amount,
        "granted_date": day,
        "task_start_date": day,
        "spheres": ["17", "15"],
        "metadata_modified": "2026-01-01T10:00:00.123456",
    }
    grant_type = loaded.record_type("grant")
    arguments = ([record], grant_type, "pl", outside_ckan.about)
    try:
        body = b"".join(files.stream(*arguments))
    except NothingFitsError:
        with pytest.raises(NothingFitsError):
            list(files.stream_csv(*arguments))
        return
    found = json.loads(body)
    assert faults(found) == []
    rows = table(b"".join(files.stream_csv(*arguments)))
    assert rows == [as_cells(grant) for grant in found["grants"]]
    assert not any(c[:1] in "=+-@" for row in rows for c in map(str, row.values()) if c)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jan Kowalski", True),
        ("Anna Maria Nowak-Wiśniewska", True),
        ("Klub Sportowy Polonia", False),
        ("UKS Dwójka", False),
        ("Towarzystwo Przyjaciół Dzieci", False),
        ("OSP Zaborowo", False),
        ("Fundacja", False),
        ("Centrum Integracji Społecznej w Lesznie", False),
        ("Miasto Leszno", False),
        ("MKS Tęcza", False),
    ],
)
def test_whose_name_may_be_a_persons(name, expected):
    assert personal_data.may_be_person(name) is expected


def test_identifiers_are_those_of_org_id():
    assert re.fullmatch(r"PL-KRS-\d{10}", mapping.identifiers.org_id({"krs": identifiers.krs()}))
