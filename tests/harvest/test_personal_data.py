"""What must never be published is planted in every source, and looked for everywhere."""

import io
import json
import logging
import zipfile

import pytest
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.lib.search.common import make_connection

from ckanext.leszno_ngo import record_types
from tests.harvest import fake_server

PESELS = ("44051401359", "02070803628")
NAMES = ("Sekretna", "Zdzisława", "Brzęczyszczykiewicz")
PRIVATE = "z.brzeczyszczykiewicz@wp.pl"
MOBILE = "601 234 567"
NIPS = ("6971000000", "6970100113", "6972000019")
PEOPLE = (
    "KRS;Nazwa;Cel;Adres\n"
    f"0000000168;STOWARZYSZENIE ALFA;Pomoc. Kontakt: {NAMES[1]} {NAMES[2]}, kom. {MOBILE};Leszno\n"
    f"0000000291;FUNDACJA BETA;Pomoc;{NAMES[1]} {NAMES[2]}, ul. Sekretna 1, 64-100 Leszno\n"
    f"0000000525;{NAMES[1]} {NAMES[2]};Pomoc;Leszno\n"
    f"0000000650;KLUB GAMMA;Prezes mieszka: zam. ul. Sekretna 1/2;Leszno\n"
    f"0000001234;KLUB DELTA;Założycielka {NAMES[1]} {NAMES[2]};Leszno\n"
)
RESULTS = (
    "Lp.;Oferent;Nr KRS;Zadanie;Punkty;Kwota wnioskowana;Kwota przyznana;Uwagi\n"
    f"1;{NAMES[1]} {NAMES[2]} i Anna Nowak;;Warsztaty;50;5000;3000;\n"
    f"2;Klub Nieznany;;Turniej;50;5000;3000;pyta {NAMES[1]} {NAMES[2]} ({MOBILE})\n"
)
# What another catalogue gives, with other numbers than those above.
PORTAL = (
    {"krs": "0000006865", "legal_name": "FUNDACJA EPSILON", "town": "Leszno",
     "aims": f"Pomoc. Kontakt: {NAMES[1]} {NAMES[2]}, kom. {MOBILE}", "email": PRIVATE,
     "phone": MOBILE, "flat_number": MOBILE, "social_profiles": [f"kom. {MOBILE}"]},
    {"krs": "0000013134", "legal_name": "KLUB ZETA", "street": f"u {NAMES[1]} {NAMES[2]}"},
    {"nip": NIPS[0], "title": f"{NAMES[1]} {NAMES[2]}"},
    {"nip": NIPS[1], "legal_name": f"{NAMES[1]} {NAMES[2]} i Anna Nowak"},
)  # fmt: skip
LIST = (
    "KRS;NIP;Nazwa;Miejscowość;Siedziba;Cel\n"
    f"0000000168;;FUNDACJA ALFA;Leszno;u {NAMES[1]} {NAMES[2]};Kontakt: {NAMES[1]} ({MOBILE})\n"
    f"0000000291;;FUNDACJA BETA;u {NAMES[1]} {NAMES[2]};;\n"
    f"0000000525;;{NAMES[1]} {NAMES[2]};Leszno;;\n"
    f"0000000650;;KLUB GAMMA, kom. {MOBILE};Leszno;;\n"
    f";{NIPS[2]};{NAMES[1]} {NAMES[2]} i Anna Nowak;Leszno;;\n"
)
# The only table in which rows wait for a person's decision.
WAITING = "leszno_ngo_waiting"
REGISTER = (
    "KRS;Nazwa;Prezes zarządu;PESEL prezesa;Telefon;E-mail;Cel;Adres zamieszkania\n"
    f"0000000168;STOWARZYSZENIE ALFA;Zdzisława Brzęczyszczykiewicz;{PESELS[0]};{PESELS[0]};"
    f"{PRIVATE};pomoc, kontakt PESEL {PESELS[1]};ul. Sekretna 1\n"
    f"{PESELS[1]};{PESELS[1]};Zdzisława Brzęczyszczykiewicz;{PESELS[0]};;;;\n"
    f";Zdzisława PESEL {PESELS[0]};;;;;;\n"
)


def everything_stored():
    """Return each text of each table, the DataStore's too, and each document of the index."""
    yield from rows_of_tables(model.meta.engine)
    if p.plugin_loaded("datastore"):
        from ckanext.datastore.backend.postgres import get_write_engine

        yield from (("datastore", text) for _, text in rows_of_tables(get_write_engine()))
    for document in make_connection().search("*:*", rows=1000).docs:
        yield "solr", str(document)


def rows_of_tables(engine):
    """Return each row of each table of a database, with the table's name."""
    with engine.connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            for row in connection.execute(sa.text(f'SELECT t::text FROM "{table}" t')):
                yield table, row[0]


