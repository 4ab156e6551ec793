"""The program of docs/api.md keeps a copy of the whole register, while people change it."""

import itertools
import json
import random
import sqlite3
from threading import Event, Thread

import pytest
import requests
from ckan.tests import factories, helpers

from tests.api.documents import python_block
from tests.cooperation.records import SMALL, organisation
from tests.exports.test_over_http import serving

STEPS = 24


class Writer:
    """Does what officials do, by CKAN's actions over HTTP; every road in and out of the public."""

    def __init__(self, address, token, owner_org, seed):
        self.address, self.headers = address, {"Authorization": token}
        self.owner_org, self.chance = owner_org, random.Random(seed)
        self.name = f"w{seed}"
        self.numbers = itertools.count(1)
        self.ids: list[str] = []
        self.done: set[str] = set()
        self.problem: str | None = None

    def act(self, action, **data):
        answer = requests.post(
            f"{self.address}/api/3/action/{action}", json=data, headers=self.headers, timeout=60
        )
        assert answer.status_code == 200, (action, data, answer.text)
        return answer.json()["result"]

    def create(self):
        kind = self.chance.choice(["event", "grant", "guide", "premises"])
        number = next(self.numbers)
        record = self.act(
            "package_create",
            type=kind,
            title=f"{self.name} {number}",
            name=f"{self.name}-{number}",
            owner_org=self.owner_org,
            **SMALL[kind],
        )
        self.ids.append(record["id"])

    def edit(self, id_):
        self.act("package_patch", id=id_, title=f"{self.name} zmieniony {next(self.numbers)}")

    def rename(self, id_):
        self.act("package_patch", id=id_, name=f"{self.name}-inny-{next(self.numbers)}")

    def delete(self, id_):
        self.act("package_delete", id=id_)

    def restore(self, id_):
        self.act("package_patch", id=id_, state="active", private=False)

    def make_private(self, id_):
        self.act("package_patch", id=id_, private=True)

    def purge(self, id_):
        self.act("dataset_purge", id=id_)
        self.ids.remove(id_)

    def run(self):
        steps = [self.edit, self.rename, self.delete, self.restore, self.make_private, self.purge]
        try:
            for number in range(STEPS):
                self.create() if number % 3 == 0 else self.step(self.chance.choice(steps))
            for step in steps:
                self.create()
                self.step(step)
        except AssertionError as error:
            self.problem = str(error)

    def step(self, step):
        if self.ids:
            step(self.chance.choice(self.ids))
            self.done.add(step.__name__)


@pytest.mark.usefixtures("clean_catalogue")
def test_a_copy_made_while_records_change_ends_equal(app, tmp_path):
    token = factories.SysadminWithToken()["token"]
    owner_org = organisation()
    with serving(app) as address:
        first = Writer(address, token, owner_org, 0)
        for _ in range(12):
            first.create()
        writers = [Writer(address, token, owner_org, seed) for seed in (1, 2)]
        program = mirror(address)
        database, stop, rounds = tmp_path / "copy.db", Event(), []
        reader = Thread(target=keep_up, args=(program, database, stop, rounds))
        threads = [Thread(target=writer.run) for writer in writers]
        for thread in (reader, *threads):
            thread.start()
        for thread in threads:
            thread.join()
        stop.set()
        reader.join()
        assert [writer.problem for writer in writers] == [None, None]
        assert all(len(writer.done) == 6 for writer in writers)
        assert len(rounds) > 2
        with sqlite3.connect(database) as connection:
            program["refresh"](connection)
            copy = {
                id_: json.loads(content)
                for id_, content in connection.execute("SELECT id, content FROM record")
            }
    assert copy == public_records()


def mirror(address):
    """The functions of the page's program, for this portal and with small answers."""
    names: dict = {}
    text = python_block("api.md", "def refresh").replace("http://127.0.0.1:5000", address)
    assert '"limit": 1000' in text
    text = text.replace('"limit": 1000', '"limit": 5').replace("register.db", ":memory:")
    exec(compile(text, "docs/api.md", "exec"), names)
    return names


def keep_up(program, database, stop, rounds):
    with sqlite3.connect(database) as connection:
        while not stop.is_set():
            program["refresh"](connection)
            rounds.append(1)


def public_records():
    """Everything public, by CKAN's own actions, without what is no part of the record."""
    from ckanext.leszno_ngo.catalogue import changes

    found = helpers.call_action("package_search", rows=1000)["results"]
    assert len(found) > 10
    shown = [helpers.call_action("package_show", id=record["id"]) for record in found]
    return {
        record["id"]: {k: v for k, v in record.items() if k not in changes._NOT_THE_RECORDS}
        for record in shown
    }
