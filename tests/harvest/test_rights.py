"""A source acts with the rights of who saved it, in its own department; tells no secrets."""

import json

import pytest
from ckan import model
from ckan import plugins as p
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.harvest.model import HarvestObject, HarvestSource

from ckanext.leszno_ngo.harvest import clear, store, undo

HEADER = "KRS;Nazwa;Telefon\n"
ALPHA = "0000000168;STOWARZYSZENIE ALFA;65 520 11 11\n"
BETA = "0000000291;FUNDACJA BETA;\n"


@pytest.fixture
def city(harvest):
    """Two departments; an editor and an administrator of the first."""
    people = {role: factories.User()["name"] for role in ("editor", "admin")}
    users = [{"name": name, "capacity": role} for role, name in people.items()]
    ours = factories.Organization(name="nasz-wydzial", users=users)
    other = factories.Organization(name="inny-wydzial")
    return {**people, "sysadmin": harvest.official, "ours": ours["id"], "other": other["id"]}


def make(user, department, **options):
    """Make a source as a person does in the form; the rights are asked for."""
    number = model.Session.query(HarvestSource).count()
    return tk.get_action("harvest_source_create")(
        {"user": user},
        {
            "name": f"zrodlo-{number}",
            "title": f"Źródło {number}",
            "url": f"https://example.com/{number}.csv",
            "source_type": "leszno_ngo_register",
            "owner_org": department,
            "config": json.dumps(options) if options else "",
        },
    )["id"]


def of_other_department(city):
    return make(city["sysadmin"], city["other"])


def test_a_source_changes_its_own_departments_records_alone(harvest, city):
    theirs = make(city["sysadmin"], city["other"])
    harvest.run(theirs, HEADER + ALPHA)
    before = harvest.records()["0000000168"]
    changed = HEADER + ALPHA.replace("520 11 11", "520 99 99") + BETA

    ours = make(city["admin"], city["ours"], priority=1000)
    report = harvest.run(ours, changed)
    assert [(c.row, c.code) for c in report.conflicts] == [(2, "other_department")]
    assert harvest.records()["0000000168"] == before
    assert harvest.records()["0000000291"]["owner_org"] == city["ours"]

    # Neither does it mark what it once had and may not change any more.
    wide = make(city["sysadmin"], city["ours"], departments=["inny-wydzial"], priority=1000)
    harvest.run(wide, changed)
    assert harvest.records()["0000000168"]["phone"].endswith("99 99")


@pytest.mark.parametrize("options", [{"departments": "all"}, {"owner_org": "inny-wydzial"}])
def test_only_a_sysadmin_lets_a_source_into_other_departments(harvest, city, options):
    with pytest.raises(tk.ValidationError) as refused:
        make(city["admin"], city["ours"], **options)
    assert list(refused.value.error_dict) == ["config"]
    source = make(city["sysadmin"], city["ours"], **options)
    with pytest.raises(tk.ValidationError):
        tk.get_action("harvest_source_patch")(
            {"user": city["admin"]}, {"id": source, "url": "https://example.com/moje.csv"}
        )
    # Past the form, in the table: the run itself stays inside.
    mine = make(city["admin"], city["ours"])
    HarvestSource.get(mine).config = json.dumps(options)
    model.Session.commit()
    harvest.run(of_other_department(city), HEADER + ALPHA)
    report = harvest.run(mine, HEADER + ALPHA.replace("11 11", "99 99") + BETA)
    assert report.stop or report.conflicts
    assert harvest.records()["0000000168"]["phone"].endswith("11 11")
    assert all(
        r["owner_org"] != city["other"] for k, r in harvest.records().items() if k != "0000000168"
    )


def test_the_source_of_who_may_not_publish_publishes_nothing(
    harvest, city, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.publish_role", "admin")
    source = make(city["editor"], city["ours"])
    harvest.run(source, HEADER + ALPHA)
    assert harvest.records()["0000000168"]["private"] is True
    # A person's correction of what is public is seen at once, and so is the source's.
    harvest.edit(harvest.records()["0000000168"], private=False)
    tk.get_action("harvest_source_patch")({"user": city["admin"]}, {"id": source, "title": "Nasz"})
    harvest.run(source, HEADER + ALPHA + BETA)
    assert {r["private"] for r in harvest.records().values()} == {False}


def test_a_source_whose_account_lost_its_rights_does_not_run(harvest, city):
    source = make(city["editor"], city["ours"])
    call_action(
        "organization_member_delete",
        {"user": harvest.official},
        id=city["ours"],
        username=city["editor"],
    )
    report = harvest.run(source, HEADER + ALPHA)
    assert report.stop.code == "no_rights"
    assert harvest.records() == {}


def test_the_command_acts_for_the_operator(harvest, city):
    harvest.run(of_other_department(city), HEADER + ALPHA)
    source = make(city["editor"], city["ours"])
    report = harvest.run(source, HEADER + ALPHA.replace("11 11", "99 99"), operator=True)
    assert report.changed == 1


# ---------------------------------------------------------------------------------- secrets
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "https://urzad:tajne-haslo@example.com/rejestr.csv"),
        ("config", '{"api_key": "tajne-haslo"}'),
    ],
)
@pytest.mark.parametrize("action", ["create", "update", "patch", "package_create"])
def test_secrets_are_refused_and_not_logged(harvest, city, logs, field, value, action):
    source = make(city["sysadmin"], city["ours"])
    shown = call_action("harvest_source_show", id=source)
    data = {name: shown[name] for name in ("name", "url", "source_type", "owner_org", "title")}
    data |= {field: value}
    if "create" in action:
        data |= {"name": "nowe", "type": "harvest"}
    else:
        data |= {"id": source}
    name = action if action.startswith("package") else f"harvest_source_{action}"
    with pytest.raises(tk.ValidationError) as refused:
        tk.get_action(name)({"user": city["sysadmin"]}, data)
    assert field in refused.value.error_dict
    assert "tajne-haslo" not in logs.text
    assert "tajne-haslo" not in str(refused.value.error_dict)


