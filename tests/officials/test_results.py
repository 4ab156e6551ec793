"""Results of a call: read, matched, mended, published once."""

import io

import openpyxl
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from ckanext.leszno_ngo.cooperation.award_results import publication
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

HEADER = (
    "Lp.;Nazwa oferenta;KRS/NIP;Nazwa zadania publicznego;Liczba punktów;Kwota wnioskowana;"
    "Kwota przyznana;Uwagi\n"
)


@pytest.fixture
def office():
    editor = factories.UserWithToken()
    unit = factories.Organization(users=[{"name": editor["name"], "capacity": "admin"}])
    call = records.create("call-for-offers", title="Sport dzieci w 2026 roku", owner_org=unit["id"])
    clubs = {
        name: records.create("ngo", title=title, krs=krs, owner_org=unit["id"])
        for name, title, krs in (
            ("polonia", "Klub Sportowy Polonia", "0000031247"),
            ("zabka", "Klub Pływacki Żabka", "0000034807"),
        )
    }
    return {"call": call, "clubs": clubs, "token": editor["token"], "editor": editor}


@pytest.fixture
def send(app, office):
    """``send(fields)`` sends the form as the editor; returns the page, or where it leads."""

    def post(fields=None, file=None, name="wyniki.csv"):
        data = dict(fields or {})
        if file is not None:
            data["file"] = (io.BytesIO(file), name)
        answer = app.post(
            f"/en/call-for-offers/results/{office['call']['name']}",
            data=data,
            headers={"Authorization": office["token"]},
            follow_redirects=False,
        )
        if answer.status_code == 302:
            return None
        assert answer.status_code == 200
        return BeautifulSoup(answer.body, "html.parser")

    return post


def table(*rows):
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode("cp1250")


def form(soup):
    """What a browser sends of the form with the rows."""
    found = {"row": []}
    for control in soup.select(".ln-offer input"):
        kind, name = control.get("type"), control["name"]
        if name == "row":
            found["row"].append(control["value"])
        elif kind not in ("radio", "checkbox") or control.has_attr("checked"):
            found[name] = control.get("value", "")
    found["day"] = soup.select_one("#day")["value"]
    for hidden in ("seen", "personal_data_seen"):
        found |= {
            one["name"]: one["value"] for one in soup.select(f"#results-form [name={hidden}]")
        }
    return found


def errors(soup):
    return [item.get_text(" ", strip=True) for item in soup.select(".ln-errors li")]


def grants(call):
    found = records.search(fq="dataset_type:grant", rows=100)["results"]
    return {g["title"]: g for g in found if g.get("call") == call["id"]}


GOOD = (
    "1;Klub Sportowy Polonia;0000031247;Szkolenie młodzików;90,5;20 000,00 zł;12 500,50 zł;",
    "2;KLUB PŁYWACKI ŻABKA;;Nauka pływania;71;10000;8000;",
    "3;Klub Sportowy Polonia;31247;Turniej;40;9000;0;za mało punktów",
)


def test_right_rows_are_published_at_once_and_noted_in_the_call(send, office):
    preview = send(file=table(*GOOD))
    assert errors(preview) == []
    assert "20,500.50" in preview.get_text()
    assert grants(office["call"]) == {}
    assert send({**form(preview), "do": "publish", "day": "15.03.2026"}) is None
    made = grants(office["call"])
    assert set(made) == {"Szkolenie młodzików", "Nauka pływania"}
    one = made["Szkolenie młodzików"]
    assert one["recipient"] == office["clubs"]["polonia"]["id"]
    assert float(one["granted_amount"]) == 12500.5
    assert float(one["points"]) == 90.5
    assert one["mode"] == office["call"]["mode"]
    assert one["spheres"] == ["17"]
    assert one["granted_date"] == "2026-03-15"
    assert one["owner_org"] == office["call"]["owner_org"]
    assert made["Nauka pływania"]["recipient"] == office["clubs"]["zabka"]["id"]
    call = records.helpers.call_action("package_show", id=office["call"]["id"])
    assert call["resolved_date"] == "2026-03-15"
    assert int(call["offers_number"]) == 3
    (refused,) = call["refused_offers"]
    assert refused["ngo"] == office["clubs"]["polonia"]["id"]
    assert refused["outcome"] == "below_threshold"
    assert call["computed"]["state"] == "resolved"


def test_published_again_the_same_file_changes_nothing_and_a_corrected_one_updates(send, office):
    fields = {**form(send(file=table(*GOOD))), "do": "publish", "day": "15.03.2026"}
    send(fields)
    before = grants(office["call"])
    send(fields)
    assert grants(office["call"]) == before
    number = fields["row"][0]
    fresh = {**fields, **form(send(file=table(*GOOD)))}
    send({**fresh, f"granted_amount-{number}": "13 000"})
    after = grants(office["call"])
    assert {t: g["id"] for t, g in after.items()} == {t: g["id"] for t, g in before.items()}
    assert float(after["Szkolenie młodzików"]["granted_amount"]) == 13_000


