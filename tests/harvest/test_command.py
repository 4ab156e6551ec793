"""``ckan leszno-ngo harvest``."""

import io
import json

import pytest
from ckan import model
from ckanext.harvest.model import HarvestJob, HarvestSource

from tests.shared_data import shared

GOOD = "KRS;Nazwa\n0000000168;STOWARZYSZENIE ALFA\n0000000291;FUNDACJA BETA\n"
BAD = GOOD + ';=HYPERLINK("http://evil")\n0000000168;INNA NAZWA\n'


@pytest.fixture
def command(harvest, cli):
    """Run the command; return its result."""
    from ckanext.leszno_ngo.cli import leszno_ngo

    def call(*arguments):
        return cli.invoke(leszno_ngo, ["harvest", *map(str, arguments)])

    return call


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rejestr.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def sources():
    model.Session.expire_all()
    return model.Session.query(HarvestSource).all()


def test_the_help_names_the_kinds_of_sources(command):
    answer = command("--help")
    assert answer.exit_code == 0
    assert "ckan" in answer.output.partition("--format")[2]


def test_a_file_is_harvested_by_an_ordinary_source(command, harvest, file):
    result = command(file, "--format", "register", "--title", "Ewidencja")
    assert result.exit_code == 0, result.output
    assert len(harvest.records()) == 2
    (source,) = sources()
    assert (source.url, source.type, source.title) == (
        "file:rejestr.csv",
        "leszno_ngo_register",
        "Ewidencja",
    )
    (job,) = model.Session.query(HarvestJob)
    assert job.status == "Finished"
    again = command(file, "--format", "register")
    assert again.exit_code == 0
    assert len(sources()) == 1, "the same file is the same source"


def test_the_servers_path_is_told_to_nobody(command, harvest, file):
    command(file, "--format", "register")
    (entry,) = harvest.records()["0000000168"]["sources"]
    assert str(file.parent) not in json.dumps(entry)
    assert str(file.parent) not in sources()[0].url


def test_rows_for_which_a_run_stopped_are_written_to_the_file(command, file, tmp_path):
    file.write_text(BAD.splitlines()[0] + "\nx;y;z;;\n", encoding="utf-8")
    report = tmp_path / "report.csv"
    result = command(file, "--format", "register", "--report", report)
    assert result.exit_code == 2
    assert report.read_text(encoding="utf-8-sig").splitlines()[-1].startswith("2,")


def test_refused_rows_are_told_and_written_to_a_file(command, harvest, file, tmp_path):
    file.write_text(BAD, encoding="utf-8")
    report = tmp_path / "report.csv"
    options = ("--options", '{"max_refused_share": 1}')
    result = command(file, "--format", "register", "--report", report, *options)
    assert result.exit_code == 1
    assert len(harvest.records()) == 2
    lines = report.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["4", "5"]
    assert all(not cell.startswith("=") for line in lines for cell in line.split(","))


def test_a_dry_run_changes_nothing(command, harvest, file):
    result = command(file, "--format", "register", "--dry-run")
    assert result.exit_code == 0, result.output
    assert harvest.records() == {}
    assert sources() == []
    assert model.Session.query(HarvestJob).count() == 0
    assert "2" in result.output


def test_a_run_that_stops_has_a_code_of_its_own(command, harvest, file):
    file.write_text("<!DOCTYPE html><html></html>", encoding="utf-8")
    assert command(file, "--format", "register").exit_code == 2
    assert harvest.records() == {}


def test_a_run_that_is_cancelled_ends_its_job(command, file, monkeypatch):
    from ckanext.leszno_ngo.harvest import run

    def stop(*_args, **_keywords):
        raise KeyboardInterrupt

    monkeypatch.setattr(run.batch, "write", stop)
    assert command(file, "--format", "register").exit_code == 130
    (job,) = model.Session.query(HarvestJob)
    assert job.status == "Aborted"
    assert len(job.gather_errors) == 1