def test_a_password_saved_before_is_not_shown_and_not_used(harvest, city):
    source = make(city["sysadmin"], city["ours"])
    url = "https://urzad:tajne-haslo@example.com/rejestr.csv"
    HarvestSource.get(source).url = model.Package.get(source).url = url
    model.Session.commit()
    call_action("harvest_source_reindex", id=source)
    told = [
        call_action("harvest_source_show", id=source),
        call_action("harvest_source_list", {"ignore_auth": False, "user": city["sysadmin"]}),
        call_action("package_search", fq="dataset_type:harvest"),
    ]
    assert "tajne-haslo" not in json.dumps(told)
    assert harvest.run(source).stop.code == "address_secret"


# ---------------------------------------------------------------------------------- who sees what
def seen(user, action, **data):
    try:
        return tk.get_action(action)({"user": user}, data)
    except tk.NotAuthorized:
        return None


def test_what_a_source_said_is_seen_by_who_sees_the_record(harvest, city):
    source = make(city["sysadmin"], city["ours"])
    harvest.run(source, HEADER + ALPHA + BETA + "0000000999;;\n")
    harvest.run(source, HEADER + ALPHA.replace("11 11", "99 99") + BETA + "0000000999;;\n")
    record = harvest.records()["0000000168"]["id"]
    objects = {(o.guid, o.current): o.id for o in model.Session.query(HarvestObject)}
    now, before = objects["krs:0000000168", True], objects["krs:0000000168", False]
    nobody, editor = "", city["editor"]
    stranger = factories.User()["name"]

    public = seen(nobody, "harvest_object_show", id=now)
    assert json.loads(public["content"])["krs"] == "0000000168"
    assert (public["extras"], public["errors"]) == ({}, [])
    assert seen(editor, "harvest_object_show", id=now)["extras"]
    assert seen(nobody, "harvest_object_show", id=before) is None
    assert seen(editor, "harvest_object_show", id=before)
    assert now in seen(stranger, "harvest_object_list", source_id=source)
    assert before not in seen(stranger, "harvest_object_list", only_current=False)
    assert before in seen(editor, "harvest_object_list", only_current=False)

    status = seen(nobody, "harvest_source_show", id=source)["status"]["last_job"]
    assert status["stats"]["errored"] == 1
    assert "gather_error_summary" not in status
    found = call_action("package_search", fq="dataset_type:harvest")["results"]
    assert "0000000999" not in json.dumps(found)
    assert seen(editor, "harvest_source_show", id=source)["status"]["last_job"][
        "gather_error_summary"
    ]
    for action in ("harvest_job_show", "harvest_job_report"):
        assert seen(nobody, action, id=harvest.job_id) is None
        assert seen(editor, action, id=harvest.job_id)

    for hidden in ({"private": True}, {"private": False, "state": "deleted"}):
        harvest.edit({"id": record}, **hidden)
        assert seen(nobody, "harvest_object_show", id=now) is None
        assert seen(nobody, "harvest_object_show", dataset_id=record) is None
        assert now not in seen(stranger, "harvest_object_list", source_id=source)
        assert seen(editor, "harvest_object_show", id=now)
    with pytest.raises(tk.ValidationError):
        tk.get_action("harvest_object_show")({"user": nobody}, {"id": "IMPORT", "attr": "state"})
    assert seen(editor, "harvest_log_list") is None


