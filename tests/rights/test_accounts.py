"""Pages of accounts: nobody learns from them who has one, and no odd form breaks them."""

import contextlib
import re
import smtplib
import socket
import threading
import time
from email import message_from_string
from email.header import decode_header, make_header

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import mailer
from ckan.tests import factories

from ckanext.leszno_ngo.ckan_compat import mailing
from ckanext.leszno_ngo.logic import attempts, lost_passwords

pytestmark = pytest.mark.usefixtures("clean_catalogue")

KNOWN, WITHOUT_MAIL, UNKNOWN = "anna-nowak", "bez-poczty", "nie-ma-takiego"


@pytest.fixture
def _accounts(clean_catalogue):
    factories.User(name=KNOWN, email="anna@example.org")
    factories.User(name=WITHOUT_MAIL)
    model.User.get(WITHOUT_MAIL).email = None
    model.Session.commit()


@pytest.fixture
def jobs(monkeypatch):
    redis, kept = lost_passwords.connect_to_redis(), []
    for key in redis.scan_iter("*:login:letters:*"):  # of other tests
        redis.delete(key)
    monkeypatch.setattr(tk, "enqueue_job", lambda job, args, **_more: kept.append((job, args)))
    return kept


def answer(app, method, address, name, **sent):
    """An answer without what differs by who is asked for, and by the moment."""
    found = app.test_client().open(
        address.replace("{}", name), method=method, follow_redirects=False, **sent
    )
    text = found.get_data(as_text=True).replace(name, "{}")
    text = re.sub(r'(value|content)="[\w.-]{40,}"', "", text)
    return found.status_code, found.headers.get("Location"), text


@pytest.mark.usefixtures("_accounts")
def test_a_lost_password_is_answered_alike_whoever_is_meant(app, jobs):
    names = (KNOWN, "anna@example.org", WITHOUT_MAIL, UNKNOWN, "nikt@example.org", "a" * 3000)
    found = {answer(app, "POST", "/user/reset", name, data={"user": name}) for name in names}
    assert [status for status, _where, _text in found] == [302]
    assert [args for _job, args in jobs] == [[name] for name in names]
    address = {"REMOTE_ADDR": "192.0.2.1"}
    for number in range(40):
        given = {"data": {"user": f"nikt-{number}"}, "environ_overrides": address}
        found.add(answer(app, "POST", "/user/reset", f"nikt-{number}", **given))
    assert len(found) == 1
    assert len(jobs) == len(names) + attempts.LETTERS.attempts


@pytest.mark.usefixtures("_accounts")
def test_the_letter_goes_to_whoever_is_meant(monkeypatch):
    sent = []
    monkeypatch.setattr(mailer, "send_reset_link", lambda user: sent.append(user.name))
    for typed in (KNOWN, "Anna@Example.org", WITHOUT_MAIL, UNKNOWN, "@"):
        lost_passwords.send(typed)
    assert sent == [KNOWN]


@pytest.mark.usefixtures("_accounts")
def test_a_letter_holds_for_a_while_however_many_are_asked_for(monkeypatch):
    keys = []
    monkeypatch.setattr(mailer, "mail_user", lambda user, *_, **_more: keys.append(user.reset_key))
    for _ in range(3):
        lost_passwords.send(KNOWN)
    assert keys == [model.User.get(KNOWN).reset_key]
    lost_passwords.connect_to_redis().delete(lost_passwords._sent(model.User.get(KNOWN).id))
    lost_passwords.send(KNOWN)  # ten minutes later
    assert len(keys) == 2


@pytest.mark.usefixtures("clean_catalogue")
def test_every_account_with_an_address_gets_a_link_that_holds(monkeypatch):
    names = {"anna-pierwsza", "anna-druga", "anna-trzecia"}
    for name in names:
        factories.User(name=name, email=f"{name}@example.org")
    # Of accounts that are active, one alone has an address; those invited may have it, too.
    shared = {"email": "wspolna@example.org", "state": model.State.PENDING}
    accounts = model.Session.query(model.User).filter(model.User.name.in_(names))
    accounts.update(shared, synchronize_session=False)
    model.repo.commit_and_remove()
    letters = {}
    monkeypatch.setattr(
        mailer, "mail_user", lambda user, _subject, body, **_more: letters.update({user.name: body})
    )
    lost_passwords.send("wspolna@example.org")
    model.Session.remove()
    keys = {name: model.User.get(name).reset_key for name in names}
    assert letters.keys() == names
    assert all(keys[name] and keys[name] in letters[name] for name in names)


