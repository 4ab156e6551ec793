from __future__ import annotations

import contextlib
import time
from datetime import datetime, timezone

import pytest
import requests

from ckanext.leszno_ngo.harvest import addresses, http
from ckanext.leszno_ngo.harvest.model import SourceError
from tests.harvest import fake_server as fake

CSV = b"Nazwa;KRS\nA;0000000001\n"


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 1000.0
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def server():
    with fake.running() as running:
        yield running


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def client(clock):
    return make(clock)


def make(clock, resolver=addresses.resolve, **policy):
    return http.Client(http.Policy(**policy), clock=clock, sleep=clock.sleep, resolver=resolver)


def get(client, url, **kwargs):
    with client.fetch(url, **kwargs) as answer:
        return answer, answer.path.read_bytes()


def fails(client, url, **kwargs):
    with pytest.raises(SourceError) as error, client.fetch(url, **kwargs):
        pass
    return error.value


def test_a_file_is_fetched_and_removed_at_the_end(server, client):
    url = server.order(
        "/a.csv", fake.answer(CSV, headers={"Last-Modified": "Tue, 24 Nov 2026 10:00:00 GMT"})
    )
    with client.fetch(url) as answer:
        assert answer.path.read_bytes() == CSV
        assert (answer.status, answer.size, answer.content_type) == (200, len(CSV), "text/csv")
        assert answer.last_modified.startswith("Tue, 24 Nov 2026")
    assert not answer.path.exists()


def test_it_says_who_calls(server, clock):
    get(make(clock, user_agent="proba/1 (um@leszno.pl)"), server.order("/a", fake.answer(CSV)))
    assert server.requests[0][2]["User-Agent"] == "proba/1 (um@leszno.pl)"


def test_no_credentials_of_a_netrc_are_sent(server, client, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    get(client, server.order("/a", fake.answer(CSV)))
    assert "Authorization" not in server.requests[0][2]


def test_a_packed_body_is_unpacked(server, client):
    assert get(client, server.order("/a", fake.gzipped(CSV)))[1] == CSV


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (fake.status(404), "not_found"),
        (fake.status(410), "not_found"),
        (fake.status(403), "forbidden"),
        (fake.status(401), "forbidden"),
        (fake.status(204), "empty"),
        (fake.status(418), "http_status"),
        (fake.answer(b""), "empty"),
        (fake.html(), "html"),
        (fake.answer(b"%PDF", content_type="application/pdf"), "content_type"),
        (fake.answer(CSV, headers={"Content-Encoding": "br"}), "content_encoding"),
        (fake.answer(CSV, headers={"Content-Encoding": "gzip"}), "content_encoding"),
    ],
)
def test_faults_that_another_try_does_not_mend(server, client, fault, code):
    url = server.order("/a", fault)
    assert fails(client, url).code == code
    assert server.asked("/a") == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (fake.status(500), "server_error"),
        (fake.status(503), "server_error"),
        (fake.status(429), "rate_limited"),
        (fake.truncated(CSV), "truncated"),
        (fake.gzipped(CSV * 100, cut=8), "truncated"),
        (
            fake.answer(b"-5\r\nabc\r\n0\r\n\r\n", headers={"Transfer-Encoding": "chunked"}),
            "truncated",
        ),
    ],
)
def test_faults_are_tried_again_with_growing_waits(server, client, clock, fault, code):
    url = server.order("/a", fault)
    assert fails(client, url).code == code
    assert server.asked("/a") == 4
    assert clock.slept == [1.0, 2.0, 4.0]


def test_a_fault_that_passes_is_forgotten(server, client, clock):
    url = server.order("/a", fake.status(500), fake.truncated(CSV), fake.answer(CSV))
    assert get(client, url)[1] == CSV
    assert clock.slept == [1.0, 2.0]


def test_the_wait_the_server_asks_for_is_kept(server, client, clock):
    url = server.order("/a", fake.status(429, Retry_After="17"), fake.answer(CSV))
    assert get(client, url)[1] == CSV
    assert clock.slept == [17.0]


def test_a_wait_too_long_ends_the_tries(server, client, clock):
    url = server.order("/a", fake.status(429, Retry_After="86400"))
    assert fails(client, url).code == "rate_limited"
    assert clock.slept == []


