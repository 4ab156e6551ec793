"""Reference pages and the JSON Schema of type files, made from what they describe.

So they cannot be out of date: ``make docs`` (``python -m devstack docs``) writes them; a test
compares them with what would be written. The schema and the options are read from their files, the
commands from click.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

import click
import msgspec
import yaml

from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse
from ckanext.leszno_ngo.record_types import Export, files, reading, shared_fields
from ckanext.leszno_ngo.record_types.schema import build as build_type

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
    for path, make in FILES.items():
        path.write_text(make(), encoding="utf-8")
    return list(FILES)


def schema() -> str:
    """Describe the fields of every record type and the vocabularies.

    :returns: the text of ``docs/schema.md``
    """
    register()
    presets, groups = _presets(), shared_fields.groups_of([_presets_file().data])
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
            whole = shared_fields.grouped(declared, groups).schema
            parts.extend(_record_type(whole, presets))
    parts.append("\n# Vocabularies\n")
    folders = sorted(PACKAGE.rglob("vocabularies"), key=lambda folder: len(folder.parts))
    for path in sorted((file for folder in folders for file in folder.glob("*.yaml")), key=_name):
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

    register()
    parts = [
        _MADE,
        "# Commands\n\n"
        "Each begins with `ckan -c ckan.ini`; `--help` after any of them says the same.\n",
    ]
    parts.extend(_command(leszno_ngo, "ckan"))
    return "".join(parts)


def register() -> None:
    """Fill the registries as a portal with every plugin shipped here has them."""
    from ckanext.leszno_ngo import registration
    from ckanext.leszno_ngo.common import CommonParts
    from ckanext.leszno_ngo.cooperation.plugin import CooperationPlugin
    from ckanext.leszno_ngo.cooperation.threesixtygiving.plugin import ThreeSixtyGivingPlugin
    from ckanext.leszno_ngo.features.ods.plugin import OdsPlugin

    plugins: Any = {
        "leszno_ngo": CommonParts(),
        "leszno_ngo_cooperation": CooperationPlugin(),
        "leszno_ngo_360giving": ThreeSixtyGivingPlugin(),
        "leszno_ngo_ods": OdsPlugin(),
    }
    registration.fill(list(plugins.items()))


def _name(path: Path) -> str:
    return path.name


def harvest_settings() -> str:
    """Describe the configuration of a harvest source.

    :returns: the text of ``docs/harvest-settings.md``
    """
    from ckanext.leszno_ngo.harvest import settings
    from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS

    register()
    meanings = _meanings(settings.Settings.__doc__ or "")
    defaults = {one.name: one.default for one in dataclasses.fields(settings.Settings)}
    own = {name: one for kind in SOURCE_KINDS.values() for name, one in kind.own.items()}
    rows = [
        *((name, defaults[name], meanings[name]) for name in defaults if name in settings.OPTIONS),
        *((name, option.default, option.description) for name, option in own.items()),
    ]
    return "".join(
        [
            _MADE,
            "# Settings of a harvest source\n\n"
            "A source's configuration is a JSON object, for example "
            '`{"owner_org": "urzad-miasta", "tax_year": 2025}`. It is checked when the source is '
            "saved; nothing is required.\n\n",
            _table(("key", "sources", "default", "meaning"), (_setting(*row) for row in rows)),
        ]
    )


def type_files() -> str:
    """Describe the keys of a type file.

    :returns: the text of ``docs/type-files.md``
    """
    from ckanext.leszno_ngo.record_types import declarations, type_keys

    register()
    return "".join(
        [
            _MADE,
            "# Type files\n\n"
            "A type file is an ordinary schema of "
            "[ckanext-scheming](https://github.com/ckan/ckanext-scheming#readme) with the section "
            "`record_type` and a few more keys on its fields. It is checked when the portal "
            "starts, and by `ckan leszno-ngo check-types FILE`: a key that is not here, a value of "
            "another kind and a name that stands for nothing are refused with file, line and "
            "remedy. Keys of other plugins are listed in `ckanext.leszno_ngo.type_files.keys`.\n\n"
            "The first line `# yaml-language-server: $schema=…` lets editors complete and check: "
            "`ckanext/leszno_ngo/schemas/type-file.schema.json`.\n\n"
            "Fields that types share (a contact, a place, files) are declared once, in "
            "`field_groups` of a file of `scheming.presets`, and stand in a type's lists of fields "
            "as `- field_group: contact`. ckanext-scheming, pages and files see the fields "
            "themselves.\n",
            *_keys(type_keys.type_file(), declarations.FieldGroupUse, declarations.FieldGroup),
        ]
    )


def type_file_schema() -> str:
    """Describe type files for editors.

    :returns: a JSON Schema
    """
    from ckanext.leszno_ngo.record_types import declarations, type_keys

    register()
    made = _json_schema(
        type_keys.type_file(),
        "Type file of ckanext-leszno_ngo",
        declarations.FieldGroupUse,
    )
    lists = made["$defs"]["TypeFile"]["properties"]
    for key in ("dataset_fields", "resource_fields"):
        use = {"$ref": "#/$defs/FieldGroupUse"}
        lists[key]["items"] = {"anyOf": [lists[key]["items"], use]}
    return _as_text(made)


def mappings_schema() -> str:
    """Describe files of mappings for editors.

    :returns: a JSON Schema
    """
    from ckanext.leszno_ngo.record_types import type_keys

    register()
    title = "Mappings of a record type of ckanext-leszno_ngo"
    return _as_text(_json_schema(type_keys.mappings(), title))


def _json_schema(
    kind: type[msgspec.Struct], title: str, *more: type[msgspec.Struct]
) -> dict[str, Any]:
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$comment": "Made by `make docs`; changes are lost.",
    }
    (first, *_), known = msgspec.json.schema_components([kind, *more])
    _let_languages_through(known)
    return {**head, **first, "$defs": known}


def _let_languages_through(known: dict[str, Any]) -> None:
    """Say that a text may stand in more languages, which msgspec's structs do not (``reading``)."""
    from ckanext.leszno_ngo.record_types.declarations import LANGUAGE

    others = {
        "Localised": {"type": "string", "minLength": 1},
        "Count": {"$ref": "#/$defs/EnglishPlural"},
    }
    for name in others.keys() & known.keys():
        known[name]["patternProperties"] = {f"^(?!(pl|en)$){LANGUAGE}$": others[name]}


