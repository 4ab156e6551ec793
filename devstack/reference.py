"""Reference pages of ``docs/`` made from what they describe, so that they cannot be out of date.

``make docs`` (``python -m devstack docs``) writes them; a test compares them with what would be
written. The schema and the options are read from their files, the commands from click.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import yaml

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ckanext" / "leszno_ngo"
DOCS = ROOT / "docs"

_MADE = "<!-- Made by `make docs`; changes are lost. -->\n\n"

_VALUES = {
    "identifier": "text, in its canonical spelling",
    "link": "address of a page",
    "links": "list of addresses",
    "email": "e-mail address",
    "phone": "telephone number",
    "list": "list of texts",
    "long_text": "text of several lines",
    "date": "date, `yyyy-mm-dd`",
    "flag": "`true` or `false`",
    "sources": "list of objects",
    "json": "JSON",
    "money": "amount in złoty, a number",
    "number": "number",
    "percent": "number from 0 to 100",
    "datetime": "day and hour, ISO 8601 with the offset of Warsaw",
    "reference": "id of a record",
    "references": "list of ids of records",
    "table": "list of objects",
}
_INDEXES = {
    "text": "words are searched",
    "keyword": "exact value, filter",
    "year": "every year that the record counts in, filter",
    "keywords": "exact values, filter (`vocab_<field>`)",
    "identifier": "found in any spelling",
    "number": "number",
    "date": "date, and its year (`<field>_year`)",
    "flag": "filter",
    "amount": "number to sort and sum by (`<field>_amount`)",
    "datetime": "moment in UTC, and its year (`<field>_year`)",
    "stored": "not searched",
}


def build() -> list[Path]:
    """Write every page.

    :returns: the files written
    """
    written = []
    for name, make in PAGES.items():
        path = DOCS / name
        path.write_text(make(), encoding="utf-8")
        written.append(path)
    return written


def schema() -> str:
    """Describe the fields of every record type and the vocabularies.

    :returns: the text of ``docs/schema.md``
    """
    presets = _presets()
    parts = [
        _MADE,
        "# Record types and vocabularies\n\n",
        "Field names and codes are the API: they are stable. Every record also has CKAN's own keys "
        "(`id`, `type`, `state`, `private`, `metadata_created`, `metadata_modified`, "
        "`organization`, `resources`, `tags` …).\n",
    ]
    for path in sorted((PACKAGE / "schemas").glob("*.yaml")):
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "record_type" in declared:
            parts.extend(_record_type(declared, presets))
    parts.append("\n# Vocabularies\n")
    for path in sorted((PACKAGE / "vocabularies").glob("*.yaml")):
        parts.extend(_vocabulary(yaml.safe_load(path.read_text(encoding="utf-8"))))
    return "".join(parts)


def configuration() -> str:
    """Describe the options of ``ckan.ini``.

    :returns: the text of ``docs/configuration.md``
    """
    text = (PACKAGE / "config_declaration.yaml").read_text(encoding="utf-8")
    parts = [
        _MADE,
        "# Configuration\n\n"
        "Options of `ckan.ini`; none is required. `ckan config validate` checks them.\n",
    ]
    for group in yaml.safe_load(text)["groups"]:
        parts.append(f"\n## {group['annotation'].partition(': ')[2].capitalize()}\n\n")
        parts.append(_table(("option", "default", "meaning"), map(_option, group["options"])))
    return "".join(parts)


def commands() -> str:
    """Describe the commands.

    :returns: the text of ``docs/cli.md``
    """
    from ckanext.leszno_ngo.cli import leszno_ngo

    parts = [
        _MADE,
        "# Commands\n\n"
        "Each begins with `ckan -c ckan.ini`; `--help` after any of them says the same.\n",
    ]
    parts.extend(_command(leszno_ngo, "ckan"))
    return "".join(parts)


def harvest_settings() -> str:
    """Describe the configuration of a harvest source.

    :returns: the text of ``docs/harvest-settings.md``
    """
    from ckanext.leszno_ngo.harvest import settings

    meanings = _meanings(settings.Settings.__doc__ or "")
    rows = [
        (
            f"`{member.name}`",
            ", ".join(f"`{kind}`" for kind, keys in settings.KEYS.items() if member.name in keys),
            _shown_default(member, settings.PRIORITIES),
            meanings[member.name],
        )
        for member in dataclasses.fields(settings.Settings)
        if any(member.name in keys for keys in settings.KEYS.values())
    ]
    return "".join(
        [
            _MADE,
            "# Settings of a harvest source\n\n"
            "A source's configuration is a JSON object, for example "
            '`{"owner_org": "urzad-miasta", "tax_year": 2025}`. It is checked when the source is '
            "saved; nothing is required.\n\n",
            _table(("key", "sources", "default", "meaning"), iter(rows)),
        ]
    )


#: File of ``docs/`` → what makes its text.
PAGES: Mapping[str, Callable[[], str]] = {
    "schema.md": schema,
    "configuration.md": configuration,
    "cli.md": commands,
    "harvest-settings.md": harvest_settings,
}


def _meanings(text: str) -> Mapping[str, str]:
    """What a docstring says of each parameter."""
    found = re.findall(r"^ *:param (\w+): (.*?)(?=^ *:|\Z)", text, re.MULTILINE | re.DOTALL)
    return {name: " ".join(meaning.replace("``", "`").split()) for name, meaning in found}


def _shown_default(member: dataclasses.Field[Any], priorities: Mapping[str, int]) -> str:
    if member.name == "priority":
        return ", ".join(f"`{kind}` {number}" for kind, number in priorities.items())
    if member.default in (dataclasses.MISSING, None, ""):
        return ""
    return f"`{json.dumps(member.default)}`"


def _presets() -> Mapping[str, Mapping[str, Any]]:
    text = (PACKAGE / "schemas" / "presets.yaml").read_text(encoding="utf-8")
    return {preset["preset_name"]: preset["values"] for preset in yaml.safe_load(text)["presets"]}


def _record_type(
    declared: Mapping[str, Any], presets: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    meta = declared["record_type"]
    yield f"\n# `{declared['dataset_type']}`: {meta['label']['en']} ({meta['label']['pl']})\n\n"
    yield f"{meta['description']['en']}\n\n"
    for key, meaning in (
        ("identity", "Identified by, strongest first"),
        ("facets", "Facets"),
        ("statistics", "Counted by `leszno_ngo_statistics`"),
        ("export", "Columns of exports, in this order"),
    ):
        if meta.get(key):
            yield f"- {meaning}: {', '.join(map(_named, meta[key]))}\n"
    fields = list(_expanded(declared["dataset_fields"], presets))
    for section in [*meta["sections"], {"name": None, "label": {"en": "Not in the form"}}]:
        own = [field for field in fields if field.get("section") == section["name"]]
        if own:
            yield f"\n## {section['label']['en']}\n\n"
            yield _table(
                ("field", "label", "value", "in the index", "harvested", "notes"), map(_field, own)
            )


def _named(entry: str | Mapping[str, Any]) -> str:
    """An entry of a list of names; the export map may say where a value is."""
    if isinstance(entry, str):
        return f"`{entry}`"
    return f"`{entry['name']}` ({entry['path']})"


def _expanded(
    fields: Iterable[Mapping[str, Any]], presets: Mapping[str, Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """Fields with their presets, each table followed by its columns (``table.column``)."""
    for field in fields:
        whole = {**presets.get(field.get("preset") or "", {}), **field}
        yield whole
        for column in _expanded(whole.get("repeating_subfields", ()), presets):
            name = f"{whole['field_name']}.{column['field_name']}"
            yield {**column, "field_name": name, "section": whole.get("section")}


def _field(field: Mapping[str, Any]) -> tuple[str, ...]:
    label, notes = field["label"], field.get("help_text") or {}
    return (
        f"`{field['field_name']}`",
        f"{label['pl']} / {label['en']}",
        _value(field),
        _INDEXES[field.get("index", "stored")],
        "yes" if field.get("harvested") else "",
        notes.get("en", "") + (" Required." if field.get("required") else ""),
    )


def _value(field: Mapping[str, Any]) -> str:
    name = field.get("vocabulary")
    if name:
        some = "codes" if field.get("display") == "choices" else "code"
        return f"{some} of [{name}](#vocabulary-{name.replace('_', '-')})"
    if field.get("index") == "number":
        return "number"
    return _VALUES.get(field.get("display", ""), "text")


def _vocabulary(declared: Mapping[str, Any]) -> Iterator[str]:
    anchor = f"vocabulary-{declared['name'].replace('_', '-')}"
    label = declared["label"]
    yield f'\n<a id="{anchor}"></a>\n\n## `{declared["name"]}`: {label["en"]} ({label["pl"]})\n\n'
    yield f"Source: {declared['source']}\n\n"
    yield _table(("code", "Polish", "English", "valid"), map(_term, declared["terms"]))


def _term(term: Mapping[str, Any]) -> tuple[str, ...]:
    first, last = term.get("valid_from"), term.get("valid_to")
    valid = f"{first or ''}–{last or ''}" if first or last else ""
    return (f"`{term['code']}`", term["label"]["pl"], term["label"]["en"], valid)


def _option(option: Mapping[str, Any]) -> tuple[str, ...]:
    default = option.get("default")
    shown = str(default).lower() if isinstance(default, bool) else default
    return (f"`{option['key']}`", f"`{shown}`", option["description"])


def _command(command: click.Command, above: str) -> Iterator[str]:
    name = f"{above} {command.name}"
    yield f"\n## `{name}`\n\n{_paragraphs(command.help)}\n"
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _command(inner, name)
        return
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    options = [p for p in command.params if isinstance(p, click.Option)]
    shown = [p.make_metavar(click.Context(command)) for p in arguments]
    yield f"\n    {' '.join([name, *(['[OPTIONS]'] if options else []), *shown])}\n"
    if options:
        yield "\n"
        yield _table(("option", "value", "meaning"), map(_command_option, options))


def _command_option(option: click.Option) -> tuple[str, ...]:
    names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
    if option.is_flag:
        value = ""
    elif isinstance(option.type, click.Choice):
        value = ", ".join(f"`{choice}`" for choice in option.type.choices)
    else:
        value = option.type.name
    return (names, value, (option.help or "") + (" Required." if option.required else ""))


def _paragraphs(text: str | None) -> str:
    """Click's help without the mark of text that is not wrapped."""
    return inspect.cleandoc(text or "").replace("\b\n", "").replace("``", "`")


def _table(heading: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")