def test_every_error_is_told_by_row_field_and_reason_and_nothing_is_lost(send, office):
    preview = send(
        file=table(
            "1;Klub Polonia Leszno;;Szkolenie;90;20000;dwanaście tysięcy;ważna uwaga",
            "2;Klub Pływacki Żabka;;;71;10000;11000;",
        )
    )
    said = errors(preview)
    assert any("Row 2, Organisation" in text for text in said)
    assert any("Row 2, Amount granted" in text and "dwanaście" in text for text in said)
    assert any("Row 3, Task" in text for text in said)
    assert any("Row 3, Amount granted" in text for text in said)
    guesses = [r.parent.get_text(" ", strip=True) for r in preview.select('[name="choice-2"]')]
    assert guesses[0] == "Klub Sportowy Polonia"
    fields = form(preview)
    assert fields["granted_amount-2"] == "dwanaście tysięcy"
    assert fields["remarks-2"] == "ważna uwaga"
    again = send({**fields, "do": "publish"})
    assert form(again) == fields
    assert grants(office["call"]) == {}
    polonia = office["clubs"]["polonia"]["id"]
    mended = {
        **fields,
        "choice-2": polonia,
        "granted_amount-2": "12 000",
        "task-3": "Nauka",
        "granted_amount-3": "9000",
    }
    assert errors(send(mended)) == []
    assert send({**mended, "do": "publish"}) is None
    made = grants(office["call"])
    assert made["Szkolenie"]["recipient"] == polonia
    assert made["Szkolenie"]["recipient_name"] == "Klub Polonia Leszno"


def test_a_row_that_validators_refuse_keeps_all_from_being_made(send, office):
    fields = form(send(file=table(*GOOD)))
    number = fields["row"][1]
    soup = send({**fields, f"remarks-{number}": "PESEL 44051401359", "do": "publish"})
    assert any("Row 3" in text for text in errors(soup))
    assert grants(office["call"]) == {}
    call = records.helpers.call_action("package_show", id=office["call"]["id"])
    assert not call.get("resolved_date")


def test_the_call_that_cannot_be_saved_undoes_the_grants(send, office, monkeypatch):
    from ckan.plugins import toolkit as tk

    fields = {**form(send(file=table(*GOOD))), "do": "publish"}
    real = tk.get_action

    def refusing(name):
        def refuse(_context, _data):
            raise tk.ValidationError({"title": ["nie"]})

        return refuse if name == "package_update" else real(name)

    monkeypatch.setattr(publication.tk, "get_action", refusing)
    assert errors(send(fields))
    assert grants(office["call"]) == {}


def test_the_preview_tells_what_keeps_the_call_from_taking_the_results(send, office):
    fields = form(send(file=table(*GOOD)))
    early = send({**fields, "day": "01.02.2026", "do": "check"})
    assert any("Resolved on" in text for text in errors(early))
    assert not early.select('button[value="publish"]')
    call = records.helpers.call_action("package_show", id=office["call"]["id"])
    assert not call.get("resolved_date")
    assert send({**form(early), "day": "15.03.2026", "do": "publish"}) is None


def test_a_body_outside_the_register_and_a_row_left_out(send, office):
    preview = send(file=table("1;Parafia Nieznana;;Festyn;50;5000;4000;", *GOOD[1:2]))
    fields = {**form(preview), "choice-2": "outside", "left_out-3": "1", "do": "publish"}
    assert send(fields) is None
    (grant,) = grants(office["call"]).values()
    assert grant["recipient_name"] == "Parafia Nieznana"
    assert not grant.get("recipient")


def test_a_row_that_may_name_a_person_is_warned_of_and_leaves_the_decision_to_the_official(send):
    rows = table("1;Anna Nowak;;Festyn;50;5000;4000;", *GOOD[:1])
    fields = {**form(send(file=rows)), "choice-2": "outside"}
    preview = send({**fields, "do": "check"})
    assert errors(preview) == []
    (warned,) = preview.select(".ln-offer .ln-warning")
    assert "may be a person's name" in warned.get_text()
    assert preview.select('button[value="publish"]')


def test_small_grants_of_one_file_count_together(send, office):
    records.update(office["call"], mode="small_grant", legal_basis="uodpp_19a", budget_amount="")
    rows = [f"{n};Klub Sportowy Polonia;0000031247;Zadanie {n};;9000;9000;" for n in (1, 2, 3)]
    said = errors(send(file=table(*rows)))
    assert any("art. 19a ust. 6" in text for text in said)


