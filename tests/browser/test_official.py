"""An official's year: last year's call copied, mended and published; its results entered."""

import datetime as dt

import pytest

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_accessibility import runs_out, violations

TODAY = dt.date.today()
ROWS = (
    "Oferent;KRS/NIP;Zadanie;Punkty;Wnioskowano;Przyznano;Uwagi\n"
    "Klub Pływacki Żabka;0000031247;Nauka pływania;80;20000;12 500,50 zł;\n"
    "Fundacja Ćwierkania;;Ptasie radio;75;9000;sześć tysięcy;\n"
    "Fundacja Ćwierkanie;;Obóz;40;9000;;za mało punktów\n"
)


@pytest.fixture
def last_years(portal):
    """The call that was a year ago."""
    from tests.cooperation import records

    def day(number):
        return (TODAY.replace(day=1) - dt.timedelta(days=365 - number)).isoformat()

    return records.create(
        "call-for-offers",
        owner_org="biuro",
        title=f"Sport w {TODAY.year - 1} roku",
        mode="open_call",
        legal_basis="uodpp_13",
        spheres=["17"],
        task_kind="Szkolenie",
        budget_amount="45000",
        rules="Zasady",
        task_terms="Warunki",
        criteria="Kryteria",
        task_start_date=day(60),
        task_end_date=day(200),
        decision_due_date=day(45),
        open_date=day(0),
        offers_deadline_date=day(30),
        announcements=[{"channel": "bip", "date": day(0)}],
        previous_tasks_note="Nie było",
    )


def pl(day):
    return day.strftime("%d.%m.%Y")


def weeks_go_by(address):
    """Move the call's dates so that its offers could have been judged by today."""
    from tests.cooperation import records

    call = records.helpers.call_action("package_show", id=address.rpartition("/")[2])
    announced = TODAY - dt.timedelta(days=40)
    records.update(
        call,
        announcements=[{"channel": "bip", "date": announced.isoformat()}],
        open_date=announced.isoformat(),
        offers_deadline_date=(TODAY - dt.timedelta(days=10)).isoformat(),
    )


def save(tab, state):
    tab.click(f'.ln-form-actions button[value="{state}"]')


def test_from_last_years_call_to_this_years_results(tmp_path, open_tab, log_in, last_years):
    from tests.cooperation import records

    tab = open_tab()
    log_in(tab)
    tab.goto(f"/call-for-offers/{last_years['name']}")
    tab.click(f'a[href="/call-for-offers/new?copy={last_years["name"]}"]')
    assert tab.input_value("#field-title") == f"Sport w {TODAY.year} roku"
    assert tab.input_value("#field-rules") == "Zasady"

    # announced today, offers in ten days: the law wants 21
    deadline = TODAY + dt.timedelta(days=10)
    tab.select_option('[name="announcements-0-channel"]', "bip")
    tab.fill('[name="announcements-0-date"]', pl(TODAY))
    tab.fill("#field-open_date", f"{pl(TODAY)} 08:00")
    tab.fill("#field-offers_deadline_date", pl(deadline))
    tab.fill("#field-decision_due_date", pl(TODAY + dt.timedelta(days=40)))
    tab.fill("#field-task_start_date", pl(TODAY + dt.timedelta(days=60)))
    tab.fill("#field-task_end_date", pl(TODAY + dt.timedelta(days=200)))
    save(tab, "active")
    tab.wait_for_selector(".ln-errors")
    assert "art. 13 ust. 1" in tab.inner_text("#error-offers_deadline_date")
    assert tab.input_value("#field-rules") == "Zasady"
    assert violations(tab) == []
    tab.fill("#field-offers_deadline_date", pl(TODAY + dt.timedelta(days=22)))
    save(tab, "active")
    tab.wait_for_selector(".ln-record")
    assert "art. 13 ust. 3" in tab.inner_text(".ln-warnings")
    address = tab.url

    weeks_go_by(address)

    # the results, with an organisation nobody knows and an amount in words
    file = tmp_path / "wyniki.csv"
    file.write_bytes(ROWS.encode("cp1250"))
    tab.click('a[href*="/call-for-offers/results/"]')
    tab.set_input_files("#file", file)
    tab.click('form[enctype] button[value="check"]')
    tab.wait_for_selector("#rows-heading")
    assert tab.locator(".ln-errors li").count() == 2
    assert tab.locator('button[value="publish"]').count() == 0
    assert violations(tab) == []
    tab.set_viewport_size({"width": PHONE, "height": 900})
    assert violations(tab) == []
    assert runs_out(tab) <= 0
    tab.set_viewport_size({"width": WIDE, "height": 900})
    tab.check('[name="choice-3"] >> nth=0')
    tab.fill("#granted_amount-3", "6000")
    tab.click('.ln-form-actions button[value="check"]')
    tab.click('button[value="publish"]')
    tab.wait_for_url(address)

    made = records.search(fq="dataset_type:grant")["results"]
    assert sorted(float(grant["granted_amount"]) for grant in made) == [6000, 12500.5]
    assert all(grant["recipient"] for grant in made)
    year = made[0]["computed"]["year"]
    tab.goto(f"/program?rok={year}")
    assert "18 500,50" in tab.inner_text("main, [role=main]").replace("\u00a0", " ")