def test_retry_after_as_a_date():
    now = datetime(2026, 11, 24, 10, 0, 0, tzinfo=timezone.utc)
    assert http._retry_after("Tue, 24 Nov 2026 10:00:30 GMT", now) == 30.0
    assert http._retry_after("Tue, 24 Nov 2026 09:00:00 GMT", now) == 0.0
    assert http._retry_after("soon", now) is None
    assert http._retry_after(None, now) is None
    for odd in ("\xb2", "9" * 5000, "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"):
        assert http._retry_after(odd, now) is None, odd


@pytest.mark.parametrize("length", ["\xb2", "9" * 5000])
def test_a_length_that_is_no_number_is_none(server, client, length):
    url = server.order("/a", fake.answer(CSV, headers={"Content-Length": length}))
    assert get(client, url)[1] == CSV


def test_a_server_that_does_not_answer(server, clock):
    client = make(clock, read_timeout=0.1, tries=2)
    assert fails(client, server.order("/a", fake.hangs(server))).code == "timeout"
    assert server.asked("/a") == 2


def test_a_body_that_comes_too_slowly(server):
    clock = Clock()

    def later():
        clock.now += 1
        return clock.now

    client = http.Client(http.Policy(total_timeout=0.5, tries=1), clock=later, sleep=clock.sleep)
    assert fails(client, server.order("/a", fake.answer(CSV))).code == "timeout"


@pytest.mark.parametrize("piece", [b"HTTP/1.1 100 Continue\r\n\r\n", b"x"])
def test_a_head_without_end_is_left(server, clock, piece):
    """Interim answers, or a first line a letter at a time: none is late, and there is no last."""

    def drip(handler):
        with contextlib.suppress(OSError):
            while True:
                handler.wfile.write(piece)
                time.sleep(0.05)

    client = make(clock, tries=1, read_timeout=0.3)
    assert fails(client, server.order("/a", drip)).code == "timeout"


def test_nobody_listens(client):
    with fake.running() as gone:
        url = gone.url
    assert fails(client, url + "/a").code == "unreachable"


def test_a_gigantic_body_is_stopped_early(server, clock):
    client = make(clock, max_bytes=3 << 20)
    assert fails(client, server.order("/a", fake.gigantic(server, 200))).code == "too_big"
    assert server.sent_megabytes < 100


def test_a_gzip_bomb_stays_packed(server, clock):
    client = make(clock, max_bytes=2 << 20)
    assert fails(client, server.order("/a", fake.bomb(300))).code == "too_big"


def test_a_bomb_is_unpacked_a_piece_at_a_time():
    import zlib

    packer = zlib.compressobj(wbits=31)
    packed = packer.compress(b"\0" * (64 << 20)) + packer.flush()
    pieces = http._unpack(zlib.decompressobj(47), packed, "")
    assert max(len(piece) for piece in pieces) <= 1 << 20


def test_redirects_within_one_server_are_followed(server, client):
    server.order("/b.csv", fake.answer(CSV))
    answer, body = get(client, server.order("/a", fake.redirect("/b.csv")))
    assert body == CSV
    assert answer.url == server.url + "/b.csv"


def test_a_redirect_to_another_host_is_refused(server, client):
    with fake.running() as other:
        error = fails(client, server.order("/a", fake.redirect(other.url + "/a?key=secret")))
        assert other.requests == []
    assert error.code == "redirect"
    assert error.detail["to"] == other.url + "/a"


def test_http_may_become_https_on_the_same_host_only():
    http._check_redirect("http://a.pl/x", "https://a.pl/x")
    for old, new in [
        ("https://a.pl/x", "http://a.pl/x"),
        ("http://a.pl/x", "https://b.pl/x"),
        ("http://a.pl/x", "http://a.pl:8080/x"),
    ]:
        with pytest.raises(SourceError):
            http._check_redirect(old, new)


def test_a_redirect_to_a_file_is_refused(server, client):
    assert fails(client, server.order("/a", fake.redirect("file:///etc/passwd"))).code == "address"


