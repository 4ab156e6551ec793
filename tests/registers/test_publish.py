"""Registers as datasets: made, kept up to date, and left whole when something fails."""

import dataclasses
import datetime as dt
import errno
import hashlib
import uuid
from unittest import mock

import pytest
from ckan import model
from ckan.lib.search import SearchError
from ckan.tests import factories, helpers

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import formats
from ckanext.leszno_ngo.features.ods import spreadsheet
from ckanext.leszno_ngo.registers import condition, dataset_description, files, job, lock, storage
from ckanext.leszno_ngo.registers.errors import RegisterError
from tests.cooperation import records
from tests.registers import shown

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def act(action, **data):
    context = {"ignore_auth": True, "user": records.site_user()}
    return helpers.call_action(action, context, **data)


def test_a_register_is_a_dataset_with_a_file_of_each_format(publish, grant, city):
    grant(title="Turniej", granted_date="2025-05-05")
    grant(title="Obóz", granted_date="2026-03-03")
    assert publish().status == "created"
    found = shown.dataset()
    assert found["type"] == "dataset"
    assert found["title"] == "Dotacje"
    assert found["license_id"] == "cc-by"
    assert found["organization"]["name"] == "urzad-miasta-leszna"
    assert {"dotacje", "wydatki publiczne"} <= {tag["name"] for tag in found["tags"]}
    files = dataset_description.file_formats(record_types.get("grant"))
    assert {"csv", "json"} <= set(files)
    assert set(shown.resources()) == {*files, "api"}
    for suffix, one in shown.resources().items():
        if suffix != "api":
            content = shown.path(one).read_bytes()
            assert one["size"] == len(content)
            assert one["hash"] == hashlib.sha256(content).hexdigest()
            assert one["url"].startswith("http://test.ckan.net/dataset/")
    assert shown.titles(shown.resources()["csv"]) == ["Obóz", "Turniej"]


def test_the_dataset_says_what_dcat_asks_for(publish, grant):
    grant(granted_date="2025-05-05", year="2025")
    grant(granted_date="2026-03-03", year="2026")
    publish()
    found = shown.dataset()
    eu = "http://publications.europa.eu/resource/authority/"
    assert found["theme"] == [f"{eu}data-theme/{code}" for code in ("ECON", "GOVE", "REGI")]
    assert found["frequency"] == f"{eu}frequency/DAILY"
    assert found["language"] == [f"{eu}language/POL"]
    assert found["publisher"][0]["regon"] == "000660995"
    assert found["contact"][0]["email"] == "um@leszno.pl"
    assert found["spatial_coverage"][0]["teryt"] == "3063011"
    assert found["temporal_coverage"] == [{"start": "2025-01-01", "end": "2026-12-31"}]
    service = shown.resources()["api"]["access_services"][0]
    assert service["endpoint_url"] == "http://test.ckan.net/api/3/action"
    assert service["endpoint_description"].endswith("/api/leszno-ngo/openapi.json")


def test_ids_are_worked_out_and_outlive_the_address_of_the_portal(publish, grant, ckan_config):
    grant()
    publish()
    first = shown.dataset()
    assert first["id"] == str(uuid.uuid5(uuid.NAMESPACE_URL, "http://test.ckan.net#grant"))
    ids = {one["id"] for one in first["resources"]}
    with mock.patch.dict(ckan_config, {"ckan.site_url": "https://ngo.leszno.pl"}):
        grant(title="Nowa")
        assert publish().status == "updated"
    again = shown.dataset()
    assert again["id"] == first["id"]
    assert {one["id"] for one in again["resources"]} == ids


def test_nothing_is_touched_when_nothing_has_changed(publish, grant):
    grant()
    publish()
    before = shown.state()
    assert publish().status == "unchanged"
    assert shown.state() == before


def test_a_change_comes_into_all_files_and_dates(publish, grant):
    record = grant(title="Pierwszy")
    publish()
    before = shown.dataset()
    act("package_patch", id=record["id"], title="Drugi")
    assert publish().status == "updated"
    after = shown.dataset()
    assert after["metadata_modified"] > before["metadata_modified"]
    assert after["content_digest"] != before["content_digest"]
    assert shown.titles(shown.resources()["csv"]) == ["Drugi"]
    for old, new in zip(before["resources"], after["resources"], strict=True):
        assert old["id"] == new["id"]
        assert (old.get("hash") != new.get("hash")) == (new["register_part"] == "file")
        assert old.get("issued") == new.get("issued")


def test_private_and_deleted_records_are_not_in_the_files(publish, grant):
    grant(title="Jawna")
    grant(title="Robocza", private=True)
    gone = grant(title="Usunięta")
    act("package_delete", id=gone["id"])
    publish()
    assert shown.titles(shown.resources()["csv"]) == ["Jawna"]


