"""After an erasure nothing of a person is in any store; all of them are looked through."""

import contextlib
import json
import logging
import uuid
import zipfile
import zlib

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import redis as ckan_redis
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckanext.datastore.backend.postgres import get_write_engine
from click.testing import CliRunner

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.harvest import jobs, store, waiting
from ckanext.leszno_ngo.logic import kept_forms
from ckanext.leszno_ngo.privacy import command, erased, erasure, patterns
from ckanext.leszno_ngo.privacy.erasure import Wanted
from ckanext.leszno_ngo.registers import publish
from tests.cooperation import records
from tests.harvest.test_personal_data import everything_stored, files
from tests.pure.test_patterns import LOOKING_THE_SAME, SAME_TO_A_READER

pytestmark = pytest.mark.with_plugins("datastore")

PERSON = "Zdzisława Brzęczyszczykiewicz"
SURNAME = "czyszczykiewicz"
CONTENT = f"KRS;Nazwa;Cel\n0000000168;FUNDACJA {PERSON.upper()};pomoc\n0000000291;KLUB BETA;sport\n"


@pytest.mark.usefixtures("clean_db")
def test_the_database_gives_every_spelling_of_a_name_to_look_at():
    sought = patterns.pattern(["Kunegunda Przedrzymirska"])
    query = sa.text(
        "SELECT said FROM unnest(CAST(:said AS text[])) AS said "
        "WHERE NOT (said ~* :plain OR said ~ :unusual)"
    )
    others = ["Kunegunda i Przedrzymirska", "Zażółć gęślą jaźń"]
    given = {"said": [*SAME_TO_A_READER, *LOOKING_THE_SAME, *others], "plain": sought.plain}
    assert list(model.Session.scalars(query, {**given, "unusual": patterns.UNUSUAL})) == others
    # A megabyte costs no minutes (nor the one that a statement may take here).
    model.Session.execute(sa.text("SET LOCAL statement_timeout = '30s'"))
    long = {**given, "said": ["Eustachy zażółcił gęślą Przedrzymirskiej jaźń. " * 20_000]}
    assert len(list(model.Session.scalars(query, {**long, "unusual": patterns.UNUSUAL}))) == 1


@pytest.fixture
def log_file(tmp_path):
    path = tmp_path / "portal.log"
    handler = logging.FileHandler(path, encoding="utf-8")
    logging.getLogger("ckanext.leszno_ngo").addHandler(handler)
    logging.getLogger("ckanext.leszno_ngo").warning("asked for %s", PERSON)
    yield path
    logging.getLogger("ckanext.leszno_ngo").removeHandler(handler)
    handler.close()


@pytest.fixture
def city(harvest, ckan_config, tmp_path, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path / "storage"))
    return factories.Organization(name="urzad-miasta-leszna")


@pytest.fixture
def source(harvest, city):
    """A source whose row was accepted, with a person in every store that there is."""
    source = harvest.source(owner_org=city["name"])
    harvest.run(source, CONTENT)
    waiting.decide([w.digest for w in waiting.list_waiting([city["id"]])], waiting.ACCEPTED, "x")
    jobs.take_accepted()
    harvest.edit(harvest.records()["0000000291"], notes=f"Prezes: {PERSON}")
    store.add_errors(harvest.job_id, [f"Wiersz 2: {PERSON}"])
    model.Session.execute(
        sa.text("INSERT INTO harvest_log (id, content, level, created) "
                "VALUES ('1', :text, 'INFO', now())"), {"text": PERSON})  # fmt: skip
    model.Session.commit()
    publish.publish(record_types.get("ngo"), snapshot=True)
    return source


def in_redis():
    server = ckan_redis.connect_to_redis()
    read = {
        b"string": server.get,
        b"hash": server.hgetall,
        b"list": lambda key: server.lrange(key, 0, -1),
        b"set": server.smembers,
        b"zset": lambda key: server.zrange(key, 0, -1),
        b"stream": server.xrange,
    }
    for key in server.scan_iter():
        yield f"redis {key}", key.decode() + said(read[server.type(key)](key))


def said(value):
    """Return what a value of Redis says, unpacked where RQ packed it."""
    if isinstance(value, dict):
        value = [*value.items()]
    if isinstance(value, (list, tuple, set)):
        return " ".join(map(said, value))
    with contextlib.suppress(zlib.error):
        value = zlib.decompress(value)
    return value.decode("utf-8", "replace")


def everywhere(tmp_path):
    """Every text of every store, with its place."""
    model.Session.rollback()
    yield from everything_stored()
    yield from files(tmp_path / "storage")
    yield from in_redis()


