"""What a type file may say: every key, its kind and its meaning.

A type file is a schema of ckanext-scheming with the section ``record_type`` and a few more keys on
its fields. ``reading`` checks files against these structs, ``check`` what the names in them stand
for; docs/type-files.md and the JSON Schema for editors are made from them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Name = Annotated[str, Meta(min_length=1)]
#: One name or a list of them.
Names = Name | list[Name]
#: Field → values.
Values = dict[Name, Names]
#: How a text's key may say another language than those of :class:`Localised`: ``de``, ``pt_BR``.
LANGUAGE = "[a-z]{2,3}([_-][A-Za-z]{2,4})*"


class Declared(Struct, forbid_unknown_fields=True):
    """A mapping in a type file, of keys that are known."""


class Localised(Declared):
    """A text in both languages."""

    pl: Annotated[Name, Meta(description="Polish")]
    en: Annotated[
        Name,
        Meta(description="English; more languages may stand beside it (`de`, `pt_BR`)"),
    ]


Text = Localised | str


class Plural(Declared):
    """Forms of a counted noun in Polish, each with `{n}` for the number (CLDR categories)."""

    one: Annotated[Name, Meta(description="1")]
    few: Annotated[Name, Meta(description="2, 3, 4, 22 …")]
    many: Annotated[Name, Meta(description="0, 5, 11, 12 …")]
    other: Annotated[Name, Meta(description="fractions")]


class EnglishPlural(Declared):
    """Forms of a counted noun in English, each with `{n}` for the number."""

    one: Annotated[Name, Meta(description="1")]
    other: Annotated[Name, Meta(description="every other number")]


class Count(Declared):
    """How records are counted."""

    pl: Annotated[Plural, Meta(description="Polish forms")]
    en: Annotated[EnglishPlural, Meta(description="English forms, which other languages get, too")]


class Section(Declared):
    """A group of fields on the form and on the record's page."""

    name: Annotated[Name, Meta(description="what fields name in `section`")]
    label: Annotated[Text, Meta(description="its heading")]
    folded: Annotated[bool, Meta(description="the form has it closed while nothing is in it")] = (
        False
    )


class Sort(Declared):
    """One order of a search's results."""

    name: Annotated[Name, Meta(description="what addresses call it")]
    label: Annotated[Text, Meta(description="what people choose")]
    sort: Annotated[
        Name,
        Meta(
            description="Solr's sort: `score`, `title_string`, a date, `<field>_amount` of a "
            "number, `<field>_order` of a text by the Polish alphabet"
        ),
    ]


class Place(Declared):
    """Where a record is."""

    latitude: Annotated[Name, Meta(description="field of the latitude")]
    longitude: Annotated[Name, Meta(description="field of the longitude")]


class Column(Declared):
    """A column of files whose value is inside another."""

    name: Annotated[Name, Meta(description="the column's machine name")]
    path: Annotated[
        Name,
        Meta(
            description="where the value is: `organization.title`, `computed.state`, "
            "`<table>.<column>` (what all rows have)"
        ),
    ] = ""
    label: Annotated[Text, Meta(description="its heading; the field's label by default")] = ""
    vocabulary: Annotated[
        Name, Meta(description="vocabulary of its codes, where the field does not say so")
    ] = ""


class Export(Declared):
    """What files have that is not every field in the schema's order."""

    order: Annotated[
        list[Annotated[list[Name], Meta(min_length=2)]],
        Meta(description="groups of columns that stand one after another, where the first stands"),
    ] = []
    columns: Annotated[
        list[Column], Meta(description="columns beside the fields, before the last change")
    ] = []
    without: Annotated[list[Name], Meta(description="columns that are left out")] = []


class Period(Declared):
    """Fields that say which period the records cover."""

    start: Annotated[Names, Meta(description="fields; the earliest value is the beginning")] = []
    end: Annotated[Names, Meta(description="fields; the latest value is the end")] = []