def test_a_type_without_records_gets_no_dataset(publish):
    assert publish().status == "empty"
    assert model.Package.get(shown.NAME) is None


def test_a_withdrawn_type_keeps_its_dataset_with_empty_files(publish, grant):
    record = grant()
    publish()
    act("package_delete", id=record["id"])
    outcome = publish()
    assert (outcome.status, outcome.count) == ("updated", 0)
    assert shown.titles(shown.resources()["csv"]) == []


def test_what_a_person_adds_changes_or_hides_stays(publish, grant):
    grant()
    publish()
    found, csv = shown.dataset(), shown.resources()["csv"]
    act("resource_create", package_id=found["id"], url="https://bip.leszno.pl", name="BIP")
    act("resource_patch", id=csv["id"], description="Tabela dotacji, także dla Excela.")
    edits = {"title": "Inny tytuł", "notes": "Nasz opis.", "tags": [{"name": "dotacje miejskie"}]}
    act("package_patch", id=found["id"], private=True, frequency="", **edits)
    for title in ("Nowa", "Jeszcze jedna"):  # it stays at every run, not only at the next
        grant(title=title)
        publish()
    after = shown.dataset()
    assert (after["title"], after["notes"]) == ("Inny tytuł", "Nasz opis.")
    assert [tag["name"] for tag in after["tags"]] == ["dotacje miejskie"]
    assert after["private"] is True
    assert not after.get("frequency")
    assert after["content_digest"] != found["content_digest"]
    assert "BIP" in [one["name"] for one in after["resources"]]
    renewed = next(one for one in after["resources"] if one["id"] == csv["id"])
    assert renewed["description"] == "Tabela dotacji, także dla Excela."
    assert renewed["name"] == csv["name"]
    assert renewed["hash"] != csv["hash"]


def test_texts_that_nobody_changed_follow_the_product(publish, grant):
    grant()
    publish()
    act("package_patch", id=shown.dataset()["id"], title="Inny tytuł")
    with mock.patch.dict(
        dataset_description._NAMES, file_notes={"pl": "Nowe słowa", "en": "New words"}
    ):
        assert publish().status == "updated"
        assert shown.resources()["csv"]["description"] == "Nowe słowa"
        assert shown.dataset()["title"] == "Inny tytuł"
        assert publish().status == "unchanged"


def test_of_a_register_published_before_edits_were_kept_every_text_stays(publish, grant):
    grant()
    publish()
    package = model.Package.get(shown.dataset()["id"])
    package.plugin_data = None
    model.Session.commit()
    act("package_patch", id=package.id, title="Inny tytuł")
    grant(title="Nowa")
    publish()
    assert shown.dataset()["title"] == "Inny tytuł"
    assert package.plugin_data


def test_a_dataset_that_somebody_deleted_stays_deleted(publish, grant):
    grant()
    publish()
    act("package_delete", id=shown.NAME)
    grant(title="Nowa")
    assert publish().status == "removed"
    assert model.Package.get(shown.NAME).state == "deleted"


def test_a_taken_address_does_not_keep_a_register_from_being_published(publish, grant):
    factories.Dataset(name=shown.NAME)
    grant()
    assert publish().name == f"{shown.NAME}-grant"


def test_without_the_owner_nothing_is_made(publish, grant, city):
    grant()
    options = mock.Mock(owner_org="nie-ma")
    with (
        mock.patch("ckanext.leszno_ngo.registers.publish.config.registers", return_value=options),
        pytest.raises(RegisterError) as error,
    ):
        publish()
    assert error.value.code == "owner"
    assert model.Package.get(shown.NAME) is None


# ------------------------------------------------------------------ snapshots
def at(moment):
    """Have the clock of the files at a moment (UTC)."""
    now = mock.Mock(wraps=dt.datetime)
    now.now.return_value = moment.replace(tzinfo=dt.timezone.utc)
    return mock.patch("ckanext.leszno_ngo.exports.about.dt", mock.Mock(wraps=dt, datetime=now))


def test_the_first_run_of_a_year_keeps_the_state_of_the_last_day(publish, grant):
    grant(title="Stara")
    publish()
    year = int(shown.dataset()["metadata_created"][:4])
    grant(title="Noworoczna")
    with at(dt.datetime(year, 12, 31, 23, 30)):  # half past midnight in Poland
        outcome = publish()
    assert outcome.snapshots == (f"Stan na 31 grudnia {year} (CSV)",)
    kept = shown.resources()[f"snapshot {year}-12-31"]
    assert shown.titles(kept) == ["Stara"]
    assert shown.titles(shown.resources()["csv"]) == ["Noworoczna", "Stara"]
    before = shown.path(kept).read_bytes()
    grant(title="Lutowa")
    with at(dt.datetime(year + 1, 2, 1)):
        assert publish().snapshots == ()
    assert shown.resources()[f"snapshot {year}-12-31"] == kept
    assert shown.path(kept).read_bytes() == before