def files(folder):
    """Return what the files under a folder say, archives unpacked."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                for name in packed.namelist():
                    yield f"{path.name}/{name}", packed.read(name).decode("utf-8", "replace")
        else:
            yield path.name, path.read_bytes().decode("utf-8", "replace")


def found(texts):
    wanted = [word.casefold() for word in (*PESELS, *NAMES, PRIVATE, MOBILE, "601234567")]
    return [
        (where, word, text[:300])
        for where, text in texts
        for word in wanted
        if word in text.casefold()
    ]


@pytest.fixture
def logged():
    """Everything that is logged, whatever the level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    names = ("", "ckan", "ckanext", "ckanext.harvest", "ckanext.leszno_ngo", "urllib3")
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield stream
    for logger, level in zip(loggers, before, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def test_personal_data_is_nowhere(harvest, server, open_network, logged, tmp_path):
    register = harvest.source(max_refused_share=1)
    report = harvest.run(register, REGISTER)
    assert report.added >= 1
    assert report.set_aside, "bad values are reported, without what they are"
    path = tmp_path / "refused.csv"
    report.write_csv(path, None)
    extract = fake_server.invented_extract("0000000168")
    data = extract["odpis"]["dane"]
    data["dzial1"]["danePodmiotu"]["identyfikatory"] = {}
    data["dzial1"]["siedzibaIAdres"]["adresPocztyElektronicznej"] = PRIVATE
    data["dzial1"]["komitetZalozycielski"] = [{"pesel": PESELS[0], "nazwisko": NAMES[2]}]
    data["dzial1"]["umowaStatut"] = {"tekst": f"NOTARIUSZ {NAMES[1]} {NAMES[2]} {PESELS[1]}"}
    data["dzial2"]["reprezentacja"]["sklad"] = [{"imie": NAMES[1], "pesel": PESELS[0]}]
    data["dzial3"]["celDzialaniaOrganizacji"]["celDzialania"] = f"POMOC. PESEL {PESELS[0]}"
    server.add_extract(extract)
    assert harvest.run(harvest.source("krs", url=server.url)).changed == 1
    assert harvest.records()["0000000168"]["street"], "the rest of the extract went in"
    assert found(everything_stored()) == []
    assert found([("log", logged.getvalue())]) == []
    assert found([("file", path.read_text(encoding="utf-8-sig"))]) == []
    assert found([("terminal", "\n".join(report.lines(None)))]) == []


def test_persons_in_texts_addresses_and_names_are_nowhere(harvest, logged):
    report = harvest.run(harvest.source(), PEOPLE)
    assert set(harvest.records()) == {"0000000168", "0000000650"}
    assert "[…]" in harvest.records()["0000000168"]["aims"]
    assert report.waiting == 3
    assert report.masked == 3
    stored = [(where, text) for where, text in everything_stored() if where != WAITING]
    assert found(stored) == []
    assert found([("log", logged.getvalue()), ("terminal", "\n".join(report.lines(None)))]) == []
    said = "\n".join(harvest.job()["gather_error_summary"][n]["message"] for n in range(5))
    assert "mobile number" in said or "numer komórkowy" in said


@pytest.mark.with_plugins("datastore")
def test_persons_are_in_no_published_file(harvest, server, open_network, ckan_config, tmp_path,
                                          monkeypatch, logged):  # fmt: skip
    from ckan.tests import factories

    from ckanext.leszno_ngo.registers import publish

    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path / "storage"))
    unit = factories.Organization(name="urzad-miasta-leszna")
    server.files["/wyniki.csv"] = fake_server.answer(RESULTS.encode())
    values = {"year": 2024, "mode": "open_call", "granted_date": "2024-02-15", "spheres": ["17"],
              "legal_basis": "uodpp_13"}  # fmt: skip
    options = {"owner_org": unit["name"], "values": values}
    source = harvest.source("results", url=server.url + "/wyniki.csv", **options)
    report = harvest.run(source)
    assert (report.added, report.waiting) == (1, 1)
    listed = harvest.run(harvest.source("opp", national=True), LIST)
    assert (listed.added, listed.waiting) == (1, 3)
    report = portal(harvest, server)
    assert {"0000000168", "0000006865"} <= harvest.records().keys()
    assert report.waiting > 3
    publish.publish(record_types.get("grant"))
    publish.publish(record_types.get("ngo"))
    assert "datastore" in {where for where, _ in everything_stored()}
    assert found([(w, t) for w, t in everything_stored() if w != WAITING]) == []
    assert len(list(files(tmp_path / "storage"))) > 3
    assert found(files(tmp_path / "storage")) == []
    said = "\n".join([*listed.lines(None), *report.lines(None), logged.getvalue()])
    assert found([("told", said)]) == []


def portal(harvest, server):
    """Harvest another catalogue, in which each field of some record names a person."""
    fields = {field.name for field in record_types.get("ngo").harvested_fields}
    said = (f"u {NAMES[1]} {NAMES[2]}", [f"{NAMES[1]} {NAMES[2]}, kom. {MOBILE}"], MOBILE)
    # any nine digits may be a number of a register
    pairs = [(name, one) for name in fields - {"krs", "regon", "nip"} for one in said]
    planted = [
        {"krs": f"{number:010}", "title": f"Klub nr {number}", name: one}
        for number, (name, one) in enumerate(pairs, 20000)
    ]
    records = [{"id": str(n), "type": "ngo", **one} for n, one in enumerate([*PORTAL, *planted])]
    answer = {"success": True, "result": {"count": len(records), "results": records}}
    server.files["/api/3/action/package_search"] = fake_server.answer(
        json.dumps(answer).encode(), content_type="application/json"
    )
    return harvest.run(harvest.source("ckan", url=server.url, max_refused_share=1))


def test_the_search_for_it_would_find_it(harvest):
    """So that the test above cannot pass by looking in the wrong place."""
    harvest.run(harvest.source(), "KRS;Nazwa\n0000000168;FUNDACJA BRZĘCZYSZCZYKIEWICZ\n")
    places = {where for where, _, _ in found(everything_stored())}
    assert {"package", "harvest_object", "activity", "solr"} <= places