class Texting:
    """A plugin that tells people by a text message."""

    def __init__(self):
        self.told = []

    def notify_about_topic(self, is_told, topic, data):
        self.told.append((topic, data["user"].name))
        return True


@pytest.mark.usefixtures("_accounts")
def test_a_plugin_may_tell_people_in_its_own_way(monkeypatch):
    plugin, sent = Texting(), []
    monkeypatch.setattr(mailer, "send_reset_link", sent.append)
    found = {p.INotifier: [plugin]}
    monkeypatch.setattr(lost_passwords.p, "PluginImplementations", lambda kind: found[kind])
    lost_passwords.send(KNOWN)
    assert plugin.told == [("request_password_reset", KNOWN)]
    assert sent == []


@pytest.mark.usefixtures("_accounts")
def test_a_mail_server_that_is_not_there_breaks_no_job():
    lost_passwords.send(KNOWN)  # no address to send from is set


@pytest.mark.usefixtures("_accounts")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("key", ["", "x", "a" * 300])
def test_a_wrong_key_is_refused_alike_whoever_is_meant(app, method, key):
    query = {"key": key} if key else None
    found = {
        answer(app, method, "/user/reset/{}", name, query_string=query)
        for name in (KNOWN, WITHOUT_MAIL, UNKNOWN)
    }
    assert [status for status, _where, _text in found] == [403]


@pytest.mark.usefixtures("_accounts")
def test_a_right_key_opens_the_form(app):
    mailer.create_reset_key(model.User.get(KNOWN))
    key = model.User.get(KNOWN).reset_key
    assert app.get(f"/user/reset/{KNOWN}?key={key}").status_code == 200


@pytest.mark.usefixtures("_accounts")
def test_of_several_who_use_a_link_at_once_one_sets_the_password(app, monkeypatch):
    user = model.User.get(KNOWN)
    mailer.create_reset_key(user)
    link = f"/user/reset/{KNOWN}?key={model.User.get(KNOWN).reset_key}"
    with monkeypatch.context() as patch:
        # As it is before the other request has come to the end.
        patch.setattr(mailer, "create_reset_key", lambda _user: None)
        sent = [
            {"password1": new, "password2": other}
            for new, other in (
                ("Pierwsze-haslo-1", "x"),
                ("Pierwsze-haslo-1", "Pierwsze-haslo-1"),
                ("Drugie-haslo-22", "Drugie-haslo-22"),
            )
        ]
        answers = [app.post(link, data=one, follow_redirects=False).status_code for one in sent]
    assert answers == [200, 302, 403]
    assert model.User.get(KNOWN).validate_password("Pierwsze-haslo-1")


@pytest.mark.usefixtures("_accounts")
def test_no_page_and_no_action_tells_a_visitor_who_has_an_account(app):
    told = []
    for rule in app.flask_app.url_map.iter_rules():
        if rule.rule.startswith("/user/") and len(rule.arguments) == 1:
            address = re.sub("<.*>", "{}", rule.rule)
            for method in rule.methods & {"GET", "POST"}:
                if answer(app, method, address, KNOWN) != answer(app, method, address, UNKNOWN):
                    told.append((method, address))  # noqa: PERF401
    for action in ABOUT_ACCOUNTS:
        given = [{"id": name, "q": name, "user": name} for name in (KNOWN, UNKNOWN)]
        asked = [answer(app, "POST", f"/api/3/action/{action}", "{}", json=one) for one in given]
        if asked[0] != asked[1]:
            told.append(action)  # noqa: PERF401
    assert told == []


ABOUT_ACCOUNTS = [
    "am_following_user",
    "followee_list",
    "group_list_authz",
    "organization_list_for_user",
    "user_activity_list",
    "user_autocomplete",
    "user_followee_count",
    "user_follower_count",
    "user_list",
    "user_patch",
    "user_show",
]