@pytest.mark.parametrize(
    "to",
    [
        "http://[",
        "http://[::1",
        "//[x]/a",
        "http://a:b/",
        "http://a.pl:99999/",
        "\xff://[",
        "a\x85b",
    ],
)
def test_a_redirect_to_what_is_no_address_is_a_refused_address(server, client, to):
    error = fails(client, server.order("/a", fake.redirect(to)))
    assert (error.code, server.asked("/a")) == ("address", 1)


def test_the_body_of_a_redirect_is_not_read(server, client):
    url = server.order("/a", fake.answer(status=302, headers={"Location": "/b.csv"}, length=99))
    server.order("/b.csv", fake.answer(CSV))
    assert get(client, url)[1] == CSV


def test_redirects_without_end(server, client):
    assert fails(client, server.order("/a", fake.redirect("/a"))).code == "redirects"


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.pl/x", "gopher://a", "/etc/passwd", "http://", "http://a:b/"],
)
def test_only_http_addresses(client, url):
    assert fails(client, url).code == "address"


# ---------------------------------------------------------------- addresses that are not public


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.31.0.1"),
        *("192.168.1.1", "100.64.0.1", "100.127.255.255", "198.18.0.1", "198.19.255.255"),
        *("192.0.2.1", "198.51.100.7", "203.0.113.9", "192.0.0.8", "192.88.99.1"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::10.0.0.1", "::8.8.8.8", "::ffff:10.0.0.1", "::ffff:8.8.8.8"),
        *("::ffff:0:8.8.8.8", "64:ff9b::a00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1"),
        *("2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1"),
        *("2001:db8::1", "3fff::1", "5f00::1", "2002:a00:1::1", "2002:808:808::1"),
        *("fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fec0::ffff", "ff02::1"),
        *("2a00:1450::1%1", "localhost", "", "8.8.8", "0x7f.1"),
    ],
)
def test_addresses_that_are_not_public(address):
    assert not addresses.is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "212.160.99.1", "2a00:1450:401b::1", "2001:4860::1"]
)
def test_addresses_that_are_public(address):
    assert addresses.is_public(address)


class Names:
    """A resolver that knows a few names, and remembers what it was asked for."""

    def __init__(self, **known):
        self.known = {name.replace("_", "."): list(found) for name, found in known.items()}
        self.asked = []

    def __call__(self, host, port):
        self.asked.append(host)
        if host not in self.known:
            raise OSError("no such name")
        return self.known[host].pop(0) if len(self.known[host]) > 1 else self.known[host][0]


@pytest.fixture
def no_dialling(monkeypatch):
    """Fail where anything is dialled."""

    def dial(*_args, **_keywords):
        raise AssertionError("something was dialled")

    monkeypatch.setattr(addresses, "create_connection", dial)
    monkeypatch.setattr("socket.socket.connect", dial)


@pytest.fixture
def only_loopback_is_public(monkeypatch):
    """Let the test's own server stand for the internet."""
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")


def test_private_addresses_can_be_refused(server, clock, no_dialling):
    guarded = make(clock, refuse_private=True)
    url = server.order("/a", fake.answer(CSV))
    assert fails(guarded, url).code == "private_address"
    for host in ("localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"):
        assert fails(guarded, url.replace("127.0.0.1", host)).code == "private_address"
    assert server.requests == []


def test_one_refusal_whatever_the_reason_and_nothing_is_dialled(clock, no_dialling):
    """Who makes sources must not learn which names a private network knows."""
    names = Names(
        inside_example=[["10.0.0.5"]],
        half_example=[["8.8.8.8", "10.0.0.5"]],
        nat64_example=[["64:ff9b::a00:5"]],
        nothing_example=[[]],
    )
    guarded = make(clock, names, refuse_private=True)
    refusals = set()
    for host in (*names.known, "unknown.example"):
        for scheme in ("http", "https"):
            error = fails(guarded, f"{scheme}://{host}/a")
            refusals.add((error.code, frozenset(error.detail), str(error.__context__.__class__)))
    assert {code for code, *_ in refusals} == {"private_address"}
    assert len(refusals) == 1
    assert clock.slept == []  # no refusal is tried again: the time says nothing either


