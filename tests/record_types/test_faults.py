"""A type file that is wrong says so: one fault a row, and what its message has to say."""

import copy
import dataclasses
import json

import pytest

from ckanext.leszno_ngo.record_types import check, files, reading
from ckanext.leszno_ngo.record_types.declarations import FieldDeclaration
from ckanext.leszno_ngo.record_types.files import SchemaFile
from tests.record_types import portal

COMPLETE = portal.schema_file(portal.HERE / "complete.yaml")
GONE = object()

# Where → what is put there, and words of the message: the place, what was found, the remedy.
FAULTS = {
    # keys
    "a key of the section": ("record_type.stattes", {}, 'no key "stattes"', '"states"'),
    "a key of version 0.1": ("record_type.timeline", [], "schedule: {timeline: …}"),
    "another key of version 0.1": ("record_type.money", {}, "finance: {sums: …}"),
    "a key of a field": (
        "dataset_fields.3.vocabluary",
        "event_kind",
        "(field kind)",
        '"vocabulary"',
    ),
    "a key of a column": (
        "dataset_fields.15.repeating_subfields.0.lable",
        "x",
        "(field organisation)",
        '"label"',
    ),
    "a key of a preset's field": ("dataset_fields.0.harvestd", True, '"harvested"'),
    "a key of a sort": ("record_type.sorts.0.order", "x", "sorts[0].order", "label, name, sort"),
    "a key of the file": ("datset_fields", [], '"dataset_fields"'),
    "a key of a mapping": ("record_type.threesixtygiving.recipient.nam", "x", '"name"'),
    # missing
    "no label": ("record_type.label", GONE, 'the key "label" is missing', "{pl: …, en: …}"),
    "no sections": ("record_type.sections", GONE, 'the key "sections" is missing'),
    "no field's label": ("dataset_fields.2.label", GONE, '"label" is missing', "(field number)"),
    "no field's name": ("dataset_fields.2.field_name", GONE, '"field_name" is missing'),
    "no Polish": ("record_type.label.pl", GONE, "record_type.label", '"pl" is missing'),
    "no date of a step": (
        "record_type.schedule.timeline.0.date",
        GONE,
        "timeline[0]",
        '"date" is missing',
    ),
    "no by of a part": ("record_type.linked_data.parts.0.by", GONE, "parts[0]", '"by" is missing'),
    "no type": ("dataset_type", GONE, '"dataset_type" is missing'),
    "no form of plural": ("record_type.count.pl.few", GONE, "count.pl", '"few" is missing'),
    # kinds
    "a text for a list": ("record_type.facets", "kind", "record_type.facets", "[kind]"),
    "a list for a text": ("record_type.default_sort", ["start"], "a list of 1", "a text"),
    "a text for a truth": ("record_type.menu", "yes", 'the text "yes"', "true or false"),
    "a number for a text": ("record_type.sorts.0.name", 2026, "the number 2026", "quotation marks"),
    "a truth for a code": (
        "record_type.default_filters.kind",
        True,
        "truth value true",
        "quotation",
    ),
    "nothing for a text": ("record_type.label.en", None, "found nothing", "a text"),
    "an empty text": ("record_type.label.en", "", "not empty"),
    "a text for a mapping": ("record_type.place", "latitude", "latitude: …, longitude: …"),
    "a mapping for a list": ("record_type.sorts", {}, "record_type.sorts", "a list"),
    "a text for a number": ("record_type.due.0.within", "14 days", "whole number"),
    "an empty list": ("record_type.sections", [], "record_type.sections", "at least 1"),
    "a kind of index": ("dataset_fields.3.index", "keyowrd", '"keyword"', "(field kind)"),
    "a way of merging": ("dataset_fields.4.merge", "add", "replace, union"),
    "a part of the books": ("record_type.finance.ledger", "grant", '"grants"'),
    "an event of 360Giving": (
        "record_type.threesixtygiving.events.0.property",
        "planned",
        "actualDates, plannedDates",
    ),
    "a field's name": ("dataset_fields.2.field_name", "Numer KRS", "field_name", "fits"),
    "no language": ("record_type.label.polski", "Warsztat", 'no key "polski"', "en, pl"),
    "nothing in another language": ("record_type.label.de", None, 'no key "de"', "en, pl"),
    # fields that are not there, or are of another kind
    "a facet": ("record_type.facets.0", "kid", "facets[0]", '"kind"'),
    "a facet of texts": ("record_type.facets.0", "funder", "index stored", "keyword"),
    "a statistic": ("record_type.statistics.0", "knd", "statistics[0]", '"kind"'),
    "a summary": ("record_type.summary.1", "started", "summary[1]", "start_date"),
    "a badge": ("record_type.badges.0", "start_date", "badges[0]", "flag or keyword"),
    "a key fact": ("record_type.key_facts.0.fields.1", "knd", "fields[1]", '"kind"'),
    "a type that points here": ("record_type.key_facts.1.linked.0", "ngo", "linked[0]", "workshop"),
    "a button's address": ("record_type.action.fields.0", "fund", "fields[0]", "funder"),
    "a button's state": ("record_type.action.states.0", "planned", "states[0]", "open"),
    "a plain sentence": ("record_type.in_short.0.text.pl", "Od {begin_date}.", "start_date"),
    "a plain sentence's state": ("record_type.in_short.0.states.0", "planned", "open"),
    "an identifier": ("record_type.identity.0", "kind", "identity[0]", "number"),
    "a coordinate": ("record_type.place.latitude", "lat", "place.latitude", "latitude"),
    "a year": ("record_type.schedule.year.1", "funder", "year[1]", "start_date"),
    "a run": ("record_type.schedule.runs.to.0", "finish_date", "runs.to[0]", "end_date"),
    "a deadline": (
        "record_type.schedule.dates.deadline",
        "kind",
        "dates.deadline",
        "date or datetime",
    ),
    "a step": (
        "record_type.schedule.timeline.0.date",
        "begin_date",
        "timeline[0].date",
        "end_date",
    ),
    "a step in a table": ("record_type.schedule.timeline.1.date", "party.joined", '"parties"'),
    "a column of a step": (
        "record_type.schedule.timeline.1.date",
        "parties.since",
        "column of parties",
    ),
    "a column that is no date": (
        "record_type.schedule.timeline.1.date",
        "parties.sector",
        "joined",
    ),
    "an entry of the calendar": ("record_type.schedule.calendar.0.end", "kind", "calendar[0].end"),
    "a sum": ("record_type.finance.sums.amount", "kind", "sums.amount", "granted_amount"),
    "whose money": ("record_type.finance.source.parent", "funder", "is no link", "parent"),
    "what is copied": ("record_type.copy.drop.0", "founder", "copy.drop[0]", '"funder"'),
    "what moves": ("record_type.copy.shift.0", "kind", "copy.shift[0]", "start_date"),
    "a table": ("record_type.copy.fill.kind", "spent_before", "copy.fill.kind", "parties"),
    "a rule of a table": ("record_type.copy.fill.parties", "spent_befor", '"spent_before"'),
    "a code that is in no sum": ("record_type.finance.stages.paid.0", "x", "paid", "training"),
    "a stage's field": ("record_type.finance.stages.field", "knd", "stages.field", '"kind"'),
    "a division": ("record_type.finance.breakdowns.0.field", "knd", "breakdowns[0]", '"kind"'),
    "a division of no search": ("record_type.finance.breakdowns.0.field", "number", "no search"),
    "sums of nothing": ("record_type.finance.sums.amount", GONE, "no amount to add up"),
    "what is due": ("record_type.due.0.without", "payer", "due[0].without"),
    "a result's field": ("record_type.results.recipient_name", "payer", "field of workshop"),
    "what is inherited": ("record_type.results.inherit.0", "knd", "results.inherit[0]", '"kind"'),
    "a column of files": ("record_type.export.order.1.0", "knid", "export.order[1][0]", '"kind"'),
    "a listed column": ("record_type.export", ["id", "knid"], "export[1]", '"kind"'),
    "a column left out": ("record_type.export.without.0", "tags_lst", '"tags_list"'),
    "a column of its own group": ("record_type.export.order.1.2", "kind", "twice"),
    "a group of one": ("record_type.export.order.0", ["kind"], "a list of 1", "at least 2"),
    "a path": ("record_type.export.columns.0.path", "parties.name", "column of parties"),
    "a computed value": ("record_type.export.columns.0.path", "computed.stat", '"state"'),
    "a filled field": ("dataset_fields.11.link.fill", "founder", "link.fill", '"funder"'),
    "a derived field's source": ("dataset_fields.14.derive.from.name.0", "titel", '"title"'),
    "a period": ("record_type.register.temporal.end.0", "kind", "register.temporal.end[0]"),
    # names of other things
    "a vocabulary": ("dataset_fields.3.vocabulary", "event_kinds", '"event_kind"', "(field kind)"),
    "a display": ("dataset_fields.3.display", "chioce", "display", '"choice"'),
    "a code without its vocabulary": (
        "dataset_fields.3.vocabulary",
        GONE,
        "Add the key vocabulary",
    ),
    "a plugin": (
        "record_type.plugins.0",
        "leszno_ngo_cooperatio",
        "plugins[0]",
        "Add leszno_ngo_cooperatio to ckan.plugins",
    ),
    "a check": ("record_type.checks.0", "order_of_date", "checks[0]", '"order_of_dates"'),
    "a type": ("dataset_fields.11.link.type.0", "workshops", "record type", '"workshop"'),
    "a result's type": ("record_type.results.type", "grants", "results.type", "workshop"),
    "a validator": ("dataset_fields.2.validators", "ignore_emtpy", "validators", '"ignore_empty"'),
    "a validator of the record": (
        "after_validators",
        "leszno_ngo_publish",
        '"leszno_ngo_publishing"',
    ),
    "a preset": ("dataset_fields.7.preset", "leszno_ngo_day", "preset", "leszno_ngo_date"),
    "a helper": ("dataset_fields.3.choices_helper", "leszno_choices", "choices_helper"),
    "a form's template": (
        "dataset_fields.3.form_snippet",
        "leszno_ngo_selct.html",
        "leszno_ngo_select",
    ),
    "a page's template": ("dataset_fields.3.display_snippet", "selct.html", "select.html"),
    "a section": ("dataset_fields.3.section", "basic", "(field kind)", '"basics"'),
    "a sort's field": ("record_type.sorts.1.sort", "granted desc", '"granted_amount"'),
    "a sort's direction": ("record_type.sorts.1.sort", "granted_amount down", "no sort of Solr"),
    "the usual sort": ("record_type.default_sort", "newst", "default_sort", '"newest"'),
    "a state": ("record_type.states.terms.1.code", "close", "states.terms[1].code", '"closed"'),
    "a state's vocabulary": ("record_type.states.vocabulary", "period_states", '"period_state"'),
    "a state's flag": ("record_type.states.terms.0.flag", "kind", "terms[0].flag", "free"),
    "a state's date": ("record_type.states.terms.1.past", "ended", "terms[1].past", "end_date"),
    "no last state": (
        "record_type.states.terms.2.past",
        ["end_date"],
        "records may be in no state",
    ),
    "a usual state": ("record_type.default_filters.state", "opened", '"open"'),
    "a usual filter": (
        "record_type.default_filters.funder",
        "x",
        "default_filters.funder",
        "facet",
    ),
    "a usual code": ("record_type.default_filters.kind", "trainign", '"training"'),
    "a state that is due": ("record_type.due.0.state", "opened", "due[0].state", '"open"'),
    "a code that is not due": ("record_type.due.0.but.kind", ["trainig"], '"training"'),
    "a form of cooperation": ("record_type.programme_forms.0", "F99", "programme_forms[0]"),
    "a theme": ("record_type.register.theme.0", "SOCIAL", "register.theme[0]", '"SOCI"'),
    "a frequency": ("record_type.register.frequency", "daily", "register.frequency", "DAILY"),
    "a rule": ("dataset_fields.14.derive.rule", "sphere", '"spheres"'),
    "a rule's argument": (
        "dataset_fields.14.derive.from.title",
        ["title"],
        "Allowed: aims, name, pkd",
    ),
    "a missing argument": ("dataset_fields.14.derive.from.pkd", GONE, 'argument "pkd" is missing'),
    "a prefix": ("record_type.linked_data.properties.title", "shema:name", '"schema"'),
    "no prefix": ("record_type.linked_data.types", "Event", "has no prefix", "schema:name"),
    "a mapped field": ("record_type.linked_data.properties.titel", "schema:name", '"title"'),
    "a fixed value": ("record_type.linked_data.fixed.schema:organizer", "{publish}", "{publisher}"),
    "a shared part": ("record_type.linked_data.parts.2", "coordinate", '"coordinates"'),
    "a shared part without its fields": (
        "record_type.linked_data.parts.2",
        "contact",
        "contact_email",
    ),
    "a part of rows": (
        "record_type.linked_data.parts.1.each",
        "party",
        "parts[1].each",
        "parties",
    ),
    "a part's address": ("record_type.linked_data.parts.1.id", "sector", "is no link", "ngo"),
    "a grant's field": (
        "record_type.threesixtygiving.source",
        "source_url",
        "threesixtygiving.source",
    ),
    "a grant's code": (
        "record_type.threesixtygiving.codes.0.values.trainings",
        "Yes",
        '"training"',
    ),
    "a grant's partners": (
        "record_type.threesixtygiving.partners.table",
        "party",
        "partners.table",
        '"parties"',
    ),
    "a classification": ("record_type.threesixtygiving.classifications.funder", "X", "kind"),
    # what is there twice, or must not be there
    "a field twice": ("dataset_fields.2.field_name", "kind", '"kind" is there twice'),
    "a facet twice": ("record_type.facets.1", "kind", "facets[1]", "twice"),
    "a sort twice": ("record_type.sorts.1.name", "start", '"start" is there twice'),
    "CKAN's own name": ("dataset_fields.4.field_name", "tags", "CKAN's own", "Choose another"),
    "a date's name": ("dataset_fields.7.field_name", "starting", "starting", "_date"),
    "a name that only dates have": ("dataset_fields.4.field_name", "words_date", "_date"),
    "an empty section": (
        "record_type.sections.0.name",
        "main",
        'no field is in the section "main"',
    ),
    "a column without a heading": ("record_type.export.columns.0.label", GONE, "no heading"),
    "an identity that is asked for": ("record_type.identity", GONE, "record_type.identity"),
}