@pytest.mark.usefixtures("_accounts")
@pytest.mark.parametrize("form", [{}, {"username": KNOWN}, {"username": KNOWN, "status": "odd"}])
def test_who_is_no_sysadmin_is_refused_before_the_form_is_read(app, form):
    for headers in ({}, {"Authorization": factories.UserWithToken(name=KNOWN + "-2")["token"]}):
        app.post("/user/sysadmin", data=form, headers=headers, status=403)
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    app.post("/user/sysadmin", data=form, headers=headers, status=400)


FORMS = {
    f"/user/edit/{KNOWN}": ("name", "email", "about", "password1", "state", "activate_user"),
    f"/user/{KNOWN}/api-tokens": ("name", "expires_in", "unit"),
    f"/user/{KNOWN}/api-tokens/revoke": ("token",),
    "/user/register": ("name", "email", "password1"),
    "/user/sysadmin": ("username", "status"),
    "/organization/member_new/wydzial": ("username", "email", "role"),
    "/user/login": ("login", "password"),
}
ODD = ("", " ", "a" * 3000, "%s", "../x", "\u0661", "-1", "9" * 400, "a\nb")


@pytest.mark.usefixtures("_accounts")
def test_no_odd_form_is_a_server_error(app):
    factories.Organization(name="wydzial")
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    client, broken = app.test_client(), []
    for address, fields in FORMS.items():
        forms = [{}, *({"save": "", field: value} for field in fields for value in ODD)]
        for form in forms:
            if client.post(address, data=form, headers=headers).status_code >= 500:
                broken.append((address, form))  # noqa: PERF401
    for query in ("page", "q", "order_by"):
        for value in ODD:
            if (
                client.get("/user/", query_string={query: value}, headers=headers).status_code
                >= 500
            ):
                broken.append((query, value))  # noqa: PERF401
    assert broken == []


def _call(app, action, given, headers):
    answer = app.post(f"/api/3/action/{action}", json=given, headers=headers)
    model.Session.rollback()
    return answer


def test_nothing_remains_of_an_invitation_that_failed(app, mail_server, monkeypatch):
    boss, official = factories.SysadminWithToken(), factories.UserWithToken()
    unit = factories.Organization(
        users=[{"name": official["name"], "capacity": "admin"}], title="Wydział"
    )["id"]
    before = {user.id for user in model.Session.query(model.User)}
    good = {"email": "nowa@example.org", "group_id": unit, "role": "admin"}
    odd = [{"email": email} for email in (5, ["x"], {}, None, "", "x", "a@b.pl\r\nBcc: c@d.pl")]
    odd += [{"role": role} for role in ("nic", 5, ["admin"], None)] + [{"group_id": ["x"]}]

    def is_as_before():
        model.Session.expire_all()
        members = {m.table_id for m in model.Session.query(model.Member).filter_by(group_id=unit)}
        accounts = {user.id for user in model.Session.query(model.User)}
        return accounts == before and members <= before

    def refuse(*_args, **_more):
        raise mailer.MailerException("no server")

    for person in (boss, official):
        headers = {"Authorization": person["token"]}
        # The portal has no address to send from, as with `make run`.
        for _ in range(2):
            answer = _call(app, "user_invite", good, headers)
            assert answer.status_code == 409, answer.body
            assert list(answer.json["error"]) == ["email", "__type"]
        with monkeypatch.context() as patch:
            patch.setitem(tk.config, "smtp.mail_from", "portal@example.org")
            for given in odd:
                answer = _call(app, "user_invite", {**good, **given}, headers)
                assert 400 <= answer.status_code < 500, given
                assert is_as_before(), given
            for fault in (refuse, lambda *_args: "".missing):
                patch.setattr(mailer, "send_invite", fault)
                answer = _call(app, "user_invite", good, headers)
                assert answer.status_code == 409, answer.body
                assert is_as_before()
    assert mail_server.get_smtp_messages() == []
    monkeypatch.setitem(tk.config, "smtp.mail_from", "portal@example.org")
    assert _call(app, "user_invite", good, headers).status_code == 200
    assert len(mail_server.get_smtp_messages()) == 1


