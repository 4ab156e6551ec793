"""Several processes in one checkout, and several checkouts with one folder of jars."""

import json
import multiprocessing
import threading
import time

import pytest

from devstack import process, solr, stack
from devstack.settings import Settings


@pytest.fixture
def here(tmp_path):
    (tmp_path / "ckan.ini").touch()
    return Settings(tmp_path, tmp_path, tmp_path / "jars", {})


class Slow:
    """A service that takes its time to stop."""

    def __init__(self):
        self.asked, self.may_end = threading.Event(), threading.Event()

    def ask_to_stop(self):
        self.asked.set()

    def finish(self):
        assert self.may_end.wait(20)


@pytest.fixture
def services(monkeypatch):
    """Services that are up until they are stopped, made in place of the real ones."""
    made = []

    def start(self):
        made.append(Slow())
        self.services.append(made[-1])

    monkeypatch.setattr(stack.Stack, "_start", start)
    monkeypatch.setattr(
        stack, "_is_up", lambda _settings: any(not s.may_end.is_set() for s in made)
    )
    return made


def test_the_services_of_another_process_are_used_while_they_run(here, services):
    with stack.Stack(here) as owner:
        with stack.Stack(here) as guest:
            assert owner.is_owner
            assert not guest.is_owner
        services[0].may_end.set()
    assert len(services) == 1


def test_services_that_are_being_stopped_are_waited_for_and_started_anew(here, services):
    owner = stack.Stack(here).__enter__()
    stopping = threading.Thread(target=owner.stop)
    stopping.start()
    assert services[0].asked.wait(20)
    # They answer still, and are not used any more.
    threading.Timer(0.5, services[0].may_end.set).start()
    with stack.Stack(here) as next_one:
        assert next_one.is_owner
        assert services[0].may_end.is_set()
        services[1].may_end.set()
    stopping.join()
    assert len(services) == 2


def test_a_mark_of_a_killed_owner_holds_nobody_up(here, services):
    (here.state / "stack.stopping").touch()
    with stack.Stack(here) as owner, stack.Stack(here) as guest:
        assert owner.is_owner
        assert not guest.is_owner
        services[0].may_end.set()


def test_services_that_never_come_up_are_said_to_be_so(here, monkeypatch, services):
    monkeypatch.setattr(stack, "PATIENCE", 0.5)
    with stack.Stack(here):
        services[0].may_end.set()
        with pytest.raises(process.ServiceError, match="do not answer"):
            stack.Stack(here).__enter__()


def _get(settings, counted, answers):
    def fetch(folder):
        with counted.get_lock():
            counted.value += 1
        time.sleep(0.2)  # the other process comes meanwhile
        jar = folder / "repository" / "solr.jar"
        jar.parent.mkdir()
        jar.touch()
        return [jar]

    solr._fetch = fetch
    answers.put([str(jar) for jar in solr.jars(settings)])


def test_of_two_checkouts_one_fetches_and_both_have_the_jars(here):
    forks = multiprocessing.get_context("fork")
    counted, answers = forks.Value("i", 0), forks.Queue()
    both = [forks.Process(target=_get, args=(here, counted, answers)) for _ in range(2)]
    for one in both:
        one.start()
    found = [answers.get(timeout=20) for _ in both]
    for one in both:
        one.join()
    assert counted.value == 1
    assert found[0] == found[1] == [str(here.jars / f"solr-{solr.SOLR}/repository/solr.jar")]


def test_what_an_interrupted_fetch_left_is_not_used(here, monkeypatch):
    (here.jars / "fetching" / "repository").mkdir(parents=True)
    (here.jars / "fetching" / "repository" / "half.jar").touch()

    def fetch(folder):
        assert not list(folder.iterdir())
        (folder / "solr.jar").touch()
        return [folder / "solr.jar"]

    monkeypatch.setattr(solr, "_fetch", fetch)
    (jar,) = solr.jars(here)
    assert jar.exists()
    assert json.loads((here.jars / "solr.json").read_text())["artifacts"] == solr.WANTED
    jar.unlink()
    assert solr.jars(here) == [jar]
    assert jar.exists()
