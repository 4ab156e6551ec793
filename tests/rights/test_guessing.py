"""Guessing of passwords: slowed by account and address; nobody is locked out by others."""

import pytest
from ckan import model
from ckan.lib import mailer
from ckan.lib.redis import connect_to_redis
from ckan.model import user as ckan_user
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.leszno_ngo.logic import attempts, passwords
from tests.rights.test_sessions import PASSWORD, Browser

pytestmark = pytest.mark.usefixtures("clean_catalogue")
HERE, ELSEWHERE = "203.0.113.5", "198.51.100.7"


@pytest.fixture(autouse=True)
def _forget_attempts():
    yield
    redis = connect_to_redis()
    for key in redis.scan_iter("*:leszno_ngo:login:*"):
        redis.delete(key)


@pytest.fixture
def official():
    return factories.User(password=PASSWORD)


@pytest.fixture
def log_in(app):
    """``log_in(user, password, address, browser)`` is the answer's status."""

    def send(user, password=PASSWORD, address=HERE, browser=None, header=None):
        browser = browser or Browser(app.test_client())
        form = {"login": user["name"], "password": password}
        headers = {"X-Forwarded-For": header} if header else {}
        answer = browser.post(
            "/user/login", form, environ_overrides={"REMOTE_ADDR": address}, headers=headers
        )
        return answer.status_code

    return send