def _as_text(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def ckan_compat() -> str:
    """Describe what leans on the inside of other packages.

    :returns: the text of ``docs/ckan-compat.md``
    """
    from ckanext.leszno_ngo.ckan_compat import templates
    from ckanext.leszno_ngo.ckan_compat.declarations import all_uses

    heading = ("what is done", "package", "why", "upstream", "names it needs", "module")
    uses = sorted(all_uses(), key=lambda found: (found[1].package.lower(), found[1].title))
    replaced = (name.split(" ") for name in templates.REPLACED)
    return "".join(
        [
            _MADE,
            "# What leans on the inside of CKAN\n\n"
            "Uses of what CKAN and other packages do not promise to keep, all of them in "
            "`ckanext/leszno_ngo/ckan_compat/`. When the plugin starts, it compares the names and "
            "their parameters with what is installed, and refuses to start where they differ; the "
            "tests compare also the sources of functions that are written again. With a new "
            "version of a package, run `pytest tests/pure/test_ckan_compat.py` first. The texts "
            "of issues to file are in [upstream.md](upstream.md).\n\n",
            _table(heading, (_use(module, use) for module, use in uses)),
            "\n## Templates replaced\n\n"
            "Templates that extend the original go on with what upstream changes; these stand in "
            "its place, and a test says when an original changes.\n\n",
            _table(("package", "template"), ((one, f"`{name}`") for one, name in replaced)),
        ]
    )


def _use(module: str, use: InternalUse) -> tuple[str, ...]:
    is_text = use.upstream.startswith("upstream.md")
    number = use.upstream.rstrip("/").rpartition("/")[2]
    needs = [*(path.partition(":")[2] for path in use.names)]
    needs += [
        f"{name} in {path.partition(':')[2]}" for path, all_ in use.rebinds.items() for name in all_
    ]
    needs += [f"{path.partition(':')[2]} (written again)" for path in use.copies]
    return (
        use.title,
        f"{use.package} {use.version}",
        use.reason,
        f"[{'to file' if is_text else f'#{number}'}]({use.upstream})",
        ", ".join(f"`{need}`" for need in dict.fromkeys(needs)),
        f"`{module}`",
    )


#: File → what makes its text.
FILES: Mapping[Path, Callable[[], str]] = {
    DOCS / "schema.md": schema,
    DOCS / "type-files.md": type_files,
    DOCS / "configuration.md": configuration,
    DOCS / "cli.md": commands,
    DOCS / "ckan-compat.md": ckan_compat,
    DOCS / "harvest-settings.md": harvest_settings,
    PACKAGE / "schemas" / "type-file.schema.json": type_file_schema,
    PACKAGE / "schemas" / "mappings.schema.json": mappings_schema,
}


def _keys(*roots: type[msgspec.Struct]) -> Iterator[str]:
    """A table a struct, each after the one that has it."""
    waiting, seen = list(roots), set(roots)
    while waiting:
        kind = waiting.pop(0)
        said = inspect.cleandoc(kind.__doc__ or "")
        yield f'\n<a id="{kind.__name__}"></a>\n\n## {said.rstrip(".")}\n\n'
        yield _table(("key", "value", "default", "meaning"), _key_rows(kind))
        inner = [found for hint in reading.hints(kind).values() for found in _structs(hint)]
        new = [found for found in dict.fromkeys(inner) if found not in seen]
        waiting, seen = [*new, *waiting], {*seen, *new}


def _key_rows(kind: type[msgspec.Struct]) -> Iterator[tuple[str, ...]]:
    hints = reading.hints(kind)
    for key, member in reading.keys(kind).items():
        metas = (one for one in get_args(hints[key])[1:] if isinstance(one, msgspec.Meta))
        meaning = next((meta.description for meta in metas if meta.description), "")
        default = "required" if member.required else _default(member.default)
        yield f"`{key}`", _kind(hints[key]), default, meaning


def _default(value: Any) -> str:
    return "" if value in (None, "", msgspec.NODEFAULT) else f"`{json.dumps(value)}`"


def _kind(hint: Any) -> str:
    found = [f"[{one.__name__}](#{one.__name__})" for one in _structs(hint)]
    others = [word for word in reading.words(hint).split(" or ") if "{" not in word]
    return " or ".join(
        [*others, *(f"a list of {found[0]}" if _is_list(hint) else f for f in found)]
    )


def _structs(hint: Any) -> list[type[msgspec.Struct]]:
    """The structs that a kind is made of."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return [hint]
    return [found for inner in get_args(hint) for found in _structs(inner)]


def _is_list(hint: Any) -> bool:
    return get_origin(hint) is list or any(_is_list(inner) for inner in get_args(hint))


def _meanings(text: str) -> Mapping[str, str]:
    """What a docstring says of each parameter."""
    found = re.findall(r"^ *:param (\w+): (.*?)(?=^ *:|\Z)", text, re.MULTILINE | re.DOTALL)
    return {name: " ".join(meaning.replace("``", "`").split()) for name, meaning in found}


def _setting(name: str, default: Any, meaning: str) -> tuple[str, ...]:
    """A row of an option: its name, the kinds that have it, what it is without being said."""
    from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS

    kinds = {key: kind for key, kind in SOURCE_KINDS.items() if name in kind.all_options}
    shown = "" if default in (dataclasses.MISSING, None, "", {}) else f"`{json.dumps(default)}`"
    if name in {"priority", "record_type"}:
        shown = ", ".join(f"`{key}` {getattr(kind, name)}" for key, kind in kinds.items())
    return f"`{name}`", ", ".join(f"`{key}`" for key in kinds), shown, meaning


def _presets() -> Mapping[str, Mapping[str, Any]]:
    return files.presets_of([_presets_file()])


def _presets_file() -> files.SchemaFile:
    path = PACKAGE / "schemas" / "presets.yaml"
    return files.SchemaFile(path.name, path.read_text(encoding="utf-8"))


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
    ):
        if meta.get(key):
            yield f"- {meaning}: {', '.join(f'`{name}`' for name in meta[key])}\n"
    columns = map(_column, build_type(files.expanded(declared, presets)).export)
    yield f"- Columns of exports, in this order: {', '.join(columns)}\n"
    fields = list(_expanded(declared["dataset_fields"], presets))
    for section in [*meta["sections"], {"name": None, "label": {"en": "Not in the form"}}]:
        own = [field for field in fields if field.get("section") == section["name"]]
        if own:
            yield f"\n## {section['label']['en']}\n\n"
            yield _table(
                ("field", "label", "value", "in the index", "harvested", "notes"), map(_field, own)
            )


def _column(column: Export) -> str:
    """A column of files, with the way to its value where that is inside another."""
    return f"`{column.name}`" + (f" ({'.'.join(column.path)})" if len(column.path) > 1 else "")


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
    *params, _help = command.get_params(click.Context(command))
    arguments = [p for p in params if isinstance(p, click.Argument)]
    options = [p for p in params if isinstance(p, click.Option)]
    shown = [p.make_metavar(click.Context(command)) for p in arguments]
    yield f"\n    {' '.join([name, *(['[OPTIONS]'] if options else []), *shown])}\n"
    if options:
        yield "\n"
        yield _table(("option", "value", "meaning"), map(_command_option, options))


def _command_option(option: click.Option) -> tuple[str, ...]:
    names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
    if option.is_flag:
        value = ""
    else:
        choices = getattr(option.type, "choices", ())
        value = ", ".join(f"`{choice}`" for choice in choices) or option.type.name
    return (names, value, (option.help or "") + (" Required." if option.required else ""))


def _paragraphs(text: str | None) -> str:
    """Click's help without the mark of text that is not wrapped."""
    return inspect.cleandoc(text or "").replace("\b\n", "").replace("``", "`")


def _table(heading: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")