class Register(Declared):
    """The dataset that all public records of the type are published in."""

    name: Annotated[Name, Meta(description="end of its address")]
    title: Annotated[Text, Meta(description="its title")]
    notes: Annotated[Text, Meta(description="its description")]
    tags: Annotated[list[Name], Meta(description="its tags")]
    theme: Annotated[list[Name], Meta(description="codes of the EU's vocabulary `data-theme`")]
    frequency: Annotated[Name, Meta(description="a code of the EU's vocabulary `frequency`")]
    temporal: Annotated[
        Period | None, Meta(description="the period covered; the type's `year` by default")
    ] = None


class Runs(Declared, rename={"from_": "from"}):
    """The time in every year of which a record counts."""

    from_: Annotated[Name, Meta(description="date field of the beginning")]
    to: Annotated[Names, Meta(description="date fields of the end, the first that is set")]
    open_ended: Annotated[
        bool, Meta(description="a record without an end runs on (ten years ahead in the index)")
    ] = False


class MoneySource(Declared):
    """Fields that say whose money it is (`computed.money_source`)."""

    term: Annotated[
        Name, Meta(description="coded field; its vocabulary's terms may have `money_source`")
    ]
    funder: Annotated[Name, Meta(description="field of the funder's name")] = ""
    parent: Annotated[Name, Meta(description="link to the record whose money is passed on")] = ""


class Dates(Declared):
    """Date fields for filters, the calendar and the days left."""

    start: Annotated[Name, Meta(description="the beginning")] = ""
    end: Annotated[Name, Meta(description="the end")] = ""
    deadline: Annotated[Name, Meta(description="the last moment for people to act")] = ""


class State(Declared):
    """A state that dates put a record in."""

    code: Annotated[Name, Meta(description="a code of the states' vocabulary")]
    past: Annotated[Names, Meta(description="date fields; one of them has passed")] = []
    flag: Annotated[Name, Meta(description="a field of kind flag that is set")] = ""


class States(Declared):
    """States of records; the first term that fits is the record's."""

    vocabulary: Annotated[Name, Meta(description="vocabulary of the codes")]
    terms: Annotated[
        list[State],
        Meta(description="the states; the last one asks for nothing and takes what is left"),
    ]


class Money(Declared):
    """Fields with amounts that are summed."""

    amount: Annotated[Name, Meta(description="granted, or the whole cost")] = ""
    planned: Annotated[Name, Meta(description="planned")] = ""
    asked: Annotated[Name, Meta(description="asked for")] = ""
    settled: Annotated[Name, Meta(description="settled")] = ""
    returned: Annotated[Name, Meta(description="returned")] = ""
    city: Annotated[Name, Meta(description="of the city's money")] = ""
    outside: Annotated[Name, Meta(description="of others' money")] = ""


class Step(Declared):
    """A step of the procedure."""

    label: Annotated[Text, Meta(description="what happens")]
    date: Annotated[
        Name, Meta(description="date field, or `<table>.<column>`: the earliest of a column")
    ]


class CalendarEntry(Declared):
    """What the calendar shows of a record."""

    start: Annotated[Name, Meta(description="date field")]
    end: Annotated[Name, Meta(description="date field; without it the entry is a moment")] = ""
    label: Annotated[Text, Meta(description="what it is; the record's title by default")] = ""


class Copy(Declared):
    """How a new record is made from last year's."""

    shift: Annotated[list[Name], Meta(description="date fields that move by a year")] = []
    drop: Annotated[list[Name], Meta(description="fields that are left out")] = []
    fill: Annotated[
        dict[Name, Name],
        Meta(description="tables that are filled: name → rule that a plugin brings"),
    ] = {}