def faults_of(text: str) -> list[str]:
    file = SchemaFile("complete.yaml", text)
    return [str(f) for f in check.faults([file], portal.presets(), portal.known())]


def with_fault(path: str, value) -> str:
    data = copy.deepcopy(COMPLETE.data)
    *above, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    place = data
    for key in above:
        place = place[key]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return json.dumps(data, ensure_ascii=False, indent=1)  # which is YAML, too


def test_the_file_without_faults_is_right():
    assert faults_of(COMPLETE.text) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_place_and_remedy(name):
    path, value, *words = FAULTS[name]
    found = faults_of(with_fault(path, value))
    assert found, "built silently"
    fitting = [line for line in found if all(word in line for word in words)]
    assert fitting, found
    assert all(line.startswith("complete.yaml:") for line in found)


def test_the_table_is_long_enough():
    assert len(FAULTS) >= 40


def test_all_faults_of_a_file_are_told_at_once():
    text = COMPLETE.text.replace("  facets: [kind, ", "  facets: kind #")
    text = text.replace("frequency: DAILY", "frequency: daily")
    text = text.replace("vocabulary: event_kind", "vocabulary: events")
    found = faults_of(text)
    for place in ("record_type.facets", "register.frequency", "(field kind)"):
        assert any(place in line for line in found), found


