"""Where the queue's own worker connects to: a resolver of the test answers, 127.0.0.1 is dialled.

The test's server stands for the internet; every other address is judged as it is.
"""

import socket
from types import SimpleNamespace

import pytest
from ckanext.harvest import queue

from ckanext.leszno_ngo.harvest import addresses, messages
from ckanext.leszno_ngo.harvest.http import shown_url
from ckanext.leszno_ngo.harvest.model import SourceError
from tests.harvest import fake_server
from tests.harvest.test_jobs import CONTENT, shown, start, work

OURS = "127.0.0.1"
#: Names and what they are at, one after another: the last answer stays.
NAMES = {
    "rejestr.example": [[OURS]],
    "wewnetrzny.example": [["10.0.0.5"]],
    "polowa.example": [[OURS, "10.0.0.5"]],
    "chmura.example": [["169.254.169.254"]],
    "mapowany.example": [["::ffff:10.0.0.5"]],
    "zmienny.example": [[OURS], ["10.0.0.5"]],
    "pusty.example": [[]],
}
REDIRECTS = (
    *("http://10.0.0.5/a", "http://wewnetrzny.example/a", "//169.254.169.254/latest/meta-data"),
    *("http://[::1]/a", "http://localhost/a", "http://2130706433/a", "file:///etc/passwd"),
    *("http://user:pass@10.0.0.5/a", "gopher://127.0.0.1:6379/_FLUSHALL", "http://brak.example/a"),
)


@pytest.fixture
def network(ckan_config, monkeypatch):
    """What the worker asks the resolver for, and what it dials."""
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.harvest.retries", 0)
    answers = {name: list(found) for name, found in NAMES.items()}
    found = SimpleNamespace(asked=[], dialled=[])
    system, connect, public = socket.getaddrinfo, socket.socket.connect, addresses.is_public

    def getaddrinfo(host, port, *args, **keywords):
        if host in (OURS, "localhost", "::1", "2130706433"):
            return system(host, port, *args, **keywords)
        found.asked.append(host)
        known = answers.get(host)
        if known is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        listed = known.pop(0) if len(known) > 1 else known[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in listed]

    def dial(self, address):
        found.dialled.append(address)
        assert address[0] in (OURS, "::1"), "another address was dialled"
        return connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket.socket, "connect", dial)
    monkeypatch.setattr(addresses, "is_public", lambda one: one == OURS or public(one))
    queue.purge_queues()
    return found


def worked(harvest, kind, url):
    """What a job of a new source ends with, worked off by the queue's worker."""
    job = start(harvest, harvest.source(kind, url=url))
    work()
    _status, errors = shown(job)
    return errors


def refusal(url):
    with messages.portal_language():
        return messages.stop(SourceError("private_address", url=shown_url(url)))


def at(server, name, path="/rejestr.csv"):
    return server.url.replace(OURS, name) + path


def test_a_public_name_is_resolved_once_and_fetched(harvest, server, network):
    server.files["/rejestr.csv"] = fake_server.answer(CONTENT.encode())
    assert worked(harvest, "register", at(server, "rejestr.example")) == []
    assert len(harvest.records()) == 2
    assert network.asked == ["rejestr.example"]


@pytest.mark.parametrize("kind", ["register", "ckan", "opp"])
def test_what_is_not_public_is_refused_in_one_sentence_before_anything_is_dialled(
    harvest, server, network, kind
):
    names = [name for name in NAMES if name not in ("rejestr.example", "zmienny.example")]
    port, told = int(server.url.rpartition(":")[2]), set()
    for name in (*names, "brak.example", "[::1]"):
        server.files["/rejestr.csv"] = fake_server.answer(CONTENT.encode())
        (error,) = worked(harvest, kind, at(server, name))
        told.add(error.partition(" ")[2])  # behind the address itself
    assert told == {refusal("x").partition(" ")[2]}
    assert server.requests == []
    assert not {address[1] for address in network.dialled} & {port}


def test_no_redirect_leads_elsewhere(harvest, server, network):
    for number, to in enumerate(REDIRECTS):
        path = f"/{number}.csv"
        server.files[path] = fake_server.redirect(to)
        url = at(server, "rejestr.example", path)
        (error,) = worked(harvest, "register", url)
        assert "10.0.0.5" in error or "Brak" not in error
    ports = {address[1] for address in network.dialled}
    assert 80 not in ports
    assert network.asked == ["rejestr.example"] * len(REDIRECTS)
    assert [path for path, *_ in server.requests] == [f"/{n}.csv" for n in range(len(REDIRECTS))]
    assert harvest.records() == {}


def test_a_name_that_changes_after_the_first_answer_is_refused(harvest, server, network):
    headers = {"Connection": "close", "Location": "/rejestr.csv"}
    server.files["/a.csv"] = fake_server.answer(status=302, headers=headers)
    server.files["/rejestr.csv"] = fake_server.answer(CONTENT.encode())
    url = at(server, "zmienny.example", "/a.csv")
    told = refusal(at(server, "zmienny.example"))
    assert worked(harvest, "register", url) == [told]
    assert network.asked == ["zmienny.example"] * 2
    assert server.asked("/rejestr.csv") == 0
