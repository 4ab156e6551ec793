"""The validators of the record types' fields, one by one and through CKAN's own actions."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.leszno_ngo.logic import validators as v


def as_sysadmin(action: str, context: dict | None = None, **data):
    context = {"user": factories.Sysadmin()["name"], **(context or {})}
    return call_action(action, context=context, **data)


def create(**fields):
    data = {"type": "ngo", "title": "Fundacja Przykładowa", "krs": "0000031247", **fields}
    data.setdefault("owner_org", factories.Organization()["id"])
    return as_sysadmin("package_create", **data)


def errors_of(**fields) -> dict:
    with pytest.raises(tk.ValidationError) as caught:
        create(**fields)
    return caught.value.error_dict


class TestIdentifiers:
    @pytest.mark.parametrize(
        ("validator", "given", "stored"),
        [
            (v.leszno_ngo_krs, "31247", "0000031247"),
            (v.leszno_ngo_krs, "KRS 0000 031 247", "0000031247"),
            (v.leszno_ngo_nip, "697-00-20-756", "6970020756"),
            (v.leszno_ngo_nip, "PL6970020756", "6970020756"),
            (v.leszno_ngo_regon, "00066099500000", "000660995"),
            (v.leszno_ngo_regon, "12345678512347", "12345678512347"),
            (v.leszno_ngo_teryt, "3063011", "3063011"),
        ],
    )
    def test_any_spelling_becomes_the_canonical_one(self, validator, given, stored):
        assert validator(given) == stored

    @pytest.mark.parametrize(
        ("validator", "given", "reason"),
        [
            (v.leszno_ngo_nip, "8567346216", "control digit"),
            (v.leszno_ngo_regon, "192598183", "control digit"),
            (v.leszno_ngo_krs, "12345678901", "too many"),
            (v.leszno_ngo_krs, "00000abc", "characters"),
        ],
    )
    def test_a_wrong_one_is_refused_with_the_reason_and_an_example(self, validator, given, reason):
        with pytest.raises(tk.Invalid, match=reason) as caught:
            validator(given)
        assert "Example" in caught.value.error


class TestValues:
    @pytest.mark.parametrize(
        ("given", "stored"),
        [("24.11.2026", "2026-11-24"), ("2026-11-24", "2026-11-24"), ("1.2.2003", "2003-02-01")],
    )
    def test_dates_in_polish_spelling(self, given, stored):
        assert v.leszno_ngo_date(given) == stored

    @pytest.mark.parametrize("given", ["31.02.2026", "wczoraj", "2026-13-01"])
    def test_no_date(self, given):
        with pytest.raises(tk.Invalid, match="not a date"):
            v.leszno_ngo_date(given)

    @pytest.mark.parametrize("given", [True, "true", "tak", "1", "on"])
    def test_yes(self, given):
        assert v.leszno_ngo_flag(given) == "true"

    @pytest.mark.parametrize("given", [False, "false", "nie", "", None, tk.missing])
    def test_no(self, given):
        assert v.leszno_ngo_flag(given) == "false"

    def test_neither_yes_nor_no(self):
        with pytest.raises(tk.Invalid):
            v.leszno_ngo_flag("może")

    @pytest.mark.parametrize("given", [["a", "b", "a", ""], '["a", "b"]', "a\nb\r\n\n", ("a", "b")])
    def test_lists_in_every_spelling(self, given):
        assert json.loads(v.leszno_ngo_list(given)) == ["a", "b"]

    def test_a_missing_list_is_empty(self):
        assert v.leszno_ngo_list(tk.missing) == "[]"

    def test_a_list_too_long_is_refused(self):
        with pytest.raises(tk.Invalid, match="201"):
            v.leszno_ngo_list([str(n) for n in range(201)])

    def test_text_that_starts_like_json_is_text(self):
        assert json.loads(v.leszno_ngo_list("[nie json")) == ["[nie json"]

    def test_pkd(self):
        assert json.loads(v.leszno_ngo_pkd_list('["9499z", "85.60.Z"]')) == ["94.99.Z", "85.60.Z"]
        shorter = v.leszno_ngo_pkd_list('["86", "86.9", "86.90", "8690", "8690Z"]')
        assert json.loads(shorter) == ["86", "86.9", "86.90", "86.90.Z"]
        for wrong in ("abc", "8", "86.", "86.900", "86.9.Z", "86Z"):
            with pytest.raises(tk.Invalid, match=wrong):
                v.leszno_ngo_pkd_list(json.dumps([wrong]))

    def test_years(self):
        assert json.loads(v.leszno_ngo_year_list('["2024", "2025"]')) == ["2024", "2025"]
        with pytest.raises(tk.Invalid, match="24"):
            v.leszno_ngo_year_list('["24"]')

    @pytest.mark.parametrize(
        ("given", "stored"),
        [("www.leszno.pl", "https://www.leszno.pl"), ("http://a.pl/x", "http://a.pl/x")],
    )
    def test_web_addresses(self, given, stored):
        assert v.leszno_ngo_web_address(given) == stored

    @pytest.mark.parametrize(
        "given", ["javascript:alert(1)", "javascript://a.pl/%0aalert(1)", "leszno", "http://[", ""]
    )
    def test_no_web_address(self, given):
        with pytest.raises(tk.Invalid, match="web page"):
            v.leszno_ngo_web_address(given)

    @pytest.mark.parametrize(
        ("given", "stored"),
        [
            ("(65) 529-81-00", "+48 65 529 81 00"),
            ("655298100 wew. 12", "+48 65 529 81 00 wew. 12"),
        ],
    )
    def test_telephone(self, given, stored):
        assert v.leszno_ngo_phone(given) == stored

    @pytest.mark.parametrize("given", ["12", "telefon", "655298100 dom"])
    def test_no_telephone(self, given):
        with pytest.raises(tk.Invalid):
            v.leszno_ngo_phone(given)

    def test_postal_code(self):
        assert v.leszno_ngo_postal_code("64100") == "64-100"
        with pytest.raises(tk.Invalid):
            v.leszno_ngo_postal_code("6410")

    @pytest.mark.parametrize(("given", "stored"), [("51,8403", "51.8403"), (52, "52")])
    def test_coordinates(self, given, stored):
        assert v.leszno_ngo_latitude(given) == stored

    @pytest.mark.parametrize("given", ["0", "NaN", "inf", "16.57", "północ"])
    def test_coordinates_outside_poland(self, given):
        with pytest.raises(tk.Invalid):
            v.leszno_ngo_latitude(given)

    def test_control_characters_go(self):
        assert v.leszno_ngo_text("Klub\x00  Sportowy\u202e") == "Klub Sportowy"

    def test_what_only_looks_like_a_tag_stays(self):
        for written in ("kwota < 500 zł i > 100 zł", "Biuro <biuro@leszno.pl>", "x<y i y>z"):
            assert v.leszno_ngo_text(written) == written
            assert v.leszno_ngo_long_text(written) == written
            assert json.loads(v.leszno_ngo_list([written])) == [written]

    @pytest.mark.parametrize(
        "validator",
        [v.leszno_ngo_text, v.leszno_ngo_long_text, v.leszno_ngo_list, v.leszno_ngo_street],
    )
    def test_html_is_refused_and_named(self, validator):
        for written in ("Klub <b>Sportowy</b>", "&lt;b&gt;", "<B onclick=x>"):
            with pytest.raises(tk.Invalid, match=r"<[bB]"):
                validator(written)

    @pytest.mark.parametrize(
        "validator",
        [
            *(v.leszno_ngo_text, v.leszno_ngo_date, v.leszno_ngo_phone, v.leszno_ngo_web_address),
            *(v.leszno_ngo_flag, v.leszno_ngo_money, lambda value: v.leszno_ngo_list([value])),
        ],
    )
    def test_a_text_too_long_is_refused_before_anything_else(self, validator):
        for written in ("x" * 1001, " " * 1001 + "x", "<b>" * 400):
            with pytest.raises(tk.Invalid, match=f"{len(written)} characters, the most is 1000"):
                validator(written)

    def test_a_longer_text_has_a_limit_too(self):
        with pytest.raises(tk.Invalid, match="the most is 20000"):
            v.leszno_ngo_long_text(" " * 20_001)


@pytest.mark.usefixtures("clean_catalogue")
class TestRecord:
    def test_an_identifier_another_record_has_is_refused_and_that_record_named(self):
        first = create(title="Klub Pierwszy")
        errors = errors_of(title="Klub Drugi", krs="31247")
        assert "Klub Pierwszy" in errors["krs"][0]
        assert f"/ngo/{first['name']}" in errors["krs"][0]

    def test_a_record_may_be_saved_again_with_its_own_identifier(self):
        record = create()
        saved = as_sysadmin("package_update", **{**record, "town": "Leszno"})
        assert saved["town"] == "Leszno"

    def test_a_deleted_record_frees_its_identifier(self):
        record = create()
        as_sysadmin("package_delete", id=record["id"])
        assert create(title="Nowy", name="nowy")["krs"] == "0000031247"

    def test_at_least_one_identifier(self):
        assert "at least one number" in errors_of(krs="")["krs"][0]

    def test_a_wrong_identifier_is_not_also_called_missing(self):
        assert len(errors_of(krs="abc")["krs"]) == 1

    def test_both_coordinates_or_none(self):
        assert errors_of(latitude="51.84") == {"longitude": ["Give both coordinates or none"]}

    def test_coordinates_are_numbers_in_the_api(self):
        record = create(latitude="51,84", longitude="16.57")
        assert (record["latitude"], record["longitude"]) == (51.84, 16.57)

    def test_a_pesel_is_refused(self):
        assert "PESEL" in errors_of(aims="Kontakt: 44051401359")["aims"][0]

    def test_spheres_are_derived_where_none_are_chosen(self):
        record = create(title="Fundacja Kultury Fizycznej i Sportu", spheres=[])
        assert "17" in record["spheres"]
        assert record["spheres_source"] == "derived"

    def test_an_officials_choice_of_spheres_wins_and_is_marked(self):
        record = create(title="Klub Sportowy", spheres=["16"])
        assert (record["spheres"], record["spheres_source"]) == (["16"], "declared")
        again = as_sysadmin("package_update", **{**record, "town": "Leszno"})
        assert again["spheres_source"] == "declared"

    def test_saving_derived_spheres_unchanged_keeps_them_derived(self):
        record = create(title="Klub Sportowy")
        again = as_sysadmin("package_update", **{**record, "town": "Leszno"})
        assert again["spheres_source"] == "derived"
        changed = as_sysadmin("package_update", **{**again, "spheres": ["16"]})
        assert changed["spheres_source"] == "declared"

    def test_provenance_is_written_by_the_harvest_alone(self):
        forged = create(sources=[{"id": "x", "title": "Ministerstwo"}])
        assert forged["sources"] == []

    def test_provenance_survives_a_form_that_does_not_send_it(self):
        source = {"id": "x", "title": "Wykaz OPP", "fields": ["krs"]}
        record = as_sysadmin(
            "package_create",
            context={"leszno_ngo_harvest": True},
            type="ngo",
            name="klub",
            title="A",
            krs="31247",
            sources=[source],
            owner_org=factories.Organization()["id"],
        )
        assert record["sources"] == [source]
        del record["sources"]
        assert as_sysadmin("package_update", **{**record, "town": "L"})["sources"] == [source]

    def test_an_emptied_field_is_gone(self):
        record = create(town="Leszno")
        assert "town" not in as_sysadmin("package_update", **{**record, "town": ""})


def test_a_bulk_writer_brings_its_own_index():
    calls = []

    class Index:
        def owners(self, record_type, field, value):
            calls.append((record_type, field, value))
            return []

    check = v.leszno_ngo_unique({"field_name": "krs"}, {"dataset_type": "ngo"})
    data, errors = {("krs",): "0000031247"}, {("krs",): []}
    check(
        ("krs",), data, errors, {"leszno_ngo_identity": Index(), "package": SimpleNamespace(id="1")}
    )
    assert calls == [("ngo", "krs", "0000031247")]
    assert errors == {("krs",): []}