@pytest.mark.usefixtures("with_plugins")
def test_no_rule_is_an_action_and_no_action_a_rule():
    """ckanext-harvest mixes them; asking for a rule must do nothing."""
    given = p.get_plugin("harvest")
    rules, given_actions = given.get_auth_functions(), given.get_actions()
    assert not [name for name, rule in rules.items() if ".action." in rule.__module__]
    assert "harvest_sources_clear" not in given_actions
    assert "harvest_source_clear" in set(rules) & set(given.get_actions())
    for name in ("harvest_source_job_history_clear", "harvest_source_patch"):
        with pytest.raises(tk.NotAuthorized):
            tk.check_access(name, {"user": ""}, {"id": "x"})


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "file:rejestr.csv",
        "ftp://example.com/a.csv",
        "gopher://example.com/a",
        "javascript:alert(1)",
        "//example.com/a.csv",
        "rejestr.csv",
        "http://",
        "http://a:b/",
        "http://[::1/",
        "https://example.com/a\nb.csv",
        "https://example.com/a\tb.csv",
        "https://exam\r\nple.com/a.csv",
        "https://example.com/a b.csv",
        "https://example.com/\u200ba.csv",
        "http://\uff11\uff12\uff17.0.0.1/a.csv",
        "http://example.com:\uff18\uff10/a.csv",
    ],
)
def test_what_is_no_web_address_is_refused_on_save_in_one_sentence(city, url):
    said = "This address cannot be followed. Give one that begins with https:// or http://"
    kept = make(city["admin"], city["ours"])
    asked = {"id": kept, "url": url, "source_type": "leszno_ngo_register", "name": "a"}
    for action, given in {
        "harvest_source_create": {**asked, "id": None, "owner_org": city["ours"], "title": "a"},
        "harvest_source_update": {**asked, "title": "a", "owner_org": city["ours"]},
        "harvest_source_patch": {"id": kept, "url": url},
        "package_patch": {"id": kept, "url": url},
    }.items():
        with pytest.raises(tk.ValidationError) as refused:
            tk.get_action(action)({"user": city["admin"]}, {k: v for k, v in given.items() if v})
        assert refused.value.error_dict["url"] == [said], action
    model.Session.rollback()
    assert model.Package.get(kept).url.startswith("https://")


def test_a_too_long_address_is_refused_on_save_with_the_limit(city):
    url = "https://example.com/" + "a" * 20_000
    kept = make(city["admin"], city["ours"])
    asked = {"url": url, "source_type": "leszno_ngo_register", "name": "a", "title": "a"}
    for action, given in {
        "harvest_source_create": {**asked, "owner_org": city["ours"]},
        "harvest_source_update": {**asked, "id": kept, "owner_org": city["ours"]},
        "harvest_source_patch": {"id": kept, "url": url},
        "package_patch": {"id": kept, "url": url},
    }.items():
        with pytest.raises(tk.ValidationError) as refused:
            tk.get_action(action)({"user": city["admin"]}, given)
        assert "the most is 8000" in str(refused.value.error_dict["url"]), action


def test_a_source_of_before_says_the_same_at_its_run(harvest, city):
    kept = HarvestSource.get(make(city["admin"], city["ours"]))
    kept.url = "ftp://example.com/a.csv"
    kept.save()
    assert harvest.run(kept.id).stop.code == "address"


def test_the_form_of_a_file_loaded_by_the_command_can_still_be_saved(harvest, city):
    source = harvest.source(owner_org="nasz-wydzial")
    patch = tk.get_action("harvest_source_patch")
    patch({"user": city["sysadmin"]}, {"id": source, "title": "Inny"})
    assert HarvestSource.get(source).title == "Inny"


def test_reports_name_records_that_their_reader_may_see_alone(harvest, city):
    harvest.run(of_other_department(city), HEADER + ALPHA)
    record = harvest.records()["0000000168"]
    ours = make(city["admin"], city["ours"], priority=1000)
    harvest.run(ours, HEADER + ALPHA.replace("520 11 11", "520 99 99") + BETA)

    def lines(user):
        report = seen(user, "harvest_job_report", id=harvest.job_id)
        summary = seen(user, "harvest_job_show", id=harvest.job_id)["gather_error_summary"]
        return " ".join(e["message"] for e in [*report["gather_errors"], *summary])

    named = f"(/ngo/{record['name']})"
    assert named in lines(city["editor"])
    assert "⟦" not in lines(city["editor"])
    harvest.edit(record, private=True)
    assert named in lines(city["sysadmin"])
    assert record["title"] not in lines(city["editor"])
    assert record["name"] not in lines(city["editor"])
    # A line that was kept with the name, before names were marks.
    store.add_errors(harvest.job_id, [f"Wiersz 2: {record['title']} {named} ma inny numer"])
    assert record["title"] in lines(city["sysadmin"])
    assert record["title"] not in lines(city["editor"])


def test_undoing_and_clearing_leave_records_of_others_and_do_not_name_them(harvest, city):
    wide = make(city["sysadmin"], city["ours"], departments=["inny-wydzial"], priority=1000)
    harvest.run(of_other_department(city), HEADER + ALPHA)
    harvest.run(wide, HEADER + ALPHA.replace("520 11 11", "520 99 99") + BETA)
    record = harvest.records()["0000000168"]
    harvest.edit(record, private=True)
    found = undo.undo(harvest.job_id, user=city["admin"], as_operator=False)
    assert [(one.record_id, one.reason) for one in found.left] == [(record["id"], "not_yours")]
    assert harvest.records()["0000000168"]["phone"].endswith("99 99")
    preview = clear.preview({"user": city["admin"]}, wide)
    hidden = [e for entries in preview.keep.values() for e in entries if e.id == record["id"]]
    assert [(entry.title, entry.name) for entry in hidden] == [("", "")]
