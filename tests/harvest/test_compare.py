"""Identity, guards and the three-way comparison, without CKAN."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo.harvest import doubts
from ckanext.leszno_ngo.harvest.compare import Baseline, Guards, plan
from ckanext.leszno_ngo.harvest.merge import differences, merge
from ckanext.leszno_ngo.harvest.model import Incoming, Refusal, SourceError
from ckanext.leszno_ngo.harvest.rules import FieldRule, Rules, content_of
from ckanext.leszno_ngo.harvest.voices import Voice

RULES = Rules(
    fields=(
        FieldRule("krs"),
        FieldRule("nip"),
        FieldRule("title"),
        FieldRule("phone"),
        FieldRule("status"),
        FieldRule("pkd", "list"),
        FieldRule("opp", "flag"),
        FieldRule("latitude", "number"),
        FieldRule("years", "list", "union"),
    ),
    identity=("krs", "regon", "nip", "register_number"),
)
A, B, C = "0000000001", "0000000002", "0000000003"


class Catalogue:
    """What a catalogue would know, in dicts."""

    def __init__(self, records=None, baselines=(), decided=()):
        self.records = records or {}
        self.decided = decided
        self.baselines = {b.key: b for b in baselines}

    def of_record(self, record_id):
        return next((b for b in self.baselines.values() if b.record_id == record_id), None)

    def owners(self, field, value):
        return [id_ for id_, numbers in self.records.items() if numbers.get(field) == value]

    def deleted(self, key, title, numbers):
        found = [(id_, is_gone) for id_, is_gone, known in self.decided if known & {key, *numbers}]
        return found[0] if found else None

    def identifiers(self, record_id):
        return self.records.get(record_id, {})

    def title(self, record_id):
        return self.records.get(record_id, {}).get("title", "")


def row(number, **record):
    key = next(f"{f}:{record[f]}" for f in RULES.identity if f in record)
    return Incoming(number, record, None, key)


def baseline(record_id, **record):
    key = next(f"{f}:{record[f]}" for f in RULES.identity if f in record)
    extra = {
        name[1:]: record.pop(name)
        for name in ("_missing_from", "_marked", "_active", "_touched")
        if name in record
    }
    return Baseline(f"o-{record_id}", key, record_id, content_of(record), **extra)


def planned(rows, known=None, refusals=(), guards=None, sighted=()):
    loose = guards or Guards(max_refused=2, max_vanished=2)
    known = known or Catalogue()
    found = plan(rows, refusals, known, RULES, loose, sighted)
    doubts.check(found, known, RULES, loose)
    return found


def codes(refusals):
    return [(r.row, r.field, r.code) for r in refusals]


# ---------------------------------------------------------------------------------- identity
def test_a_row_of_an_unknown_organisation_is_an_addition():
    assert [c.incoming.row for c in planned([row(2, krs=A)]).adds] == [2]


@pytest.mark.parametrize("field", ["krs", "regon", "nip", "register_number"])
def test_a_record_is_found_by_any_of_its_numbers(field):
    known = Catalogue({"r1": {field: "5"}})
    found = planned([row(2, **{field: "5"})], known)
    assert [c.record_id for c in found.changes] == ["r1"]
    assert not found.adds


def test_a_record_found_by_a_weaker_number_is_not_a_second_record():
    known = Catalogue({"r1": {"nip": "9"}})
    found = planned([row(2, krs=A, nip="9")], known)
    assert [c.record_id for c in found.changes] == ["r1"]


def test_numbers_of_two_records_are_reported_and_not_merged():
    known = Catalogue({"r1": {"krs": A}, "r2": {"nip": "9"}})
    found = planned([row(2, krs=A, nip="9")], known)
    assert codes(found.conflicts) == [(2, "krs", "two_records")]
    assert found.conflicts[0].detail == {"records": ["r1", "r2"]}
    assert not found.changes
    assert not found.adds


def test_the_same_krs_with_another_nip_is_reported_and_not_merged():
    known = Catalogue({"r1": {"krs": A, "nip": "9"}})
    found = planned([row(2, krs=A, nip="8")], known)
    assert codes(found.conflicts) == [(2, "nip", "other_number")]
    assert not found.changes


def test_a_source_may_correct_the_number_that_it_gave_itself():
    known = Catalogue({"r1": {"krs": A, "nip": "9"}}, [baseline("r1", krs=A, nip="9")])
    assert len(planned([row(2, krs=A, nip="8")], known).changes) == 1


def test_a_source_may_not_take_another_records_number():
    known = Catalogue(
        {"r1": {"krs": A, "nip": "9"}, "r2": {"krs": B, "nip": "8"}},
        [baseline("r1", krs=A, nip="9")],
    )
    found = planned([row(2, krs=A, nip="8")], known)
    assert codes(found.conflicts) == [(2, "nip", "two_records")]


def test_a_number_corrected_by_a_person_does_not_keep_the_rows_other_changes_out():
    known = Catalogue({"r1": {"krs": A, "nip": "7"}}, [baseline("r1", krs=A, nip="9")])
    assert len(planned([row(2, krs=A, nip="9", title="X")], known).changes) == 1


def test_a_row_that_gets_a_stronger_number_keeps_its_memory():
    before = baseline("r1", register_number="12")
    known = Catalogue({"r1": {"register_number": "12"}}, [before])
    found = planned([row(2, krs=A, register_number="12")], known)
    assert [c.baseline for c in found.changes] == [before]
    assert not found.missing


# ---------------------------------------------------------------------------------- repeated rows
def test_a_row_that_says_the_same_again_is_set_aside():
    found = planned([row(2, krs=A, title="X"), row(3, krs=A, title="X")])
    assert codes(found.refusals) == [(3, "", "repeated")]
    assert len(found.adds) == 1


def test_two_rows_that_contradict_each_other_are_a_conflict():
    found = planned([row(2, krs=A, title="X"), row(3, krs=A, title="Y")])
    assert codes(found.conflicts) == [(3, "", "repeated_differs")]


def test_two_rows_that_share_a_number_are_a_conflict():
    found = planned([row(2, krs=A, nip="9"), row(3, krs=B, nip="9")])
    assert codes(found.conflicts) == [(3, "nip", "shared_number")]
    assert len(found.adds) == 1


def test_two_rows_that_lead_to_one_record_are_a_conflict():
    known = Catalogue({"r1": {"krs": A, "nip": "9"}})
    found = planned([row(2, krs=A), row(3, nip="9")], known)
    assert codes(found.conflicts) == [(3, "nip", "shared_number")]


# ---------------------------------------------------------------------------------- unchanged
def test_an_unchanged_row_needs_nothing():
    known = Catalogue({"r1": {"krs": A}}, [baseline("r1", krs=A, title="X")])
    found = planned([row(2, krs=A, title="X")], known)
    assert found.unchanged == 1
    assert not (found.adds)
    assert not (found.changes)
    assert not (found.checks)
    assert not (found.missing)


def test_an_unchanged_row_of_a_record_that_was_edited_is_looked_at():
    known = Catalogue({"r1": {"krs": A}}, [baseline("r1", krs=A, _touched=True)])
    found = planned([row(2, krs=A)], known)
    assert (found.unchanged, len(found.checks)) == (1, 1)


def test_a_record_that_was_deleted_is_not_made_anew_by_another_source():
    gone = [("r1", True, {("krs", A), "event:7"})]
    found = planned([row(2, krs=A), row(3, krs=B)], Catalogue(decided=gone))
    assert (found.deleted, len(found.adds)) == (["r1"], 1)
    again = planned([row(2, krs=A)], Catalogue(decided=[("r1", False, {("krs", A)})]))
    assert [change.record_id for change in again.changes] == ["r1"]


def test_a_record_deleted_by_a_person_stays_deleted():
    known = Catalogue({}, [baseline("r1", krs=A, _active=False)])
    found = planned([row(2, krs=A, title="new")], known)
    assert found.withdrawn == 1
    assert not (found.adds)
    assert not (found.changes)
    assert not (found.missing)


def test_a_record_made_again_by_a_person_is_found():
    known = Catalogue({"r2": {"krs": A}}, [baseline("r1", krs=A, _active=False)])
    assert [c.record_id for c in planned([row(2, krs=A)], known).changes] == ["r2"]


# ---------------------------------------------------------------------------------- missing
def test_a_record_that_the_source_does_not_have_any_more_is_missing():
    known = Catalogue(
        {"r1": {"krs": A}, "r2": {"krs": B}}, [baseline("r1", krs=A), baseline("r2", krs=B)]
    )
    assert [b.record_id for b in planned([row(2, krs=A)], known).missing] == ["r2"]


def test_a_record_whose_row_was_refused_is_not_missing():
    known = Catalogue({"r1": {"krs": A}}, [baseline("r1", krs=A)])
    bad = [Refusal(2, "legal_name", "", "empty")]
    assert not planned([], known, bad, sighted={("krs", A)}).missing


def test_a_record_in_conflict_is_not_missing():
    known = Catalogue(
        {"r1": {"krs": A, "nip": "9"}, "r2": {"nip": "8"}}, [baseline("r1", krs=A, nip="9")]
    )
    found = planned([row(2, krs=A, nip="8")], known)
    assert found.conflicts
    assert not found.missing


def test_a_source_asked_for_single_records_misses_nothing():
    known = Catalogue({"r1": {"krs": A}}, [baseline("r1", krs=A)])
    assert not planned([], known, guards=Guards(complete=False)).missing


def test_a_record_that_comes_back_is_a_change():
    known = Catalogue({"r1": {"krs": A}}, [baseline("r1", krs=A, _missing_from="2026-01-02")])
    assert len(planned([row(2, krs=A)], known).changes) == 1


# ---------------------------------------------------------------------------------- guards
def many(count, start=1):
    return [row(n, krs=f"{n:010}") for n in range(start, start + count)]


def remembered(count):
    return Catalogue(
        {f"r{n}": {"krs": f"{n:010}"} for n in range(1, count + 1)},
        [baseline(f"r{n}", krs=f"{n:010}") for n in range(1, count + 1)],
    )


def test_an_empty_source_stops_the_run():
    with pytest.raises(SourceError) as error:
        planned([], guards=Guards())
    assert error.value.code == "no_rows"


@pytest.mark.parametrize(("left", "stops"), [(8, False), (7, True), (1, True)])
def test_too_many_vanished_records_stop_the_run(left, stops):
    if not stops:
        assert len(planned(many(left), remembered(10), guards=Guards()).missing) == 2
        return
    with pytest.raises(SourceError) as error:
        planned(many(left), remembered(10), guards=Guards())
    assert error.value.code == "vanished_share"
    assert error.value.detail["missing"] == 10 - left


def test_records_marked_long_ago_do_not_stop_a_run():
    known = remembered(10)
    for n in range(4, 11):
        known.baselines[f"krs:{n:010}"].marked = True
    assert len(planned(many(3), known, guards=Guards()).missing) == 7


@pytest.mark.parametrize(("bad", "stops"), [(4, False), (5, True)])
def test_half_bad_rows_stop_the_run(bad, stops):
    refusals = [Refusal(100 + n, "krs", "x", "characters") for n in range(bad)]
    if not stops:
        assert len(planned(many(10 - bad), refusals=refusals, guards=Guards()).adds) == 6
        return
    with pytest.raises(SourceError) as error:
        planned(many(10 - bad), refusals=refusals, guards=Guards())
    assert error.value.code == "refused_share"


def test_a_bad_row_counts_once_however_many_reasons_it_has():
    refusals = [Refusal(100, field, "x", "length") for field in ("krs", "nip", "regon")]
    assert planned(many(3), refusals=refusals, guards=Guards()).rows == 4


def test_a_field_set_aside_and_a_repeated_row_are_no_bad_rows():
    rows = [*many(2), row(9, krs="0000000001"), row(10, krs="0000000002")]
    odd = [Refusal(1, "phone", "x", "phone", whole_row=False)]
    assert planned(rows, refusals=odd, guards=Guards()).rows == 4


# ---------------------------------------------------------------------------------- one record
def voice(priority=10, stored=None, id_="me", **record):
    return Voice(id_, priority, record, stored or {})


def merged(said, current, before=None, others=(), priority=10, stored=None):
    mine = Voice("me", priority, before or {}, stored or {})
    return merge(RULES, said, current, mine, others)


def test_a_new_record_takes_what_the_source_says():
    outcome = merged({"title": "X", "phone": ""}, {})
    assert outcome.values == {"title": "X"}
    assert outcome.said == {"title": "X", "phone": ""}


def test_a_change_at_the_source_is_taken():
    outcome = merged({"title": "Y"}, {"title": "X"}, {"title": "X"})
    assert outcome.values == {"title": "Y"}
    assert not outcome.kept


def test_an_edit_survives_a_source_that_says_the_same():
    outcome = merged({"title": "X"}, {"title": "Edited"}, {"title": "X"})
    assert outcome.values == {}
    assert outcome.kept == {"title": "X"}


def test_an_edit_survives_a_change_at_the_source_and_is_reported():
    outcome = merged({"title": "Y"}, {"title": "Edited"}, {"title": "X"})
    assert outcome.values == {}
    assert outcome.said == {"title": "Y"}
    found = differences(7, "r1", outcome.kept, {"title": "Edited"})
    assert [(d.row, d.field, d.source, d.catalogue) for d in found] == [(7, "title", "Y", "Edited")]


def test_a_value_taken_out_by_a_person_stays_out():
    outcome = merged({"phone": "2"}, {"phone": ""}, {"phone": "1"})
    assert outcome.values == {}
    assert outcome.kept == {"phone": "2"}


def test_an_edit_that_equals_the_source_is_no_difference():
    assert not merged({"title": "Y"}, {"title": "Y"}, {"title": "X"}).kept


def test_a_value_that_a_person_entered_before_the_first_harvest_stays():
    outcome = merged({"phone": "1"}, {"phone": "2"})
    assert outcome.values == {}
    assert outcome.kept == {"phone": "1"}


def test_a_field_that_the_source_empties_is_emptied():
    assert merged({"phone": ""}, {"phone": "1"}, {"phone": "1"}).values == {"phone": ""}


def test_a_field_that_the_source_does_not_have_stays_and_is_remembered():
    outcome = merged({"title": "X"}, {"title": "X", "phone": "1"}, {"title": "X", "phone": "1"})
    assert outcome.values == {}
    assert outcome.said == {"title": "X", "phone": "1"}


def test_a_value_that_the_catalogue_stored_in_another_form_is_no_edit():
    outcome = merged({"phone": "2"}, {"phone": "+48 1"}, {"phone": "1"}, stored={"phone": "+48 1"})
    assert outcome.values == {"phone": "2"}
    assert outcome.stored == {}


def test_a_union_only_adds():
    outcome = merged({"years": ["2025"]}, {"years": ["2024"]}, {"years": ["2024"]})
    assert outcome.values == {"years": ["2024", "2025"]}
    assert outcome.said == {"years": ["2024", "2025"]}


def test_a_union_does_not_bring_back_what_a_person_took_out():
    outcome = merged({"years": ["2024", "2025"]}, {"years": []}, {"years": ["2024"]})
    assert outcome.values == {"years": ["2025"]}


# ---------------------------------------------------------------------------------- sources
def test_a_stronger_source_takes_a_weaker_ones_value():
    other = voice(10, id_="opp", title="X")
    assert merged({"title": "Y"}, {"title": "X"}, others=[other], priority=40).values == {
        "title": "Y"
    }


def test_a_weaker_source_leaves_a_stronger_ones_value():
    other = voice(40, id_="krs", title="X")
    outcome = merged({"title": "Y"}, {"title": "X"}, others=[other])
    assert outcome.values == {}
    assert not outcome.kept


def test_a_weaker_source_that_once_agreed_does_not_take_the_field():
    other = voice(40, id_="krs", title="X")
    outcome = merged({"title": "Y"}, {"title": "X"}, {"title": "X"}, [other])
    assert outcome.values == {}


def test_the_next_best_source_speaks_when_the_best_says_nothing_any_more():
    other = voice(10, id_="opp", phone="1")
    outcome = merged({"phone": ""}, {"phone": "2"}, {"phone": "2"}, [other], priority=40)
    assert outcome.values == {"phone": "1"}


def test_what_the_catalogue_filled_in_gives_way_to_any_source():
    other = voice(40, {"status": "active"}, "opp", title="X")
    outcome = merged({"status": "removed"}, {"status": "active"}, others=[other])
    assert outcome.values == {"status": "removed"}


def test_a_weak_sources_yes_does_not_undo_a_strong_ones_no():
    other = voice(40, id_="krs", opp=False)
    assert merged({"opp": True}, {"opp": False}, others=[other]).values == {}


def test_a_flag_that_nobody_set_is_set():
    assert merged({"opp": True}, {"opp": False}).values == {"opp": True}


# ---------------------------------------------------------------------------------- for any values
values = st.sampled_from(["", "a", "b", "c"])


@given(source=values, before=values, stands=values)
def test_an_edit_always_survives(source, before, stands):
    """What stands and is nobody's word is never overwritten."""
    outcome = merged({"title": source}, {"title": stands}, {"title": before})
    if stands != before:
        assert outcome.values == {}