def test_the_state_of_today_is_kept_when_asked_once_a_day(publish, grant):
    grant(title="Dziś")
    assert len(publish(snapshot=True).snapshots) == 1
    assert publish(snapshot=True).snapshots == ()
    assert len([key for key in shown.resources() if key.startswith("snapshot")]) == 1


# ------------------------------------------------------------------ faults
@pytest.fixture
def published(publish, grant):
    """A register, and a change that waits to be published."""
    grant(title="Stara")
    publish()
    before = shown.state()
    grant(title="Nowa")
    return before


def assert_untouched_and_mended(before, publish):
    model.Session.rollback()
    assert shown.state() == before
    assert publish().status == "updated"
    assert shown.titles(shown.resources()["csv"]) == ["Nowa", "Stara"]


def test_a_full_disk_leaves_the_last_good_files(published, publish):
    full = OSError(errno.ENOSPC, "No space left on device")
    writing = "ckanext.leszno_ngo.registers.files.write"
    good, done = files.write, []

    def second_breaks(path, pieces):
        if done:
            path.write_bytes(b"half")
            raise full
        done.append(path)
        return good(path, pieces)

    with mock.patch(writing, second_breaks), pytest.raises(OSError, match="No space"):
        publish()
    assert_untouched_and_mended(published, publish)


def test_a_run_killed_half_way_leaves_the_last_good_files(published, publish):
    class Killed(BaseException):
        pass

    with (
        mock.patch("ckanext.leszno_ngo.registers.storage.shutil.rmtree"),  # no time to tidy up
        mock.patch("ckanext.leszno_ngo.registers.storage.Path.mkdir", _mkdir_if_missing),
        mock.patch("ckanext.leszno_ngo.registers.files.measure", side_effect=Killed),
        mock.patch("ckanext.leszno_ngo.registers.publish.storage.keep", side_effect=Killed),
        pytest.raises(Killed),
    ):
        publish()
    assert_untouched_and_mended(published, publish)


def _mkdir_if_missing(self, *args, **kwargs):
    import os

    os.makedirs(self, exist_ok=True)


def test_a_run_killed_between_files_and_dataset_is_mended_by_the_next(published, publish):
    with (
        mock.patch("ckanext.leszno_ngo.registers.publish._Run._write", side_effect=MemoryError),
        pytest.raises(MemoryError),
    ):
        publish()
    assert shown.dataset() == published[0]
    assert publish().status == "updated"
    one = shown.resources()["csv"]
    assert one["hash"] == hashlib.sha256(shown.path(one).read_bytes()).hexdigest()


def test_without_solr_the_last_good_files_stay(published, publish):
    away = mock.patch(
        "ckanext.leszno_ngo.exports.records.solr.ask", side_effect=SearchError("Solr is away")
    )
    with away, pytest.raises(SearchError):
        publish()
    assert_untouched_and_mended(published, publish)


def test_an_index_that_lacks_records_publishes_nothing(published, publish):
    from ckan.lib.search import clear, rebuild

    clear(helpers.call_action("package_search", fq="type:grant")["results"][0]["id"])
    with pytest.raises(RegisterError) as error:
        publish()
    assert error.value.code == "index"
    assert error.value.data == {"found": 1, "expected": 2}
    model.Session.rollback()
    rebuild(quiet=True)
    assert_untouched_and_mended(published, publish)


def test_a_second_run_at_once_is_turned_away(published, publish):
    with lock.register_lock("grant"), pytest.raises(RegisterError) as error:
        publish()
    assert error.value.code == "busy"
    assert_untouched_and_mended(published, publish)


def test_a_portal_without_storage_says_so(publish, grant):
    grant()
    with (
        mock.patch.object(storage.uploader, "get_storage_path", return_value=None),
        pytest.raises(RegisterError) as error,
    ):
        publish()
    assert error.value.code == "storage"


def test_a_lost_file_is_made_again(publish, grant):
    grant()
    publish()
    shown.path(shown.resources()["csv"]).unlink()
    assert publish().status == "updated"
    assert shown.path(shown.resources()["csv"]).exists()


# ------------------------------------------------------------------ where they are seen
def test_the_list_of_datasets_has_registers_and_no_single_records(publish, grant, app):
    grant(title="Pojedyncza dotacja")
    factories.Dataset(title="Inny zbiór miasta")
    publish()
    page = app.get("/dataset/").get_data(as_text=True)
    assert "Inny zbiór miasta" in page
    assert f"/dataset/{shown.NAME}" in page
    assert "Pojedyncza dotacja" not in page