def test_a_name_is_resolved_once_and_the_checked_address_is_dialled(
    server, clock, only_loopback_is_public, monkeypatch
):
    """A name that changes its mind after the check (DNS rebinding) leads nowhere else."""
    system = addresses.socket.getaddrinfo

    def only_numbers(host, *args, **keywords):
        assert host == "127.0.0.1", "a name was resolved again"
        return system(host, *args, **keywords)

    monkeypatch.setattr("socket.getaddrinfo", only_numbers)
    names = Names(rebinding_example=[["127.0.0.1"], ["10.0.0.5"]])
    guarded = make(clock, names, refuse_private=True)
    url = server.order("/a", fake.answer(CSV)).replace("127.0.0.1", "rebinding.example")
    assert get(guarded, url)[1] == CSV
    assert names.asked == ["rebinding.example"]
    assert server.requests[0][2]["Host"].startswith("rebinding.example:")


def test_the_next_connection_is_checked_again(server, clock, only_loopback_is_public):
    """After a redirect, or when a connection was closed, the name is looked at anew."""
    close = {"Connection": "close", "Location": "/b"}
    server.order("/a", fake.answer(status=302, headers=close))
    url = server.order("/b", fake.answer(CSV)).replace("127.0.0.1", "rebinding.example")
    names = Names(rebinding_example=[["127.0.0.1"], ["10.0.0.5"]])
    guarded = make(clock, names, refuse_private=True)
    assert fails(guarded, url.replace("/b", "/a")).code == "private_address"
    assert names.asked == ["rebinding.example"] * 2
    assert server.asked("/b") == 0


def test_a_public_host_that_does_not_listen(clock, only_loopback_is_public):
    with fake.running() as gone:
        url = gone.url.replace("127.0.0.1", "public.example")
    guarded = make(clock, Names(public_example=[["127.0.0.1"]]), refuse_private=True)
    assert fails(guarded, url + "/a").code == "unreachable"
    assert clock.slept == [1.0, 2.0, 4.0]


def test_the_interval_between_requests_is_kept(server, clock):
    client = make(clock, min_interval=1.5)
    url = server.order("/a", fake.answer(CSV))
    for _ in range(3):
        get(client, url)
    assert clock.slept == [1.5, 1.5]


def test_statuses_that_are_answers(server, client):
    answer, _ = get(client, server.order("/a", fake.status(404)), statuses=(200, 404))
    assert answer.status == 404


def test_no_keys_in_reports():
    url = "https://user:haslo@a.pl:8443/p?apikey=1#x"
    assert http.shown_url(url) == "https://a.pl:8443/p"
    assert http.shown_url("https://a.pl:port/p") == "https://a.pl/p"


# ---------------------------------------------------------------------------------- passwords
def test_a_password_goes_by_https_to_its_host_alone(tmp_path):
    file = tmp_path / "harvest.netrc"
    file.write_text(
        "machine Dane.example.org login leszno password sekret\n"
        "machine dane.example.org:8443 login inny password inny\ndefault login a password b\n"
    )
    file.chmod(0o600)
    client = http.Client(credentials=http.credentials_of(file))

    def sent(url):
        return client._session.prepare_request(requests.Request("GET", url)).headers.get(
            "Authorization"
        )

    at_443 = sent("https://dane.example.org/rejestr.csv")
    assert at_443.startswith("Basic ")
    assert sent("https://dane.example.org:443/rejestr.csv") == at_443
    assert sent("https://dane.example.org:8443/rejestr.csv") not in (None, at_443)
    for url in (
        "http://dane.example.org/rejestr.csv",
        "https://dane.example.org.evil.example/",
        "https://other.example/",
        "https://dane.example.org:9443/rejestr.csv",
    ):
        assert sent(url) is None
    with pytest.raises(SourceError) as unread:
        http.credentials_of(tmp_path / "nothing")
    assert unread.value.code == "credentials"


def test_keys_of_an_address_go_to_its_port_alone():
    client = http.Client(keys=http.keys_of(["https://urzad:tajne@dane.example.org/a.csv?token=t"]))

    def sent(url):
        request = client._session.prepare_request(requests.Request("GET", url))
        return "Authorization" in request.headers, "token=t" in str(request.url)

    assert sent("https://dane.example.org/b.csv") == (True, True)
    assert sent("https://dane.example.org:8443/b.csv") == (False, False)