@given(source=values, before=values, stands=values, other=values)
def test_a_second_look_changes_nothing(source, before, stands, other):
    others = [voice(20, id_="o", title=other)] if other else []
    current = {"title": stands}
    first = merged({"title": source}, current, {"title": before}, others, priority=15)
    current |= first.values
    again = merged({"title": source}, current, first.said, others, priority=15)
    assert again.values == {}


@given(
    words=st.lists(st.tuples(st.sampled_from("xyz"), values), max_size=12),
)
def test_sources_that_speak_in_any_order_leave_the_strongest_ones_word(words):
    priorities = {"x": 1, "y": 2, "z": 3}
    said: dict[str, dict] = {}
    current: dict = {}
    for who, word in words:
        others = [Voice(w, priorities[w], r) for w, r in said.items() if w != who]
        mine = Voice(who, priorities[who], said.get(who, {}))
        outcome = merge(RULES, {"title": word}, current, mine, others)
        assert not outcome.kept, "nobody but sources has spoken"
        current |= outcome.values
        said[who] = outcome.said
    standing = [said[w]["title"] for w in "zyx" if said.get(w, {}).get("title")]
    assert (current.get("title") or "") == (standing[0] if standing else "")


@given(st.lists(st.tuples(st.sampled_from([A, B, C]), st.sampled_from("789")), max_size=8))
def test_every_row_is_accounted_for_and_no_record_is_changed_twice(pairs):
    known = Catalogue({"r1": {"krs": A, "nip": "7"}, "r2": {"nip": "8"}})
    rows = [row(n, krs=krs, nip=nip) for n, (krs, nip) in enumerate(pairs, 2)]
    found = planned(rows, known, guards=Guards(complete=False))
    assert found.rows == len(rows)
    changed = [c.record_id for c in found.changes]
    assert len(changed) == len(set(changed))
    numbers = [number for c in found.adds for number in c.incoming.record.items()]
    assert len(numbers) == len(set(numbers))


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_what_is_remembered_is_the_same_text_for_the_same_record(record):
    again = dict(reversed(list(record.items())))
    assert content_of(again) == content_of(record)
    assert json.loads(content_of(record)) == record
