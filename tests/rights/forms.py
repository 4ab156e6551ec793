"""What is sent to each route that takes POST, and what has to be there before."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from tests.cooperation import records
from tests.rights.portal import PASSWORD, TYPE

_DAY = dt.datetime(2026, 1, 1)  # noqa: DTZ001  (columns without a zone)


@dataclass
class Sent:
    """A form.

    :param form: its controls
    :param query: parameters of the address
    :param prepare: what is done before it is sent
    """

    form: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    prepare: Callable[[], Any] | None = None


def sent(portal: SimpleNamespace, rule: Any, folded: str, role: str, state: str) -> Sent:
    """Return the form for a route.

    :param rule: the route
    :param folded: its address as the table has it
    :param role: who sends it
    """
    make = _FORMS.get(folded) or _FORMS.get(rule.endpoint.partition(".")[2])
    return make(portal, role, state) if make else Sent()


def _record(portal: SimpleNamespace, _role: str, state: str) -> Sent:
    small = {"title": "Zmieniony", **records.SMALL[TYPE], "name": f"wpis-{state}"}
    return Sent({**small, "owner_org": portal.unit, "state": "", "save": "1"})


def _new_record(portal: SimpleNamespace, *_: Any) -> Sent:
    small = {"title": "Nowy", **records.SMALL[TYPE], "name": "nowy-wpis"}
    return Sent({**small, "owner_org": portal.unit, "save": "1"})


def _dataset(portal: SimpleNamespace, *_: Any) -> Sent:
    given = {"title": "Zbiór", "name": "zbior", "owner_org": portal.unit, "notes": "Nowy opis"}
    return Sent({**given, "save": "1"})


def _new_dataset(portal: SimpleNamespace, *_: Any) -> Sent:
    given = {"title": "Nowy zbiór", "name": "nowy-zbior", "owner_org": portal.unit, "notes": "Opis"}
    return Sent({**given, "save": "go-metadata"})


def _source(portal: SimpleNamespace, *_: Any) -> Sent:
    return Sent(
        {
            "title": "Nowe źródło",
            "name": "zrodlo",
            "url": "https://example.org/rejestr.csv",
            "source_type": "leszno_ngo_register",
            "owner_org": portal.unit,
            "frequency": "MANUAL",
            "save": "1",
        }
    )


def _new_source(portal: SimpleNamespace, *_: Any) -> Sent:
    form = _source(portal).form
    return Sent({**form, "name": "nowe-zrodlo", "url": "https://example.org/nowe.csv"})


def _finished(portal: SimpleNamespace) -> None:
    from ckanext.harvest.model import HarvestJob

    model.Session.query(HarvestJob).filter_by(id=portal.job).update({"status": "Finished"})
    model.Session.commit()


def _refresh(portal: SimpleNamespace, *_: Any) -> Sent:
    return Sent(prepare=lambda: _finished(portal))


def _confirm(portal: SimpleNamespace, *_: Any) -> Sent:
    from ckanext.leszno_ngo.harvest import store

    def prepare() -> None:
        _finished(portal)
        store.add_summary(portal.job, portal.source, {"plan": "0" * 32, "unchanged": 0})
        model.Session.commit()

    return Sent(prepare=prepare)


def _undo(portal: SimpleNamespace, *_: Any) -> Sent:
    from ckanext.leszno_ngo.harvest import undo

    def prepare() -> None:
        title = model.Package.get(portal.records["public"]).title
        fields = {"title": ("Tytuł sprzed pobrania", title)}
        object_id = portal.objects["public"]
        step = undo.Step(portal.records["public"], "changed", fields, object_id)
        undo.keep(portal.job, portal.source, [step])
        model.Session.commit()

    return Sent(prepare=prepare)


def _to_clear(portal: SimpleNamespace, *_: Any) -> Sent:
    def prepare() -> None:
        record = {"id": portal.records["public"]}
        model.Session.execute(sa.text("DELETE FROM activity WHERE object_id = :id"), record)
        model.Session.execute(
            sa.text("UPDATE resource SET state = 'deleted' WHERE package_id = :id"), record
        )
        finished = "UPDATE harvest_object SET import_finished = now() WHERE package_id = :id"
        model.Session.execute(sa.text(finished), record)
        model.Session.commit()

    return Sent(prepare=prepare)


def _cleared(portal: SimpleNamespace, *_: Any) -> Sent:
    from ckanext.leszno_ngo.harvest import clear, store

    def prepare() -> None:
        cleared = json.dumps({"at": "2026-01-01T00:00:00", "state": "active"})
        store.set_extra(portal.objects["deleted"], clear.CLEARED, cleared)
        clear._set_current([portal.objects["deleted"]], current=False)
        model.Session.commit()

    return Sent(prepare=prepare)


def _disagreeing(portal: SimpleNamespace, *_: Any) -> Sent:
    from ckanext.harvest.model import HarvestObject

    from ckanext.leszno_ngo.harvest import store

    def prepare() -> None:
        object_id = portal.objects["public"]
        said = {"content": json.dumps({"title": "Tytuł ze źródła"})}
        model.Session.query(HarvestObject).filter_by(id=object_id).update(said)
        store.set_kept({object_id: ["title"]})
        model.Session.commit()

    return Sent(prepare=prepare)


def _waiting(portal: SimpleNamespace, *_: Any) -> Sent:
    from ckanext.leszno_ngo.harvest import waiting

    def prepare() -> None:
        model.Session.execute(
            waiting._table.insert().values(
                digest="skrot",
                source_id=portal.source,
                owner_org=portal.unit,
                type=TYPE,
                content="{}",
                fields="[]",
                since=_DAY,
                seen=_DAY,
            )
        )
        model.Session.commit()

    return Sent({"decision-skrot": "rejected"}, prepare=prepare)


def _kept_form(portal: SimpleNamespace, role: str, state: str) -> Sent:
    from ckanext.leszno_ngo.logic import kept_forms

    user = model.User.get(portal.users[role])
    form = kept_forms.Opening(user.id if user else "", TYPE, portal.records[state])
    given = {kept_forms.CONTROL: form.signed, "title": "Wpisany"}
    return Sent(given)


def _discarded_form(portal: SimpleNamespace, role: str, state: str) -> Sent:
    from ckanext.leszno_ngo.logic import kept_forms

    asked = _kept_form(portal, role, state)
    form = kept_forms.opening(asked.form[kept_forms.CONTROL])
    assert form
    return Sent(asked.form, prepare=lambda: kept_forms.keep(form, [("title", "Wpisany")]))


def _file(*_: Any) -> Sent:
    given = {"id": "", "name": "Regulamin", "url": "https://example.org/b.csv"}
    return Sent({**given, "save": "go-dataset"})


def _edited_file(portal: SimpleNamespace, *_: Any) -> Sent:
    return Sent({"name": "Inny plik", "url": "https://example.org/c.csv", "save": "go-dataset"})


def _document(*_: Any) -> Sent:
    return Sent({"name": "Regulamin", "url": "https://example.org/b.csv"})


def _results(*_: Any) -> Sent:
    table = "Organizacja;Kwota przyznana;Zadanie\nKlub Przykładowy;100;Turniej\n"
    return Sent({"file": (io.BytesIO(table.encode()), "wyniki.csv"), "do": "check"})


def _follows(action: str, given: Callable[[SimpleNamespace, str], str]) -> Any:
    def make(portal: SimpleNamespace, role: str, state: str) -> Sent:
        user = portal.users[role]

        def prepare() -> None:
            if user:
                tk.get_action(action)(
                    {"user": user, "ignore_auth": True}, {"id": given(portal, state)}
                )

        return Sent(prepare=prepare)

    return make


def _unit(name: str) -> Any:
    return lambda *_: Sent({"title": "Nowa nazwa", "name": name, "save": "1"})


def _member(*_: Any) -> Sent:
    return Sent({"username": "konto-fresh", "role": "member"})


def _no_member(portal: SimpleNamespace, *_: Any) -> Sent:
    return Sent(query={"user": model.User.get(portal.users["editor"]).id})


def _in_bulk(portal: SimpleNamespace, *_: Any) -> Sent:
    return Sent({"bulk_action.private": "1", f"dataset_{portal.dataset['id']}": "1"})


def _in_group(portal: SimpleNamespace, *_: Any) -> Sent:
    return Sent({"group_added": portal.group})


def _account(portal: SimpleNamespace, *_: Any) -> Sent:
    name = portal.users["editor"]
    user = model.User.get(name)
    given = {"name": name, "email": user.email, "fullname": "Inne imię", "save": "1"}
    return Sent({**given, "old_password": PASSWORD})


def _own_account(portal: SimpleNamespace, role: str, _state: str) -> Sent:
    user = model.User.get(portal.users[role])
    given = {"name": user.name if user else "x", "email": user.email if user else "a@example.org"}
    return Sent({**given, "fullname": "Inne imię", "save": "1"})


def _token(portal: SimpleNamespace, *_: Any) -> Sent:
    owner = model.User.get(portal.users["editor"]).id
    token = model.Session.query(model.ApiToken).filter_by(user_id=owner).first()
    assert token
    return Sent({"token": token.id})


def _version(portal: SimpleNamespace, _role: str, state: str) -> Sent:
    return _changed_since(portal, {"id": portal.records[state], "spheres": ["1"]})


def _dataset_version(portal: SimpleNamespace, *_: Any) -> Sent:
    return _changed_since(portal, {"id": portal.dataset["id"], "notes": "Inny opis"})


def _changed_since(portal: SimpleNamespace, change: dict[str, Any]) -> Sent:
    boss = {"user": portal.users["sysadmin"]}
    return Sent(prepare=lambda: tk.get_action("package_patch")(dict(boss), change))


def _deleted_group(portal: SimpleNamespace, *_: Any) -> Sent:
    boss = {"user": portal.users["sysadmin"]}
    return Sent(prepare=lambda: tk.get_action("group_delete")(dict(boss), {"id": portal.group}))


def _dictionary(*_: Any) -> Sent:
    return Sent({"info__0__label": "Kolumna"})


def _rows_of_table(*_: Any) -> Sent:
    return Sent({"draw": "1", "search[value]": "", "start": "0", "length": "10"})


def _download_of_table(*_: Any) -> Sent:
    shown = {"search": {"value": ""}, "order": [], "visible": [True], "columns": []}
    return Sent({"params": json.dumps(shown), "format": "csv"})


_dataset_id = lambda portal, _state: portal.dataset["id"]  # noqa: E731
_record_id = lambda portal, state: portal.records[state]  # noqa: E731
_FORMS: dict[str, Any] = {
    "/{type}/new": _new_record,
    "/{type}/edit/<id>": _record,
    "/{type}/documents/<id>": _document,
    "/{type}/results/<id>": _results,
    "/{type}/versions/<id>/<version>/restore": _version,
    "/{type}/unfollow/<id>": _follows("follow_dataset", _record_id),
    "/dataset/<id>/dictionary/<resource_id>": _dictionary,
    "/dataset/versions/<id>/<version>/restore": _dataset_version,
    "/panel/kosz/jednostka/<group>": _deleted_group,
    "/datatables/ajax/<resource_view_id>": _rows_of_table,
    "/datatables/filtered-download/<resource_view_id>": _download_of_table,
    "/nie-obserwuj/<name>": _follows("follow_dataset", _record_id),
    "/{type}/groups/<id>": _in_group,
    "/dataset/groups/<id>": _in_group,
    "/harvest/groups/<id>": _in_group,
    "/dataset/new": _new_dataset,
    "/dataset/edit/<id>": _dataset,
    "/dataset/unfollow/<id>": _follows("follow_dataset", _dataset_id),
    "/harvest/unfollow/<id>": _follows("follow_dataset", lambda portal, _: portal.source),
    "/group/unfollow/<id>": _follows("follow_group", lambda portal, _: portal.group),
    "/organization/unfollow/<id>": _follows("follow_group", lambda portal, _: portal.unit),
    "/user/unfollow/<id>": _follows("follow_user", lambda *_: tk.config["ckan.site_id"]),
    "/harvest/new": _new_source,
    "/harvest/edit/<id>": _source,
    "/harvest/refresh/<id>": _refresh,
    "/harvest/clear/<id>": _to_clear,
    "/harvest/restore/<id>": _cleared,
    "/harvest/<source>/job/<job_id>/confirm": _confirm,
    "/harvest/<source>/job/<job_id>/undo": _undo,
    "/panel/take/<object_id>/<field>": _disagreeing,
    "/panel/keep/<object_id>/<field>": _disagreeing,
    "/panel/osoby": _waiting,
    "/panel/szkic": _kept_form,
    "/panel/szkic/odrzuc": _discarded_form,
    "/panel/usuwanie": lambda *_: Sent({"texts": "Przykładowy Klub", "confirm": "1"}),
    "/organization/new": _unit("nowy-wydzial"),
    "/group/new": _unit("nowa-grupa"),
    "/organization/edit/<id>": _unit("wydzial-a"),
    "/group/edit/<id>": _unit("grupa"),
    "member_new": _member,
    "member_delete": _no_member,
    "bulk_process": _in_bulk,
    "/user/edit/<id>": _account,
    "/user/edit": _own_account,
    "/user/<id>/api-tokens": lambda *_: Sent({"name": "nowy"}),
    "/user/<id>/api-tokens/revoke": _token,
    "/user/login": lambda *_: Sent({"login": "konto-editor", "password": "zle"}),
    "/user/reset": lambda *_: Sent({"user": "konto-editor"}),
    "/user/register": lambda *_: Sent(
        {
            "name": "nowe-konto",
            "email": "nowe@example.org",
            "password1": "Dlugie-haslo-1",
            "password2": "Dlugie-haslo-1",
            "save": "1",
        }
    ),
    "/user/reset/<id>": lambda *_: Sent(
        {"password1": "Dlugie-haslo-1", "password2": "Dlugie-haslo-1"}, {"key": "zly"}
    ),
    "/user/sysadmin": lambda *_: Sent({"username": "konto-fresh", "status": "1"}),
    "/ckan-admin/config": lambda *_: Sent({"ckan.site_title": "Inna nazwa", "save": "1"}),
    "/ckan-admin/trash": lambda *_: Sent({"action": "all"}),
    "/ckan-admin/activities": lambda *_: Sent({"action": "delete_all"}),
    "/util/redirect": lambda *_: Sent({"url": "/"}),
}
for _rule in ("/{type}", "/dataset", "/harvest"):
    _FORMS[f"{_rule}/<id>/resource/new"] = _file
    _FORMS[f"{_rule}/<id>/resource/<resource_id>/edit"] = _edited_file