def test_a_workbook_is_read_and_people_in_it_are_dropped(send):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Wyniki konkursu"])
    sheet.append(["Organizacja", "NIP", "Zadanie", "Imię i nazwisko koordynatora", "Przyznano"])
    sheet.append(["Klub Sportowy Polonia", "", "Obóz", "Jan Nowak", 1500.5])
    sheet.append(["Razem", "", "", "", 1500.5])
    written = io.BytesIO()
    book.save(written)
    preview = send(file=written.getvalue(), name="wyniki.xlsx")
    assert errors(preview) == []
    assert "Jan Nowak" not in str(preview)
    fields = form(preview)
    assert fields["row"] == ["3"]
    assert fields["granted_amount-3"] == "1500.5"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"a;b\n1;2\n", b"PK\x03\x04broken"])
def test_a_file_that_is_no_table_is_refused_in_words(send, content):
    said = errors(send(file=content))
    assert said
    assert "row" not in form_or_empty(send(file=content))


def form_or_empty(soup):
    return form(soup) if soup.select(".ln-offer") else {}


def test_only_those_who_may_change_the_call_see_the_page(app, office):
    address = f"/call-for-offers/results/{office['call']['name']}"
    stranger = factories.UserWithToken()["token"]
    app.get(address, headers={"Authorization": stranger}, status=403)
    answer = app.get(address, follow_redirects=False)
    assert answer.status_code in (302, 403)
    app.get("/call-for-offers/results/none", headers={"Authorization": stranger}, status=404)


def test_the_number_of_statements_does_not_grow_with_the_rows(send, office, sql_budget):
    rows = [f"{n};Klub Sportowy Polonia;0000031247;Zadanie {n};50;5000;4000;" for n in range(1, 21)]
    fields = {**form(send(file=table(*rows))), "do": "publish"}
    with sql_budget(250) as seen:
        send(fields)
    assert len(grants(office["call"])) == 20
    assert len(seen.calls) < 250


def test_a_page_that_has_grown_old_overwrites_nothing_and_keeps_what_was_typed(send, office):
    old = send(file=table(*GOOD))
    send({**form(send(file=table(*GOOD))), "do": "publish", "day": "15.03.2026"})
    (grant,) = (g for g in grants(office["call"]).values() if g["title"] == "Nauka pływania")
    records.update(grant, granted_amount="9000")
    stale = send({**form(old), "do": "publish", "day": "16.03.2026"})
    assert "Somebody has changed the call" in errors(stale)[0]
    assert float(grants(office["call"])["Nauka pływania"]["granted_amount"]) == 9000
    assert form(stale)["granted_amount-3"] == "8000"
    checked = send({**form(stale), "do": "check"})
    assert send({**form(checked), "do": "publish"}) is None
    assert float(grants(office["call"])["Nauka pływania"]["granted_amount"]) == 8000


def test_the_same_table_sent_twice_is_published_once(send, office):
    preview = send(file=table(*GOOD))
    fields = {**form(preview), "do": "publish", "day": "15.03.2026"}
    assert send(fields) is None
    versions = {g["id"]: g["metadata_modified"] for g in grants(office["call"]).values()}
    assert send(fields) is None
    assert {g["id"]: g["metadata_modified"] for g in grants(office["call"]).values()} == versions


@pytest.mark.parametrize("do", ["publish", "prepare"])
@pytest.mark.parametrize("told", [{}, {"seen": ""}, {"seen": "0" * 32}])
def test_what_does_not_say_what_it_was_made_on_overwrites_nothing(send, office, do, told):
    fields = form(send(file=table(*GOOD)))
    del fields["seen"]
    refused = send({**fields, **told, "do": do})
    assert "Somebody has changed the call" in errors(refused)[0]
    assert form(refused)["task-2"] == fields["task-2"]
    assert grants(office["call"]) == {}
    assert send({**form(refused), "do": do}) is None


# ------------------------------------------------------------------------ other departments
@pytest.fixture
def of_others(office):
    """``of_others(title, **fields)`` makes a grant of another department that names the call."""
    other = factories.Organization()["id"]
    given = {"call": office["call"]["id"], "owner_org": other, "recipient_name": "Klub Obcy"}

    def make(title, **fields):
        return records.create("grant", title=title, **given, **fields)

    return make


OTHERS_ROW = "9;Klub Obcy;;{};;9000;7000;"


@pytest.mark.parametrize("private", [True, False])
def test_a_grant_of_another_department_is_left_as_it_is(send, office, of_others, private):
    """Neither shown nor changed where it is hidden; told of and not changed where it is public."""
    theirs = of_others("Bieg nocny", private=private)
    before = records.helpers.call_action("package_show", id=theirs["id"])
    preview = send(file=table(OTHERS_ROW.format("Bieg nocny")))
    chosen = send({**form(preview), "choice-2": "outside", "do": "check"})
    assert ("another department" in chosen.get_text()) is not private
    assert chosen.select('button[value="publish"]')
    assert send({**form(chosen), "do": "publish"}) is None
    assert records.helpers.call_action("package_show", id=theirs["id"]) == before
    made = records.search(fq=f"dataset_type:grant owner_org:{office['call']['owner_org']}")
    assert [float(one["granted_amount"]) for one in made["results"]] == [7000]