def test_a_fault_names_its_line():
    number = next(
        n for n, line in enumerate(COMPLETE.text.splitlines(), 1) if "default_sort: start" in line
    )
    (found,) = faults_of(COMPLETE.text.replace("default_sort: start", "default_sort: begin"))
    assert found.startswith(f"complete.yaml:{number}: record_type.default_sort: ")


def test_a_key_that_stands_twice_is_told():
    (found,) = faults_of(COMPLETE.text.replace("  menu: true\n", "  menu: true\n  menu: false\n"))
    assert 'the key "menu" stands on line' in found


@pytest.mark.parametrize("text", ["a: ]", "record_type: {label: a: b}", "\ta: 1", "a: *b"])
def test_what_is_no_yaml_is_told_with_its_line(text):
    (found,) = faults_of(text)
    assert found.startswith("complete.yaml:1: ")
    assert "not YAML" in found


@pytest.mark.parametrize("text", ["", "- 1", "text"])
def test_what_is_no_schema_is_told(text):
    (found,) = faults_of(text)
    assert "no mapping" in found


def test_a_section_that_is_spelt_wrong_is_no_ordinary_dataset():
    (found,) = faults_of(COMPLETE.text.replace("\nrecord_type:", "\nrecord_types:"))
    assert 'Did you mean "record_type"?' in found