def test_a_terminal_sees_a_bar_and_a_log_does_not(monkeypatch):
    from ckanext.leszno_ngo.harvest import command as module

    for terminal in (True, False):
        seen = io.StringIO()
        seen.isatty = lambda answer=terminal: answer
        monkeypatch.setattr(module.sys, "stderr", seen)
        with module._bar() as progress:
            progress("read", 100, None)
            progress("write", 1, 2)
            progress("write", 2, 2)
        assert ("100%" in seen.getvalue()) == terminal


def test_a_file_that_is_not_there(command, tmp_path):
    result = command(tmp_path / "none.csv", "--format", "register")
    assert result.exit_code == 2
    assert "none.csv" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("x.csv", "--format", "opp", "--tax-year", "1990"),
        ("x.csv", "--format", "register", "--tax-year", "2024"),
        ("x.csv", "--format", "opp", "--options", "{"),
        ("x.csv", "--format", "opp", "--owner-org", "nobody"),
        ("--format", "opp"),
        ("x.csv",),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_done(command, harvest, arguments):
    result = command(*arguments)
    assert result.exit_code == 2
    assert sources() == []


def test_a_source_of_another_format_is_not_used(command, file):
    command(file, "--format", "register", "--source", "mine")
    assert command(file, "--format", "opp", "--source", "mine").exit_code == 2


def test_records_belong_to_the_organisation(command, harvest, file, ckan_config, monkeypatch):
    from ckan.tests import factories

    monkeypatch.setitem(ckan_config, "ckan.auth.create_unowned_dataset", False)
    assert command(file, "--format", "register").exit_code == 2, "there is none"
    office = factories.Organization()
    assert command(file, "--format", "register").exit_code == 0, "there is one: it is meant"
    other = factories.Organization()
    result = command(file, "--format", "register", "--source", "second")
    assert result.exit_code == 2, "there are two: which?"
    owners = {record["owner_org"] for record in harvest.records().values()}
    assert owners == {office["id"]}
    file.write_text("KRS;Nazwa\n0000000525;GAMMA\n", encoding="utf-8")
    command(file, "--format", "register", "--source", "second", "--owner-org", other["name"])
    assert harvest.records()["0000000525"]["owner_org"] == other["id"]


def test_the_opp_list_and_the_court_register(command, harvest, server, open_network):
    """The whole road on real data: the list of Leszno, then the extracts of its bodies."""
    listed = shared("opp/opp-list-2025.csv")
    result = command(listed, "--format", "opp", "--tax-year", 2024, "--municipality")
    assert result.exit_code == 0, result.output
    records = harvest.records()
    assert len(records) == 30
    assert all(record["opp"] is True for record in records.values())
    assert all(record["opp_tax_years"] == ["2024"] for record in records.values())
    assert sum(bool(record["spheres"]) for record in records.values()) >= 20
    server.add_folder(shared("krs-extracts"))
    known = [path.stem for path in shared("krs-extracts").glob("*.json") if path.stat().st_size]
    in_both = [number for number in known if number in records]
    result = command(server.url, "--format", "krs")
    assert result.exit_code == (0 if len(in_both) == 30 else 1), result.output
    changed = harvest.records()
    for number in in_both:
        assert len(changed[number]["sources"]) == 2


def test_reindex_puts_every_record_back(harvest, cli, file, reset_index):
    from ckan.tests.helpers import call_action

    from ckanext.leszno_ngo.cli import leszno_ngo

    harvest.run(harvest.source(), GOOD)
    reset_index()
    found = {"fq": "dataset_type:ngo"}
    assert call_action("package_search", **found)["count"] == 0
    result = cli.invoke(leszno_ngo, ["reindex"])
    assert result.exit_code == 0, result.output
    assert call_action("package_search", **found)["count"] == 2


def test_reindex_says_when_the_search_engine_is_away(harvest, cli, ckan_config, monkeypatch):
    from ckanext.leszno_ngo.cli import leszno_ngo

    harvest.run(harvest.source(), GOOD)
    monkeypatch.setitem(ckan_config, "solr_url", "http://127.0.0.1:1/solr/nothing")
    assert cli.invoke(leszno_ngo, ["reindex"]).exit_code == 1