def test_what_the_file_does_not_speak_of_is_listed_as_far_as_it_may_be_read(send, of_others):
    of_others("Tajne zadanie", private=True)
    of_others("Jawne zadanie")
    page = send(file=table(*GOOD)).get_text()
    assert "Jawne zadanie" in page
    assert "Tajne zadanie" not in page


def test_a_hidden_grant_of_others_is_not_told_by_the_version(send, of_others):
    fields = form(send(file=table(*GOOD)))
    of_others("Tajne zadanie", private=True)
    assert send({**fields, "do": "publish"}) is None


def test_two_rows_that_speak_of_one_grant_change_it_once(send, office):
    club = office["clubs"]["polonia"]["id"]
    known = {"recipient": club, "recipient_name": "Sekcja", "call": office["call"]["id"]}
    records.create("grant", title="Bieg", owner_org=office["call"]["owner_org"], **known)
    rows = ("1;Sekcja;0000031247;Bieg;;9000;7000;", "2;Sekcja;;Bieg;;9000;6000;")
    fields = {**form(send(file=table(*rows))), "choice-3": "outside"}
    assert send({**form(send({**fields, "do": "check"})), "do": "publish"}) is None
    found = records.search(fq="dataset_type:grant")["results"]
    assert sorted(float(grant["granted_amount"]) for grant in found) == [6000, 7000]


# ------------------------------------------------------------------------ personal data
CONTACT = "Kontakt: Jan Kowalski, tel. 600 700 802"
HOME = "Jan Kowalski, ul. Leśna 5/3, Leszno"


@pytest.mark.parametrize(
    "changed",
    [
        {"remarks-2": CONTACT},
        {"organisation-2": HOME, "choice-2": "outside"},
        {"organisation-2": "Anna Nowak", "choice-2": "outside"},
        {"organisation-2": HOME, "choice-2": "outside", "granted_amount-2": ""},
        {"task-2": CONTACT, "granted_amount-2": "0"},
    ],
)
def test_personal_data_is_asked_about_before_it_is_public(send, office, changed):
    fields = {**form(send(file=table(GOOD[0]))), **changed}
    asked = send({**fields, "do": "publish"})
    (control,) = {link["href"] for link in asked.select(".ln-asked a")}
    assert control.removeprefix("#") in changed
    assert grants(office["call"]) == {}
    call = records.helpers.call_action("package_show", id=office["call"]["id"])
    assert not call.get("refused_offers")
    assert send({**form(asked), "remarks-2": "Pisz: jan.k@gmail.com", "do": "publish"})
    assert send({**form(asked), "do": "publish"}) is None


def test_what_the_check_has_shown_of_personal_data_is_not_asked_again(send):
    fields = {**form(send(file=table(GOOD[0]))), "remarks-2": CONTACT}
    checked = send({**fields, "do": "check"})
    assert len(checked.select(".ln-offer .ln-warning")) == 1
    assert not checked.select(".ln-asked")
    assert send({**form(checked), "do": "publish"}) is None


def test_a_hidden_grant_that_the_table_publishes_is_asked_about_as_a_whole(send, office):
    given = {"recipient": office["clubs"]["polonia"]["id"], "call": office["call"]["id"]}
    given |= {"owner_org": office["call"]["owner_org"], "notes": CONTACT, "private": True}
    records.create("grant", title="Szkolenie młodzików", **given)
    fields = form(send(file=table(GOOD[0])))
    asked = send({**fields, "personal_data_seen": "", "do": "publish"})
    assert "mobile number" in asked.select_one(".ln-asked").get_text()
    assert send({**fields, "do": "publish"}) is None


# ------------------------------------------------------------------------ too many rows
def test_a_form_of_too_many_rows_is_not_looked_through_and_loses_nothing(send, solr_budget):
    numbers = [str(number) for number in range(2, 303)]
    fields = {f"organisation-{number}": f"Klub {number}" for number in numbers}
    with solr_budget(12):
        page = send({**fields, "row": numbers, "day": "15.03.2026", "do": "check"})
    assert ["301 rows, more than 300" in text for text in errors(page)] == [True]
    assert form(page)["organisation-302"] == "Klub 302"
    assert not page.select('button[value="publish"]')


@pytest.mark.parametrize("row", ["abc", "9" * 5000, "²", ""])
def test_a_row_without_a_number_is_no_row(send, row):
    assert errors(send({"row": row, f"organisation-{row}": "Klub", "do": "check"}))