class Due(Declared):
    """A list on the dashboard of those who keep the records."""

    label: Annotated[Text, Meta(description="its heading")]
    date: Annotated[Name, Meta(description="date field that says when")]
    within: Annotated[int, Meta(ge=0, description="days from now that are listed")] = 0
    state: Annotated[Name, Meta(description="only records in this state")] = ""
    without: Annotated[Name, Meta(description="only records in which this field is empty")] = ""
    but: Annotated[Values, Meta(description="values of fields that take a record off")] = {}


class LinkedNode(Declared):
    """A thing in linked data; names are prefixed (`schema:name`)."""

    types: Annotated[Names, Meta(description="its classes")]
    properties: Annotated[
        Values,
        Meta(
            description="field (or what `exports.jsonld_mapping.WORKED_OUT` works out) → properties"
        ),
    ] = {}
    fixed: Annotated[
        dict[Name, Name],
        Meta(description="property → value; `{publisher}` and `{municipality}` stand for theirs"),
    ] = {}
    parts: Annotated[
        list[LinkedPart | Name],
        Meta(
            description="things that belong to it; a text names one of "
            "`schemas/parts/linked_data.yaml`"
        ),
    ] = []


class LinkedPart(LinkedNode, kw_only=True):
    """A thing that belongs to a record: an address, a register number, a row of a table."""

    by: Annotated[Names, Meta(description="properties that lead to it")]
    each: Annotated[Name, Meta(description="table or list, every row of which is one")] = ""
    when: Annotated[Name, Meta(description="field that must have a value")] = ""
    id: Annotated[Name, Meta(description="link; its target's address is the thing's")] = ""
    name: Annotated[Name, Meta(description="end of its address: `<record>#<name>`")] = ""


class KeyFact(Declared):
    """What people want to know first of a record: a line at the top of its page."""

    label: Annotated[Text, Meta(description="the question: `Until when`, `How much`")]
    fields: Annotated[
        list[Name],
        Meta(
            description="fields that answer it, those that are set; one of an address stands for "
            "the whole, a long text for its first sentence"
        ),
    ] = []
    first: Annotated[bool, Meta(description="only the first field that is set answers")] = False
    linked: Annotated[
        list[Name],
        Meta(description="types whose records point at this one: how many, and how much money"),
    ] = []
    optional: Annotated[
        bool, Meta(description="left out where nothing is known; the others say that it is not")
    ] = False


class Sentence(Declared):
    """A plain sentence about a record, for people who do not read forms and tables."""

    text: Annotated[
        Text,
        Meta(description="the sentence; `{field}` stands for what that field says"),
    ]
    states: Annotated[
        list[Name], Meta(description="only in these states; always where it is left out")
    ] = []


class Action(Declared):
    """A button at the top of a record's page to where people do what the record is about."""

    label: Annotated[Text, Meta(description="what they do")]
    fields: Annotated[
        list[Name], Meta(min_length=1, description="web addresses; the first that is set counts")
    ]
    states: Annotated[
        list[Name], Meta(description="codes of the states with the button; all without them")
    ] = []


class Front(Declared):
    """What the front page offers of a type."""

    task: Annotated[Text, Meta(description="what people can do: `Find money`")]
    hint: Annotated[Text, Meta(description="a sentence about it")]
    page: Annotated[
        Name | None,
        Meta(description="endpoint of its page; where there is none, the type's search"),
    ] = None
    now: Annotated[
        Text,
        Meta(
            description="heading of a list of records in the states of `default_filters` whose "
            "deadline is ahead, the soonest first"
        ),
    ] = ""


class Schedule(Declared):
    """When a record is, and in which years it counts."""

    year: Annotated[
        Names,
        Meta(description="fields of the year, the first that is set (a year or a date)"),
    ] = []
    runs: Annotated[
        Runs | None,
        Meta(
            description="a record counts in every year of this time (`computed.years`, "
            "`vocab_year`), by default in its `year` alone. Types whose money is a year's budget "
            "have none: their sums would be counted twice"
        ),
    ] = None
    dates: Annotated[
        Dates | None, Meta(description="dates for filters, the calendar and the days left")
    ] = None
    calendar: Annotated[
        list[CalendarEntry],
        Meta(
            description="what `/kalendarz` and the type's `.ics` show; a type without it is not "
            "on `/kalendarz`, and its `.ics` has its `dates`"
        ),
    ] = []
    timeline: Annotated[list[Step], Meta(description="steps of the procedure, in order")] = []