@pytest.mark.parametrize("said", [b"", b"220-wait\r\n"], ids=["nothing", "a line again and again"])
def test_a_mail_server_that_never_comes_to_an_end_holds_nobody(monkeypatch, said):
    """Neither an invitation nor the queue of jobs waits longer than the limit of a letter."""
    monkeypatch.setattr(mailing, "LONGEST", 0.5)
    closed = threading.Event()

    def serve(listening):
        connection, _ = listening.accept()
        with connection, contextlib.suppress(OSError):
            while not closed.wait(0.05):
                connection.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=serve, args=[listening], daemon=True)
        server.start()
        monkeypatch.setitem(tk.config, "smtp.server", f"127.0.0.1:{listening.getsockname()[1]}")
        monkeypatch.setitem(tk.config, "smtp.mail_from", "portal@example.org")
        start = time.monotonic()
        try:
            with pytest.raises((mailer.MailerException, smtplib.SMTPException)):
                mailer.mail_recipient("Jan", "jan@example.org", "About", "Text")
            assert time.monotonic() - start < 10
        finally:
            closed.set()
            server.join(10)


#: What breaks a line, controls a terminal or cannot stand in XML.
BROKEN = "Jan\r\nBcc: z@example.org\u2028a\x0b\ufffeb"
TITLE = 'Leszno "A" & B <c>'
PLAIN = "Jan Bcc: z@example.org a b"


def test_no_name_has_a_line_break_by_any_road(app):
    boss, account = factories.SysadminWithToken(), factories.User()
    unit, group = factories.Organization()["id"], factories.Group()["id"]
    source = {
        "name": "zrodlo",
        "url": "https://example.org/a.csv",
        "source_type": "leszno_ngo_register",
        "owner_org": unit,
    }
    new = {"name": "nowy", "email": "nowy@example.org", "password": "haslo-Testowe-1"}
    asked = [
        ("user_create", "fullname", new),
        ("user_patch", "fullname", {"id": account["id"]}),
        ("organization_create", "title", {"name": "nowy-wydzial"}),
        ("organization_patch", "title", {"id": unit}),
        ("group_create", "title", {"name": "nowa-grupa"}),
        ("group_patch", "title", {"id": group}),
        ("harvest_source_create", "title", source),
        ("package_create", "title", {"name": "zbior", "owner_org": unit}),
        ("package_patch", "title", {"id": "zbior"}),
    ]
    headers = {"Authorization": boss["token"]}
    for action, name, given in asked:
        answer = _call(app, action, {**given, name: BROKEN}, headers)
        assert answer.status_code == 200, (action, answer.body)
        assert answer.json["result"][name] == PLAIN, action
    token = {"user": account["name"], "name": BROKEN}
    assert _call(app, "api_token_create", token, headers).status_code == 200
    kept = model.Session.query(model.ApiToken).filter_by(user_id=account["id"])
    assert [one.name for one in kept] == [PLAIN]


@pytest.mark.usefixtures("_accounts")
def test_a_name_stored_with_a_line_break_breaks_no_letter(app, mail_server, monkeypatch):
    monkeypatch.setitem(tk.config, "smtp.mail_from", "portal@example.org")
    model.User.get(KNOWN).fullname = BROKEN
    unit = factories.Organization()["id"]
    model.Group.get(unit).title = BROKEN
    model.repo.commit_and_remove()
    monkeypatch.setitem(tk.config, "ckan.site_title", TITLE)
    lost_passwords.send(KNOWN)
    boss = {"Authorization": factories.SysadminWithToken()["token"]}
    given = {"email": "nowa@example.org", "group_id": unit, "role": "member"}
    assert _call(app, "user_invite", given, boss).status_code == 200
    letters = [message_from_string(one[3]) for one in mail_server.get_smtp_messages()]
    assert [one["Bcc"] for one in letters] == [None, None]
    assert PLAIN in str(make_header(decode_header(letters[0]["To"])))
    again = [_call(app, "user_invite", given, boss).status_code for _ in range(3)]
    assert again == [200, 200, 409], "a stranger's mailbox is not filled"
    said = [one.get_payload(decode=True).decode() for one in letters]
    assert PLAIN in said[1]
    # A letter is no HTML.
    assert all(TITLE in one and "&#" not in one and "&amp;" not in one for one in said)
    assert all(TITLE in str(make_header(decode_header(one["Subject"]))) for one in letters)