@pytest.fixture
def busy_desk(portal, last_years, tmp_path):
    """Everything a desk can hold: a draft, results handed over, a value its source disputes."""
    from ckan.tests import factories
    from ckan.tests.helpers import call_action

    from ckanext.leszno_ngo.cooperation.award_results import kept_tables
    from ckanext.leszno_ngo.cooperation.award_results.offers import FIELDS, Offer
    from tests.cooperation import records
    from tests.harvest.conftest import Harvest

    records.create("event", owner_org="biuro", title="Festyn", state="draft")
    row = dict.fromkeys(FIELDS, "") | {
        "organisation": "Klub Pływacki Żabka",
        "task": "Nauka pływania",
        "granted_amount": "12 500,50",
    }
    kept_tables.prepare(last_years["id"], [Offer(2, row)], TODAY.isoformat(), portal)
    sysadmin = factories.Sysadmin()["name"]
    harvest = Harvest(tmp_path, sysadmin)
    source = harvest.source(owner_org="biuro")
    told = "KRS;Nazwa;Telefon\n0000000168;STOWARZYSZENIE ALFA;65 520 11 11\n"
    harvest.run(source, told)
    harvest.edit(harvest.records()["0000000168"], phone="65 520 22 22")
    harvest.run(source, told)
    document = {"name": "Regulamin naboru", "url": "https://example.org/regulamin.pdf"}
    call_action("resource_create", {"user": sysadmin}, package_id=last_years["id"], **document)
    return last_years["name"]


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_axe_finds_nothing_on_a_busy_desk(width, open_tab, log_in, busy_desk):
    tab = open_tab(width)
    log_in(tab)
    found = {}
    for address in (
        "/panel",
        f"/call-for-offers/results/{busy_desk}",
        f"/call-for-offers/documents/{busy_desk}",
    ):
        tab.goto(address)
        if tab.locator(".ln-discard").count():
            tab.click(".ln-discard summary")
        found[address] = violations(tab) + ([f"{runs_out(tab)} px"] if runs_out(tab) > 0 else [])
    assert {address: said for address, said in found.items() if said} == {}
    tab.goto("/panel")
    for heading in ("#dashboard-publish", "#dashboard-results", "#dashboard-disagreeing"):
        assert tab.locator(heading).count() == 1


def test_a_kept_table_is_discarded(open_tab, log_in, busy_desk):
    tab = open_tab()
    log_in(tab)
    tab.goto("/panel")
    tab.click("#dashboard-results ~ ul a")
    tab.click(".ln-discard summary")
    tab.click(".ln-discard button")
    tab.wait_for_selector(".ln-record")
    tab.goto("/panel")
    assert tab.locator("#dashboard-results").count() == 0


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_axe_finds_nothing_on_the_pages_of_the_cooperation(width, open_tab, log_in, last_years):
    from tests.cooperation import records

    tab = open_tab(width)
    log_in(tab)
    found = {}
    name = last_years["name"]
    records.create("event", owner_org=last_years["owner_org"], state="draft")
    for address in (
        "/panel",
        "/panel/jakosc",
        "/panel/jakosc?rule=description_missing",
        f"/call-for-offers/{name}",
        f"/call-for-offers/results/{name}",
        f"/call-for-offers/new?copy={name}",
        f"/call-for-offers/edit/{name}",
    ):
        tab.goto(address)
        found[address] = violations(tab) + ([f"{runs_out(tab)} px"] if runs_out(tab) > 0 else [])
    assert {address: said for address, said in found.items() if said} == {}