class Stages(Declared):
    """What has become of the amount, told by a coded field (`catalogue.money`)."""

    field: Annotated[Name, Meta(description="coded field of the stage")]
    paid: Annotated[
        Names, Meta(description="codes at which the money has been given to the recipient")
    ] = []
    settled: Annotated[
        Names, Meta(description="codes at which it has been accounted for: the sum is due")
    ] = []
    returned: Annotated[Names, Meta(description="codes at which all of it has come back")] = []
    resigned: Annotated[
        Names, Meta(description="codes at which the recipient has declined it")
    ] = []


class Breakdown(Declared):
    """A way in which the page of money divides the sums."""

    field: Annotated[Name, Meta(description="coded field, link or keyword to divide by")]
    label: Annotated[Text, Meta(description="heading of the division")]


class Finance(Declared):
    """Which money is a record's."""

    sums: Annotated[Money | None, Meta(description="amounts that are summed")] = None
    source: Annotated[
        MoneySource | None,
        Meta(
            description="whose money it is: `city`, `outside` or `passed_on`; worked out, never "
            "stored. A field of preset `leszno_ngo_field_money_source` makes it a facet"
        ),
    ] = None
    stages: Annotated[
        Stages | None,
        Meta(
            description="with it the amounts are added up (docs/money.md): over searches, by "
            "year on the pages of the records that it points at, and on the page of money"
        ),
    ] = None
    breakdowns: Annotated[
        list[Breakdown],
        Meta(description="how the page of money divides the sums, in the page's order"),
    ] = []


class Mappings(Declared):
    """What a record is at first sight, in standards and tables; in a file of its own, or here."""

    key_facts: Annotated[
        list[KeyFact], Meta(description="the panel at the top of a record's page")
    ] = []
    action: Annotated[Action | None, Meta(description="the panel's button")] = None
    in_short: Annotated[
        list[Sentence],
        Meta(description="plain sentences under the panel, those whose fields are all set"),
    ] = []
    front: Annotated[Front | None, Meta(description="its part of the front page")] = None
    linked_data: Annotated[
        LinkedNode | None, Meta(description="what a record is in linked data")
    ] = None