def places_of(text, tmp_path):
    plain = str.maketrans("ęą", "ea")
    return {
        where
        for where, said in everywhere(tmp_path)
        if text in said.casefold().translate(plain).replace("\\u0119", "e")
    }


def test_a_text_is_in_no_store_afterwards(harvest, city, source, tmp_path, log_file):
    ckan_redis.connect_to_redis().set("leszno_ngo_test_draft", f'{{"notes": "{PERSON}"}}')
    upload = tmp_path / "storage" / "resources" / "aaa" / "bbb" / "cc"
    upload.parent.mkdir(parents=True)
    with zipfile.ZipFile(upload, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("content.xml", f"<p>{PERSON}</p>")
    ckan_redis.connect_to_redis().set("leszno_ngo_test_report", upload.read_bytes())
    (tmp_path / "storage" / "wyniki.txt").write_bytes(PERSON.encode("cp1250"))
    before = places_of(SURNAME, tmp_path)
    assert {"package", "activity", "harvest_object", "harvest_gather_error", "harvest_log", "solr",
            "datastore",
            "cc/content.xml"} <= before  # fmt: skip
    wanted = Wanted.of(texts=[PERSON])
    told = erasure.preview(wanted)
    assert {place.store for place in told} >= {"database", "index", "files", "queue", "logs"}
    assert places_of(SURNAME, tmp_path) == before, "a preview changes nothing"
    erasure.erase(wanted)
    assert places_of(SURNAME, tmp_path) == set()
    assert not ckan_redis.connect_to_redis().exists("leszno_ngo_test_report"), "a packed file"
    assert SURNAME not in log_file.read_text(encoding="utf-8").casefold()
    assert SURNAME.encode() not in (tmp_path / "storage" / "wyniki.txt").read_bytes()
    assert erasure.preview(wanted) == []
    report = harvest.run(source, CONTENT.replace("pomoc", "pomoc dzieciom"))
    assert report.stop is None
    assert places_of(SURNAME, tmp_path) == set(), "the source does not bring it back"


#: Columns of a table of the DataStore, each with a person in a way of its own, and a number.
TABLE = {
    "Uwagi:x %": ("text", PERSON, None),
    "json": ("json", {"osoba": PERSON, "tel": 601234567, "wiek": 1.50, f"o {PERSON}": [1]}, None),
    "jsonb": ("jsonb", json.dumps({"o": [f"Prezes:\n{PERSON}"]}), None),
    "varchars": ("_varchar", [PERSON, "klub"], None),
    "jsons": ("_json", f"{{{json.dumps(json.dumps({'osoba': PERSON}))}}}", None),
    "numbers": ("numeric", 601234567, {"notes": f"jak {PERSON}", "label": "100% :x '"}),
    f"Zgoda: {PERSON}": ("text", "tak", {"notes": PERSON}),
}


@pytest.fixture
def table(city):
    """The id of that table, and the context of who may change it."""
    admin = {"user": factories.Sysadmin()["name"]}
    dataset = factories.Dataset(owner_org=city["id"])
    id_ = factories.Resource(package_id=dataset["id"])["id"]
    fields = [
        {"id": name, "type": kind, **({"info": info} if info else {})}
        for name, (kind, _, info) in TABLE.items()
    ]
    row = {name: value for name, (_, value, _) in TABLE.items()}
    made = {"resource_id": id_, "force": True, "fields": fields, "records": [row]}
    tk.get_action("datastore_create")(dict(admin), made)
    with get_write_engine().begin() as datastore:  # as programs escape it
        insert = f'INSERT INTO "{id_}" (json) VALUES (ROW(CAST(:new AS json), NULL))'
        escaped = json.dumps({"osoba": PERSON}).replace("sk", "\\u0073k")
        datastore.execute(sa.text(insert), {"new": escaped})
    yield id_, admin
    with get_write_engine().begin() as datastore:
        datastore.execute(sa.text(f'DROP TABLE "{id_}"'))


def test_a_table_has_nobody_afterwards_whatever_its_columns_are(table):
    id_, admin = table
    wanted = Wanted.of(texts=[PERSON, "601 234 567"])
    told = {(place.store, place.name, place.number) for place in erasure.preview(wanted)}
    assert told == {("datastore", id_, 4), ("columns", id_, 1)}
    done = erasure.erase(wanted)
    assert {place.store for place in done} == {"datastore", "columns"}
    assert [place.store for place in erasure.preview(wanted)] == ["columns"]
    found = tk.get_action("datastore_search")(dict(admin), {"resource_id": id_})
    first, second = found["records"]
    mask = "[…]"
    assert first["json"] == {"osoba": mask, "tel": None, "wiek": 1.5, f"o {mask}": [1]}
    assert (first["jsonb"], first["jsons"]) == ({"o": [f"Prezes:\n{mask}"]}, [{"osoba": mask}])
    assert (first["varchars"], first["numbers"]) == ([mask, "klub"], None)
    assert second["json"] == {"osoba": mask}
    described = {one["id"]: one.get("info") for one in found["fields"]}
    assert described["numbers"] == {"notes": f"jak {mask}", "label": "100% :x '"}
    searched = {"resource_id": id_, "q": PERSON.split()[1]}
    assert tk.get_action("datastore_search")(dict(admin), searched)["total"] == 0


def test_a_record_is_in_no_store_afterwards(harvest, city, source, tmp_path, log_file):
    record = harvest.records()["0000000168"]
    server = ckan_redis.connect_to_redis()
    account = str(uuid.uuid4())
    form = kept_forms.Opening(account, "ngo", record["id"])
    assert kept_forms.keep(form, [("title", PERSON), ("record_id", record["id"])])
    assert kept_forms.keep(kept_forms.Opening(account, "ngo", "new"), [("title", "Klub")])
    server.hset("rq:job:leszno_ngo_test", "data", zlib.compress(record["id"].encode()))
    line = "saved /ngo/%s: %s", record["id"], record["title"]
    logging.getLogger("ckanext.leszno_ngo").warning(*line)
    app_day = places_of(record["id"], tmp_path)
    assert {"package", "activity", "harvest_object", "solr"} <= app_day
    assert sum(place.startswith("redis") for place in app_day) > 2
    wanted = Wanted.of(record["name"])
    assert {place.store for place in erasure.preview(wanted)} >= {"database", "queue", "logs"}
    assert places_of(record["id"], tmp_path) == app_day, "a preview changes nothing"
    erasure.erase(wanted)
    assert len(kept_forms.kept_of(account, "ngo", "new")) == 1, "other texts stay"
    logged = log_file.read_text(encoding="utf-8")
    assert record["id"] not in logged
    assert record["title"] not in logged
    left = places_of(record["id"], tmp_path)
    # Its id alone stays, so that copies of the catalogue learn that it is gone.
    assert left == {"leszno_ngo_change", "leszno_ngo_erasures.jsonl"}
    names = {where for where, said in everywhere(tmp_path) if "FUNDACJA ZDZ" in said.upper()}
    assert names == set()
    report = harvest.run(source, CONTENT.replace("pomoc", "pomoc dzieciom"))
    assert (report.rejected, report.added) == (1, 0)
    other = harvest.source(owner_org=city["name"])
    assert harvest.run(other, CONTENT).rejected == 1


def test_what_a_restored_backup_brings_back_is_erased_again(harvest, city, tmp_path):
    made = records.create("ngo", title="Klub Alfa", krs="0000000168", owner_org=city["id"],
                          notes=f"Prezes: {PERSON}")  # fmt: skip
    gone = records.create("ngo", title="Klub Beta", krs="0000000291", owner_org=city["id"])
    erasure.erase(Wanted.of(texts=[PERSON]))
    erasure.erase(Wanted.of(gone["id"]))
    assert PERSON not in erased.file().read_text(encoding="utf-8")
    # A backup of the day before brings the person back, and its table of erasures is empty.
    model.Session.execute(sa.text("DELETE FROM leszno_ngo_erasure"))
    harvest.edit(made, notes=f"Prezes: {PERSON}")
    noted = erased.read(erased.file())
    assert {one.digest for one in noted if one.kind == "record"} == {gone["id"]}
    assert erased.texts_with(noted, model.Session.connection()) == [PERSON]
    back = records.create("ngo", id=gone["id"], title="Klub Beta", krs="0000000291",
                          owner_org=city["id"])  # fmt: skip
    file = tmp_path / "erasures.jsonl"  # the operator's copy, kept outside the backup
    file.write_bytes(erased.file().read_bytes())
    done = CliRunner().invoke(command.erase, ["--again", str(file), "--yes"])
    assert done.exit_code == 0, done.output
    assert places_of(SURNAME, tmp_path) == set()
    assert model.Package.get(back["id"]) is None
    assert model.Package.get(made["id"]) is not None
    assert not erased.texts_with(noted, model.Session.connection())


@pytest.mark.parametrize("texts", [[], [" "], ["Jan"], ["601"]])
def test_too_little_is_refused(clean_catalogue, texts):
    with pytest.raises(ValueError):
        Wanted.of(texts=texts)
    with pytest.raises(erasure.NothingToEraseError):
        Wanted.of("no-such-record")