def test_two_files_of_one_type_are_told():
    both = [SchemaFile(name, COMPLETE.text) for name in ("one.yaml", "two.yaml")]
    found = [str(f) for f in check.faults(both, portal.presets(), portal.known())]
    assert found[0].startswith('one.yaml:4: dataset_type: the type "workshop" is also in two.yaml')
    assert len(found) == 2


MAPPINGS = "linked_data:\n  types: schema:Event\n  properties:\n    title: schema:name\n"


@pytest.fixture
def with_mappings(tmp_path, monkeypatch):
    """The complete file with its linked data in a file of its own; its faults."""

    def faults(text, name="city:workshop.yaml"):
        path = tmp_path / "workshop.yaml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(files, "located", {"city:workshop.yaml": path}.get)
        data = copy.deepcopy(COMPLETE.data)
        del data["record_type"]["linked_data"]
        data["record_type"]["mappings"] = name
        return faults_of(json.dumps(data))

    return faults


def test_mappings_may_be_in_a_file_of_their_own(with_mappings):
    assert with_mappings(MAPPINGS) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (MAPPINGS.replace("title:", "titel:"), ["city:workshop.yaml:4: linked_data", '"title"']),
        (MAPPINGS.replace("types:", "type:"), ["city:workshop.yaml:2: linked_data.type", "types"]),
        (MAPPINGS + "label: x\n", ['city:workshop.yaml:5: label: there is no key "label"']),
        (MAPPINGS + "results: {}\n", ["complete.yaml:1: record_type.results", "too"]),
        (MAPPINGS + "linked_data: {}\n", ["city:workshop.yaml:5", "stands on line 1 already"]),
        ("a: ]", ["city:workshop.yaml:1", "not YAML"]),
    ],
)
def test_a_fault_of_mappings_is_told_with_their_file(with_mappings, text, words):
    found = with_mappings(text)
    assert any(all(word in line for word in words) for line in found), found


