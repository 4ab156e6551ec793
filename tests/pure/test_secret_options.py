"""What in a source's address and options is a secret."""

import json

import pytest

from ckanext.leszno_ngo.harvest import secret_options
from ckanext.leszno_ngo.harvest.http import keys_of
from ckanext.leszno_ngo.harvest.secret_options import STANDS_FOR

SECRET = "TAJNE-haslo-1"


def nested(value):
    return {"opcje": [{"servers": {"a": value}}], "force_all": True}


@pytest.mark.parametrize(
    "options",
    [
        {"password": SECRET},
        {"api_key": SECRET},
        {"apiKey": SECRET},
        {"X-Api-Key": SECRET},
        {"clientSecret": SECRET},
        {"access_tokens": [SECRET, SECRET]},
        {"headers": {"Authorization": f"Bearer {SECRET}"}},
        {"headers": [f"Authorization: Bearer {SECRET}"]},
        {"header": f"Basic {SECRET}"},
        {"auth": ["urzad", SECRET]},
        {"auth": {"user": "urzad", "pass": SECRET}},
        {"endpoint": f"https://urzad:{SECRET}@example.org/csw"},
        {"endpoint": f"https://example.org/csw?token={SECRET}"},
        {"Hasło": SECRET},
        nested({"credentials": {"deep": {"er": SECRET}}}),
    ],
)
def test_secrets_are_taken_out_and_put_back(options):
    given = json.dumps({"default_tags": ["a"], **options}, ensure_ascii=False)
    parted = secret_options.part("https://example.org/", given)
    assert SECRET not in parted.config
    assert STANDS_FOR in parted.config
    assert json.loads(parted.config).keys() == json.loads(given).keys()
    assert json.loads(secret_options.join(parted.config, parted.options)) == json.loads(given)
    said = f"GET https://urzad:{SECRET}@example.org/?x={SECRET}"
    assert SECRET not in secret_options.hidden(said, [*parted.options.values(), SECRET])
    # What stands for a secret is none.
    again = secret_options.part("https://example.org/", parted.config)
    assert (again.config, dict(again.options)) == (parted.config, {})


@pytest.mark.parametrize(
    "config",
    [
        "",
        "{",
        "null",
        '"text"',
        '{"default_tags": ["token ring", "klucz"], "author": "Jan", "remote_groups": "only_local"}',
        '{"primary_key": "id", "password": "", "token": null, "use_tokens": true}',
        '{"notes": "Bearer of news", "url": "https://example.org/monkey?q=key"}',
        "[" * 3000 + "]" * 3000,
    ],
)
def test_what_is_no_secret_stays_as_it_is(config):
    parted = secret_options.part("https://example.org/a.csv?rok=2026", config)
    assert (parted.config, parted.has_any) == (config, False)


def test_known_options_keep_their_words_and_lose_passwords_in_addresses():
    given = json.dumps({"columns": {"Token": "title"}, "base_url": f"https://a:{SECRET}@x.org"})
    parted = secret_options.part("", given, ("columns", "base_url"))
    assert json.loads(parted.config) == {"columns": {"Token": "title"}, "base_url": "https://x.org"}
    assert dict(parted.options) == {("base_url",): f"https://a:{SECRET}@x.org"}
    keys = keys_of([*parted.options.values(), f"https://y.org/a?rok=1&token={SECRET}"])
    assert keys.credentials == {("x.org", 443): ("a", SECRET)}
    assert keys.parameters == {("y.org", 443): [("token", SECRET)]}


def test_what_is_in_a_list_stays_while_the_list_does():
    def config(*servers, **more):
        return json.dumps({"s": {"list": [{"n": n, "key": STANDS_FOR} for n in servers]}, **more})

    place, kept = ("s", "list", 0, "key"), config("a", "b")
    assert secret_options.stays(place, kept, config("a", "b", force=True))
    for other in (config("b"), config("a"), config("b", "a"), config("a", "b", "c")):
        assert not secret_options.stays(place, kept, other)
    assert secret_options.stays(("api_key",), '{"api_key": "x", "l": [1]}', '{"api_key": "x"}')


SERVERS = [
    {"a": "https://two.example/x"},
    {"host": "two.example"},
    {"Host": "intranet"},
    {"csw": {"server": {"name": "intranet"}}},
    {"serverAddress": "two"},
    {"port": 443},
    {"proxyScheme": "https"},
    {"base": "two.example:8443/api"},
    {"base": "user@two.example"},
    {"base": "baza:5432"},
    {"base": "10.0.0.2"},
    {"base": "[2001:db8::2]:80"},
    {"base": "2001:db8::2"},
    {"nodes": ["one.example", "two.example"]},
    {"bases": "one.example, two.example"},
    {"base": "see https://one.example and https://two.example/"},
    {"base": "//two.example/x"},
]


@pytest.mark.parametrize("options", SERVERS, ids=json.dumps)
def test_whatever_leads_to_another_server_is_told(options):
    def led(text):
        return secret_options.hosts("https://one.example/", text)

    config = json.dumps(options)
    other = config.replace("two", "zly").replace("intranet", "zly").replace("::2", "::3")
    other = other.replace("443", "444").replace('"https"', '"http"').replace("baza:", "zla:")
    other = other.replace("0.2", "0.3")
    assert other != config
    assert not led(other) <= led(config)


def test_a_server_that_changes_its_place_is_another_one():
    def led(url, **options):
        return secret_options.hosts(url, json.dumps(options))

    one, two = "https://one.example/", "https://two.example/"
    assert not led(two, proxy=one) <= led(one, proxy=two)
    assert not led(one, a="b.example", b="a.example") <= led(one, a="a.example", b="b.example")
    assert led(f"{one}nowe?rok=2026") == led(one)
    assert led(one, host=STANDS_FOR, force_all=True, default_tags=["sport"]) == led(one)