def test_a_file_is_downloaded_from_its_address(publish, grant, app):
    grant(title="Turniej")
    publish()
    one = shown.resources()["csv"]
    answer = app.get(one["url"].removeprefix("http://test.ckan.net"), status=200)
    assert answer.get_data() == shown.path(one).read_bytes()
    assert answer.content_type.startswith("text/csv")


def test_the_pages_of_a_register_open(publish, grant, app):
    grant()
    publish()
    page = app.get(f"/dataset/{shown.NAME}", status=200).get_data(as_text=True)
    assert "Dotacje" in page
    one = shown.resources()["csv"]
    app.get(f"/dataset/{shown.NAME}/resource/{one['id']}", status=200)


def test_an_unchanged_run_asks_little(publish, grant, sql_budget, solr_budget):
    for number in range(5):
        grant(title=f"Dotacja {number}")
    publish()
    with sql_budget(30) as seen, solr_budget(4):
        publish()
    assert not seen.writes


# ------------------------------------------------------------------ each register stands alone
@pytest.fixture
def small_ods(monkeypatch):
    """An ODS file that holds a single record."""
    small = dataclasses.replace(formats.FORMATS["ods"], largest=1)
    monkeypatch.setitem(formats.FORMATS._entries, "ods", small)
    monkeypatch.setattr(spreadsheet, "LARGEST", 1)


def test_a_format_that_cannot_hold_a_register_is_left_out_and_said(publish, grant, small_ods):
    grant(title="Pierwsza")
    publish()
    assert "ods" in shown.resources()
    grant(title="Druga")
    outcome = publish()
    assert outcome.left_out == ("ods",)
    assert {"csv", "xlsx", "json"} <= set(shown.resources())
    assert "ods" not in shown.resources()
    assert "Pliku ODS nie ma: mieści najwyżej 1 wpisów." in shown.dataset()["notes"]
    assert shown.titles(shown.resources()["csv"]) == ["Druga", "Pierwsza"]


def test_whatever_fails_in_one_register_the_others_go_on(publish, grant):
    grant()
    records.create("event")
    told = {}
    real = job.publish

    def broken(record_type, **options):
        if record_type.name == "event":
            raise ZeroDivisionError
        return real(record_type, **options)

    with mock.patch.object(job, "publish", broken):
        types = [record_types.get("event"), record_types.get("grant")]
        assert not job.publish_all(types, tell=lambda one, what: told.update({one.name: what}))
    assert isinstance(told["event"], ZeroDivisionError)
    assert told["grant"].status == "created"


# ------------------------------------------------------------------ out of date
def publish_all(*names):
    types = [record_types.get(name) for name in names]
    return job.publish_all(types, tell=lambda *_: None)


def stale(*names, hours=0):
    now = dt.datetime.now(dt.timezone.utc) + dt.timedelta(hours=hours)
    return condition.stale([record_types.get(name) for name in names], now)


def test_a_register_that_could_not_be_published_says_since_when(publish, grant, app):
    grant()
    assert publish_all("grant")
    assert stale("grant") == []
    grant(title="Druga")
    with mock.patch.object(storage, "keep", side_effect=OSError(errno.ENOSPC, "full")):
        assert not publish_all("grant")
    (one,) = stale("grant")
    assert one.error.code == "other"
    assert "Nieaktualny od" in app.get(f"/dataset/{shown.NAME}").get_data(as_text=True)
    assert publish_all("grant")
    assert stale("grant") == []
    assert "Nieaktualny od" not in app.get(f"/dataset/{shown.NAME}").get_data(as_text=True)


def test_changes_that_nobody_publishes_make_a_register_stale(publish, grant):
    grant()
    publish_all("grant")
    assert stale("grant", hours=48) == []
    grant(title="Druga")
    assert stale("grant") == []
    (one,) = stale("grant", hours=48)
    assert one.error is None
    assert abs(one.since - dt.datetime.now(dt.timezone.utc)) < dt.timedelta(minutes=5)


def test_the_desk_says_which_registers_are_out_of_date(publish, grant, app, city):
    grant()
    publish_all("grant")
    grant(title="Druga")
    with lock.register_lock("grant"):
        publish_all("grant")
    assert stale("grant") == []  # another run is at work: no failure
    with mock.patch.object(storage, "keep", side_effect=OSError(errno.ENOSPC, "full")):
        publish_all("grant")
    official = factories.UserWithToken()
    act("organization_member_create", id=city["id"], username=official["name"], role="editor")
    page = app.get("/panel", headers={"Authorization": official["token"]}).get_data(as_text=True)
    assert "Rejestry nieaktualne" in page
    assert "OSError" in page