def test_a_file_of_mappings_that_is_not_there_is_told(with_mappings):
    (found,) = with_mappings(MAPPINGS, "city:gone.yaml")
    assert 'record_type.mappings: there is no file "city:gone.yaml"' in found


def test_keys_of_other_plugins_pass_where_the_portal_says_so():
    text = COMPLETE.text.replace("  - {field_name: number,", "  - {field_name: number, fluent: x,")
    assert "fluent" in faults_of(text)[0]
    known = dataclasses.replace(portal.known(), field_keys={"fluent"})
    assert check.faults([SchemaFile("a.yaml", text)], portal.presets(), known) == []


def test_every_preset_is_right():
    own = portal.presets_file().data["presets"]
    declared = {p["preset_name"]: {"field_name": "x", **p["values"]} for p in own}
    wrong = {name: list(reading.faults(FieldDeclaration, one)) for name, one in declared.items()}
    assert not {name: found for name, found in wrong.items() if found}


def test_every_type_file_of_the_package_is_right():
    found = check.faults(portal.all_files(), portal.presets(), portal.known())
    assert [str(fault) for fault in found] == []


def test_other_languages_stand_beside_and_are_not_read():
    section = reading.without_other_languages(COMPLETE.data)["record_type"]
    assert set(COMPLETE.data["record_type"]["label"]) == {"pl", "en", "de"}
    assert set(section["label"]) == set(section["count"]) == {"pl", "en"}


def test_merged_keys_are_no_repeated_ones():
    from ckanext.leszno_ngo.record_types.files import SchemaFile

    file = SchemaFile("x.yaml", "a: &d {name: b, index: text}\nb: {<<: *d, name: c}\n")
    assert file.data["b"] == {"name": "c", "index": "text"}
    assert not list(file.faults())