class RecordTypeSection(Mappings, kw_only=True):
    """The section `record_type`."""

    label: Annotated[Text, Meta(description="what one record is called")]
    label_plural: Annotated[Text, Meta(description="what many are called")]
    sections: Annotated[
        list[Section],
        Meta(min_length=1, description="groups of the form and of the record's page, in order"),
    ]
    add_label: Annotated[Text, Meta(description="title of the form of a new record")] = ""
    edit_label: Annotated[Text, Meta(description="title of the form of a record")] = ""
    description: Annotated[
        Text, Meta(description="a sentence for the page and the documentation")
    ] = ""
    search_label: Annotated[Text, Meta(description="title of the search box")] = ""
    search_hint: Annotated[Text, Meta(description="what may be typed into it")] = ""
    count: Annotated[
        Count | None, Meta(description="how records are counted: `{n} grant`, `{n} grants`")
    ] = None
    facets: Annotated[
        list[Name],
        Meta(description="fields to filter by, in order; a table's column is `<table>_<column>`"),
    ] = []
    sorts: Annotated[
        list[Sort],
        Meta(
            description="orders of results beside those that every type has "
            "(`schemas/parts/sorts.yaml`: `relevance` first, `title` and `newest` last)"
        ),
    ] = []
    default_sort: Annotated[
        Name, Meta(description="name of the sort where nothing is looked for")
    ] = ""
    identity: Annotated[
        list[Name], Meta(description="identifier fields, strongest first (`krs`, `regon` …)")
    ] = []
    place: Annotated[
        Place | None, Meta(description="the coordinates of a type that is on the map")
    ] = None
    summary: Annotated[
        list[Name], Meta(description="fields on a card of the search results, in order")
    ] = []
    badges: Annotated[
        list[Name],
        Meta(
            description="flags and choices to be seen at first glance (a choice shows unless it "
            "is its vocabulary's first term)"
        ),
    ] = []
    statistics: Annotated[
        list[Name], Meta(description="fields that `leszno_ngo_statistics` counts by")
    ] = []
    export: Annotated[
        Export | list[Name | Column] | None,
        Meta(
            description="columns of every file where they are not every field in the schema's "
            "order (`id`, the fields, `state` after the title, `department`, "
            "`metadata_modified`); a list has all columns, in order. A link brings a second "
            "column `<link>_title`, a table two columns for each link in it"
        ),
    ] = None
    schedule: Annotated[Schedule | None, Meta(description="its dates and years")] = None
    states: Annotated[
        States | None,
        Meta(description="states that dates put a record in and nobody types"),
    ] = None
    default_filters: Annotated[
        Values, Meta(description="what a search page filters by at first (`{state: open}`)")
    ] = {}
    finance: Annotated[Finance | None, Meta(description="its money")] = None
    copy: Annotated[
        Copy | None, Meta(description='"new, from last year\'s": dates move, results go')
    ] = None
    due: Annotated[list[Due], Meta(description="what officials see on their dashboard")] = []
    menu: Annotated[
        bool, Meta(description='the type is in the first row of the menu, not under "More"')
    ] = False
    plugins: Annotated[
        list[Name],
        Meta(description="plugins that bring what the type names; the portal has to have them on"),
    ] = []
    checks: Annotated[
        list[Name],
        Meta(description="checks that plugins bring: what is asked of the whole record"),
    ] = []
    register: Annotated[Register | None, Meta(description="the dataset of all public records")] = (
        None
    )
    mappings: Annotated[
        str,
        Meta(description="file with `key_facts`, `linked_data` and so on: `<package>:<path>`"),
    ] = ""


class Derive(Declared, rename={"from_": "from"}):
    """How a value is worked out while nobody has declared it."""

    rule: Annotated[Name, Meta(description="a rule that a plugin brings, such as `spheres`")]
    mark: Annotated[Name, Meta(description="field that says `declared` or `derived`")]
    from_: Annotated[
        dict[Name, list[Name]], Meta(description="argument of the rule → fields that feed it")
    ]


class LinkDeclaration(Declared):
    """What a field's value points at: the id of a record."""

    type: Annotated[Names, Meta(description="types that may be pointed at")]
    back_label: Annotated[
        Text, Meta(description="heading of the list of these records on the target's page")
    ]
    fill: Annotated[
        Name, Meta(description="field beside it that takes the target's title where it is empty")
    ] = ""
    export_label: Annotated[
        Text,
        Meta(description="the search page offers what the results point at as files, so named"),
    ] = ""