def test_an_account_at_an_address_is_slowed_then_free_again(log_in, official, monkeypatch):
    monkeypatch.setattr(attempts, "ACCOUNT_AT_ADDRESS", attempts.Limit(3, 60))
    answers = [log_in(official, "zle-haslo") for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert log_in(official) == 429  # though the password is right
    assert log_in(official, address=ELSEWHERE) == 302
    for key in connect_to_redis().scan_iter("*:leszno_ngo:login:pair:*"):
        assert 0 < connect_to_redis().ttl(key) <= 60
        connect_to_redis().delete(key)  # a minute later
    assert log_in(official) == 302


def test_being_slowed_says_nothing_of_who_has_an_account(log_in, official, monkeypatch):
    """However a login is written, and whether there is such an account."""
    monkeypatch.setattr(attempts, "ACCOUNT_AT_ADDRESS", attempts.Limit(2, 60))
    name, mail = official["name"], official["email"]
    for number, login in enumerate((name, mail, "nikt", "nikt@leszno.pl")):
        address = f"192.0.2.{number}"
        wide = chr(ord(login[0]) + 0xFEE0) + login[1:]
        written = (login, f" {login} ", login.upper(), wide)
        answers = [log_in({"name": one}, "x", address=address) for one in written]
        assert answers == [200, 200, 429, 429], login
        other = mail if login == name else name
        assert log_in({"name": other}, "x", address=address) == 200


@pytest.mark.parametrize("kind", ["there", "absent", "deleted", "without a password"])
def test_a_password_is_looked_at_once_whoever_has_an_account(log_in, official, kind, monkeypatch):
    user = model.User.get(official["id"])
    if kind == "deleted":
        user.delete()
    elif kind == "without a password":
        user._password = None
    model.Session.commit()
    passwords._nobodys()
    hashes, looked = ckan_user.pbkdf2_sha512, []
    verify = hashes.verify
    monkeypatch.setattr(hashes, "verify", lambda *given: looked.append(given[1]) or verify(*given))
    assert log_in({"name": "nikt"} if kind == "absent" else official, "zle-haslo") == 200
    assert [hashes.from_string(one).rounds for one in looked] == [hashes.default_rounds]


def test_a_password_of_any_length_is_a_wrong_one(log_in, official):
    assert [log_in(one, "x" * 5000) for one in (official, {"name": "nikt"})] == [200, 200]
    act, given = tk.get_action("user_patch"), {"id": official["id"], "password": "nowe-Haslo-22"}
    with pytest.raises(tk.ValidationError) as raised:
        act({"user": official["name"]}, {**given, "old_password": "x" * 5000})
    assert list(raised.value.error_dict) == ["old_password"]


def test_an_address_that_tries_many_accounts_is_slowed(log_in, official, monkeypatch):
    monkeypatch.setattr(attempts, "ADDRESS", attempts.Limit(4, 60))
    for number in range(4):
        assert log_in({"name": f"kto{number}"}, "x") == 200
    assert log_in({"name": "kto5"}, "x") == 429
    assert log_in(official) == 429
    assert log_in(official, address=ELSEWHERE) == 302


def test_a_header_makes_no_new_client(log_in, official, monkeypatch):
    monkeypatch.setattr(attempts, "ACCOUNT_AT_ADDRESS", attempts.Limit(2, 60))
    answers = [log_in(official, "x", header=f"10.0.0.{n}") for n in range(4)]
    assert answers == [200, 200, 429, 429]


def test_the_word_of_a_known_proxy_is_taken(log_in, official, monkeypatch):
    monkeypatch.setattr(attempts, "ACCOUNT_AT_ADDRESS", attempts.Limit(1, 60))
    assert log_in(official, "x", address="127.0.0.1", header=f"6.6.6.6, {HERE}") == 200
    assert log_in(official, "x", address="127.0.0.1", header=f"7.7.7.7, {HERE}") == 429
    assert log_in(official, address="127.0.0.1", header=ELSEWHERE) == 302


def test_an_attack_from_everywhere_is_slowed_without_its_owner(log_in, official, monkeypatch, logs):
    """Nobody sees that the account's count is full: there is none of an account that is not."""
    monkeypatch.setattr(attempts, "ACCOUNT", attempts.Limit(3, 60))
    assert log_in(official, address=HERE) == 302  # known from now on
    answers = [log_in(official, "x", address=f"192.0.2.{n}") for n in range(5)]
    assert answers == [200] * 5
    assert log_in(official, address="192.0.2.9") == 200  # though the password is right
    assert official["id"] in logs.text
    assert log_in(official, address=HERE) == 302


def test_guesses_at_the_same_address_do_not_lock_a_known_browser_out(
    log_in, official, app, monkeypatch
):
    monkeypatch.setattr(attempts, "ACCOUNT_AT_ADDRESS", attempts.Limit(2, 60))
    monkeypatch.setattr(attempts, "ADDRESS", attempts.Limit(2, 60))
    mine = Browser(app.test_client())
    assert log_in(official, browser=mine) == 302
    mine.post("/user/_logout")
    for _ in range(4):
        log_in(official, "x")
    assert log_in(official, address=HERE) == 429
    assert log_in(official, browser=mine) == 302


def test_a_known_browser_is_slowed_by_its_own_guesses(log_in, official, app, monkeypatch):
    monkeypatch.setattr(attempts, "DEVICE", attempts.Limit(2, 60))
    mine = Browser(app.test_client())
    log_in(official, browser=mine)
    mine.post("/user/_logout")
    assert [log_in(official, "x", browser=mine) for _ in range(3)] == [200, 200, 429]


def test_whoever_sets_a_password_by_a_letter_gets_in_whatever_others_guess(
    log_in, app, monkeypatch
):
    """An account that has never logged in, and attempts enough to close every other way."""
    official = factories.User(password=PASSWORD)
    for limit in ("ACCOUNT_AT_ADDRESS", "ADDRESS", "ACCOUNT"):
        monkeypatch.setattr(attempts, limit, attempts.Limit(1, 60))
    for address in (HERE, HERE, ELSEWHERE, ELSEWHERE):
        log_in(official, "zle-haslo", address=address)
    assert log_in(official, address="192.0.2.9") == 200
    mailer.create_reset_key(model.User.get(official["id"]))
    link = f"/user/reset/{official['id']}?key={model.User.get(official['id']).reset_key}"
    mine = Browser(app.test_client())
    mine.post(link, {"password1": "nowe-Haslo-22", "password2": "nowe-Haslo-22"})
    assert log_in(official, "nowe-Haslo-22", browser=mine) == 302
    assert log_in(official, "nowe-Haslo-22") == 429  # as a stranger, at the same address


def test_the_old_password_is_not_guessed_by_who_is_logged_in(official, monkeypatch):
    monkeypatch.setattr(attempts, "DEVICE", attempts.Limit(2, 120))
    given = {"id": official["id"], "password": "nowe-Haslo-22"}
    said = []
    for _ in range(4):
        act, context = tk.get_action("user_patch"), {"user": official["name"]}
        with pytest.raises(tk.ValidationError) as raised:
            act(context, {**given, "old_password": "zle"})
        said += raised.value.error_dict["old_password"]
    assert ["minut" in text for text in said] == [False, False, True, True]


def test_the_page_says_when_to_try_again(app, official, monkeypatch):
    monkeypatch.setattr(attempts, "ACCOUNT_AT_ADDRESS", attempts.Limit(0, 120))
    form = {"login": official["name"], "password": "x"}
    answer = Browser(app.test_client()).post("/user/login", form)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 429
    assert "Za dużo prób logowania" in text
    assert "Spróbuj znów za 2 minuty" in text
    assert "/user/reset" in text


def test_redis_keeps_no_names_and_no_addresses(log_in, official):
    log_in(official, "x")
    keys = [key.decode() for key in connect_to_redis().scan_iter("*:leszno_ngo:login:*")]
    assert keys
    assert not [k for k in keys if HERE in k or official["id"] in k or official["name"] in k]
