"""A place is one fact: its fields come from one source, whole."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo.harvest.groups import standing
from ckanext.leszno_ngo.harvest.merge import merge
from ckanext.leszno_ngo.harvest.rules import FieldRule, Rules
from ckanext.leszno_ngo.harvest.voices import Voice
from tests.shared_data import shared

PLACE = ("teryt", "county", "municipality", "town", "street", "postal_code", "latitude")
RULES = Rules(
    fields=(
        FieldRule("title"),
        *(FieldRule(name, "number" if name == "latitude" else "text", group="place")
          for name in PLACE),
    ),
    identity=("krs",),
)  # fmt: skip
LESZNO = {"teryt": "3063011", "county": "Leszno", "municipality": "Leszno", "town": "Leszno"}
SANOK = {"county": "sanocki", "municipality": "Sanok", "town": "Sanok", "street": "Rynek"}


def voice(priority, id_="other", stored=None, **said):
    return Voice(id_, priority, said, stored or {})


def merged(said, current, before=None, others=(), priority=40, stored=None):
    mine = Voice("me", priority, before or {}, stored or {})
    return merge(RULES, said, current, mine, others)


# ---------------------------------------------------------------------------------- one record
def test_a_heavier_sources_place_takes_the_whole_place_along():
    outcome = merged(SANOK, LESZNO, others=[voice(30, **LESZNO)])
    assert outcome.values == {**SANOK, "teryt": ""}
    assert not outcome.kept


def test_a_lighter_source_adds_what_it_does_not_contradict():
    outcome = merged({**LESZNO, "postal_code": "64-100"}, {"town": "Leszno"}, priority=10,
                     others=[voice(40, town="Leszno")])  # fmt: skip
    assert outcome.values["teryt"] == "3063011"
    assert outcome.values["postal_code"] == "64-100"


def test_a_lighter_source_of_another_place_adds_nothing():
    outcome = merged({**LESZNO, "postal_code": "64-100"}, SANOK, priority=10,
                     others=[voice(40, **SANOK)])  # fmt: skip
    assert outcome.values == {}
    assert not outcome.kept


def test_an_assumed_place_gives_way_to_the_lightest_source():
    register = voice(30, title="X", stored=LESZNO)
    outcome = merged(SANOK, {"title": "X", **LESZNO}, others=[register], priority=10)
    assert {**LESZNO, **outcome.values} == {**SANOK, "teryt": ""}


def test_a_point_does_not_stay_behind_when_the_address_moves():
    old = {"town": "Leszno", "street": "Rynek", "latitude": 51.84}
    before = {"town": "Leszno", "street": "Rynek"}
    outcome = merged({**before, "street": "Karasia"}, old, before, [voice(20, **old)])
    assert outcome.values == {"street": "Karasia", "latitude": ""}


def test_a_persons_field_keeps_the_whole_place():
    stands = {**LESZNO, "street": "Karasia"}
    outcome = merged(SANOK, stands, others=[voice(30, **LESZNO)])
    assert outcome.values == {}
    assert outcome.kept == SANOK


def test_a_source_that_agrees_adds_to_a_persons_place():
    outcome = merged({**LESZNO, "postal_code": "64-100"}, {"town": "Leszno", "street": "Karasia"})
    assert outcome.values == {"teryt": "3063011", "county": "Leszno", "municipality": "Leszno",
                              "postal_code": "64-100"}  # fmt: skip
    assert not outcome.kept


def test_what_a_person_took_out_stays_out():
    said = {**LESZNO, "street": "Karasia"}
    outcome = merged({**said, "street": "Rynek"}, LESZNO, before=said)
    assert outcome.values == {}
    assert outcome.kept == {"street": "Rynek"}


def test_a_group_merged_field_by_field_before_is_nobodys_edit():
    """What stands is a mixture of two sources, as this product left it once."""
    mixed = {**SANOK, "teryt": "3063011"}
    others = [voice(30, **LESZNO)]
    outcome = merged({**SANOK, "street": "Lipowa"}, mixed, before=SANOK, others=others)
    assert outcome.values == {"street": "Lipowa", "teryt": ""}


places = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from("ab") for name in ("teryt", "town", "street")}
)


@given(words=st.lists(st.tuples(st.sampled_from("xyz"), places), max_size=10))
def test_sources_in_any_order_leave_the_same_place(words):
    priorities = {"x": 1, "y": 2, "z": 3}
    said: dict[str, dict] = {}
    current: dict = {}
    for who, word in words:
        others = [Voice(w, priorities[w], r) for w, r in said.items() if w != who]
        outcome = merge(
            RULES, word, current, Voice(who, priorities[who], said.get(who, {})), others
        )
        assert not outcome.kept, "nobody but sources has spoken"
        current |= outcome.values
        said[who] = outcome.said
    voices = [Voice(w, priorities[w], r) for w, r in said.items()]
    stands = {name: value for name, value in current.items() if value}
    assert stands == standing(RULES.groups["place"], voices)


@given(source=places, before=places, stands=places)
def test_a_persons_values_always_survive(source, before, stands):
    outcome = merged(source, stands, before)
    mine = {n: v for n, v in stands.items() if before.get(n) != v}
    assert not set(mine) & set(outcome.values)


# ---------------------------------------------------------------------------------- real extracts
HEADER = "KRS;NIP;Nazwa;Miejscowość\n"


@pytest.fixture
def extracts():
    """Saved extracts of bodies outside Leszno: KRS number → town in the register."""
    found = {}
    for path in sorted(shared("krs-extracts").glob("*.json")):
        if path.stat().st_size:
            seat = json.loads(path.read_bytes())["odpis"]["dane"]["dzial1"]["siedzibaIAdres"]
            found[path.stem] = seat["siedziba"]["miejscowosc"]
    return found


def test_no_real_body_keeps_a_teryt_that_its_register_entry_denies(
    harvest, open_network, server, extracts
):
    from ckan.tests.helpers import call_action

    from ckanext.leszno_ngo import record_types
    from ckanext.leszno_ngo.exports import jsonld_mapping

    rows = "".join(f"{krs};;ORGANIZACJA {krs};\n" for krs in extracts)
    harvest.run(harvest.source("register"), HEADER + rows)
    record_type = record_types.get("ngo")
    assert {r["teryt"] for r in harvest.records().values()} == {"3063011"}
    server.add_folder(shared("krs-extracts"))
    assert harvest.run(harvest.source("krs", url=server.url, max_changed_share=1)).changed == len(
        extracts
    )
    for krs, record in harvest.records().items():
        assert record["town"].casefold() == extracts[krs].casefold()
        assert not record.get("teryt"), krs
        shown = call_action("package_show", id=record["id"])
        said = json.dumps(
            jsonld_mapping.writer(record_type, jsonld_mapping.Addresses("http://x/")).node(shown)
        )
        assert '"Leszno"' not in said
        assert "3063011" not in said


def test_a_command_mends_places_that_were_stored_mixed(harvest, cli):
    """What stands is a mixture, as releases before left it."""
    from ckan import model

    from ckanext.leszno_ngo.cli import leszno_ngo

    rows = "0000000168;;ALFA;Leszno\n0000000291;;BETA;Leszno\n"
    for options, town in (({}, "Leszno"), ({"priority": 40}, "Sanok")):
        harvest.run(harvest.source("register", **options), HEADER + rows.replace("Leszno", town))
    records = harvest.records()
    package = model.Package.get(records["0000000168"]["id"])
    package.extras = {**package.extras, "teryt": "3063011"}
    model.Session.commit()
    harvest.edit(records["0000000291"], teryt="3063011", town="Kąkolewo")
    before = harvest.records()
    result = cli.invoke(leszno_ngo, ["mend-places"])
    assert result.exit_code == 1
    assert "3063011 → –" in result.output
    assert harvest.records() == before, "without --write nothing is changed"
    result = cli.invoke(leszno_ngo, ["mend-places", "--write"])
    assert result.exit_code == 1, "one is a person's"
    assert not harvest.records()["0000000168"].get("teryt")
    assert harvest.records()["0000000168"]["town"] == "Sanok"
    assert harvest.records()["0000000291"] == before["0000000291"]