class FieldDeclaration(Declared):
    """A field of a record, of a file or of a table's row; keys of plugins may be added."""

    field_name: Annotated[
        Name, Meta(pattern="^[a-z][a-z0-9_]*$", description="the field's name, part of the API")
    ]
    # What this extension reads.
    section: Annotated[
        Name | None, Meta(description="name of its section; without one it is not in the form")
    ] = None
    vocabulary: Annotated[
        Name | None, Meta(description="vocabulary whose codes are the only values allowed")
    ] = None
    index: Annotated[
        Literal[
            "text",
            "keyword",
            "keywords",
            "identifier",
            "number",
            "amount",
            "date",
            "datetime",
            "flag",
            "year",
            "stored",
        ],
        Meta(
            description="how Solr gets it: `text` (words are searched), `keyword` (exact: filter "
            "and sort), `keywords` (a list, `vocab_<field>`), `identifier` (exact, found in any "
            "spelling), `number`, `amount` (to sort and sum by, `<field>_amount`), `date`, "
            "`datetime` (ISO 8601, UTC in Solr), `flag`, `year` (every year the record counts "
            "in), `stored` (not in the index)"
        ),
    ] = "stored"
    display: Annotated[
        Name,
        Meta(description="how a page shows it: snippet `leszno_ngo/display/<display>.html`"),
    ] = "text"
    harvested: Annotated[bool, Meta(description="a source may set it")] = False
    people: Annotated[
        Literal["name", ""],
        Meta(
            description="`name`: it holds a body's name, and a harvested value that may be a "
            "person's waits for a decision"
        ),
    ] = ""
    merge: Annotated[
        Literal["replace", "union"],
        Meta(description="`union`: runs of a source add to the list and never take away"),
    ] = "replace"
    merge_group: Annotated[
        str,
        Meta(
            description="fields of one group state one fact and come from one source, whole; "
            "lighter sources add what it leaves out where they contradict none of it"
        ),
    ] = ""
    derive: Annotated[
        Derive | None, Meta(description="how it is worked out while nobody has declared it")
    ] = None
    link: Annotated[
        LinkDeclaration | None,
        Meta(description="the value is the id of a record; a person may give its page's address"),
    ] = None
    money: Annotated[bool, Meta(description="the amount that a search of the type sums")] = False
    article: Annotated[
        Text | None, Meta(description="article of law that wants it, said beside its label")
    ] = None
    form_unit: Annotated[
        Text | None, Meta(description="unit behind the box of a number: `{pl: zł, en: PLN}`, `%`")
    ] = None
    # What ckanext-scheming and its snippets read.
    label: Annotated[Text | None, Meta(description="what people call it")] = None
    preset: Annotated[Name | None, Meta(description="preset that the field begins with")] = None
    required: Annotated[bool, Meta(description="it must not be empty")] = False
    help_text: Annotated[Text | None, Meta(description="what is said below it in the form")] = None
    help_allow_html: Annotated[bool, Meta(description="scheming")] = False
    help_inline: Annotated[bool, Meta(description="scheming")] = False
    validators: Annotated[str, Meta(description="validators, separated by spaces")] = ""
    output_validators: Annotated[str, Meta(description="validators of what is given out")] = ""
    create_validators: Annotated[str, Meta(description="validators of a new record")] = ""
    form_snippet: Annotated[
        str | None, Meta(description="template of the form; `null`: not in the form")
    ] = ""
    display_snippet: Annotated[
        str | None, Meta(description="template of the page; `null`: not on the page")
    ] = ""
    error_snippet: Annotated[str, Meta(description="scheming")] = ""
    display_property: Annotated[str, Meta(description="RDFa property of the value")] = ""
    form_placeholder: Annotated[Text, Meta(description="example inside an empty box")] = ""
    form_attrs: Annotated[dict[str, Any], Meta(description="attributes of the input")] = {}
    form_blanks: Annotated[int, Meta(description="scheming: empty rows of a new record")] = 1
    form_alert_warning: Annotated[Any, Meta(description="scheming")] = None
    form_include_blank_choice: Annotated[bool, Meta(description="scheming")] = False
    classes: Annotated[list[str], Meta(description="scheming: classes of the input")] = []
    choices: Annotated[
        list[dict[str, Any]], Meta(description="scheming: choices without a vocabulary")
    ] = []
    choices_helper: Annotated[str, Meta(description="helper that gives the choices")] = ""
    sorted_choices: Annotated[bool, Meta(description="scheming")] = False
    default: Annotated[Any, Meta(description="scheming: value of a new record")] = None
    default_jinja2: Annotated[str, Meta(description="scheming: template of that value")] = ""
    start_form_page: Annotated[
        dict[str, Any] | None, Meta(description="scheming: a page of the form begins here")
    ] = None
    repeating_subfields: Annotated[
        list[FieldDeclaration],
        Meta(
            description="columns of a table (preset `leszno_ngo_table`): fields like others. With "
            "`index: keyword` or a `link` they are in the index as `vocab_<table>_<column>` and "
            "can be facets (`parties_sector`), with `index: text` they are searched"
        ),
    ] = []
    repeating_label: Annotated[Text, Meta(description="what a row is called")] = ""
    repeating_once: Annotated[bool, Meta(description="one row only")] = False
    upload_field: Annotated[str, Meta(description="scheming: field of an upload")] = ""
    upload_clear: Annotated[str, Meta(description="scheming: field that clears it")] = ""
    upload_label: Annotated[Text, Meta(description="scheming: label of an upload")] = ""
    display_email_name_field: Annotated[str, Meta(description="scheming")] = ""
    label_time: Annotated[Text, Meta(description="scheming: label of the hour")] = ""
    label_tz: Annotated[Text, Meta(description="scheming: label of the time zone")] = ""
    form_select_attrs: Annotated[dict[str, Any], Meta(description="scheming")] = {}
    form_restrict_choices_to: Annotated[list[Any], Meta(description="scheming")] = []
    select_size: Annotated[int | str, Meta(description="scheming: lines of a list")] = ""
    simple_subfields: Annotated[Any, Meta(description="scheming: fields of one object")] = None
    timezones: Annotated[Any, Meta(description="scheming: `datetime_tz`")] = None
    datastore_choices_resource: Annotated[str, Meta(description="scheming")] = ""
    datastore_choices_columns: Annotated[dict[str, str], Meta(description="scheming")] = {}
    datastore_choices_limit: Annotated[int, Meta(description="scheming")] = 1000
    datastore_additional_choices: Annotated[list[Any], Meta(description="scheming")] = []


class FieldGroupUse(Declared):
    """Fields of a group, in the place of a field."""

    field_group: Annotated[
        Name, Meta(description="a group that a file of presets declares in `field_groups`")
    ]


class FieldGroup(Declared):
    """Fields that types share: an entry of `field_groups` in a file of presets."""

    fields: Annotated[
        list[FieldDeclaration], Meta(min_length=1, description="the fields, in the form's order")
    ]
    section: Annotated[
        Section | Name | None,
        Meta(
            description="the section of fields that say no other (`null`: of none): the name of "
            "one that types declare, or the section itself, which comes after those declared"
        ),
    ] = None


class TypeFile(Declared):
    """A type file: a schema of ckanext-scheming with the section `record_type`."""

    dataset_type: Annotated[
        Name, Meta(pattern="^[a-z][a-z0-9_-]*$", description="the type: `/<type>/` on the portal")
    ]
    record_type: Annotated[RecordTypeSection, Meta(description="what makes it a record type")]
    dataset_fields: Annotated[
        list[FieldDeclaration], Meta(min_length=1, description="fields, in the form's order")
    ]
    resource_fields: Annotated[
        list[FieldDeclaration], Meta(description="fields of attached files")
    ] = []
    scheming_version: Annotated[int, Meta(description="2")] = 2
    about: Annotated[str, Meta(description="what the schema is for")] = ""
    about_url: Annotated[str, Meta(description="page about the schema")] = ""
    before_validators: Annotated[
        str, Meta(description="validators of the whole record, before its fields'")
    ] = ""
    after_validators: Annotated[
        str, Meta(description="validators of the whole record, after its fields'")
    ] = ""
    draft_fields_required: Annotated[
        bool, Meta(description="scheming: required fields are so in drafts, too")
    ] = True
    form_languages: Annotated[list[str], Meta(description="ckanext-fluent, ckanext-dcat")] = []
