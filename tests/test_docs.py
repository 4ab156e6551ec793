"""Nothing is undocumented: what the code declares stands in ``docs/``."""

import ast
import json
import re
import sys
from dataclasses import fields as members
from importlib.metadata import packages_distributions, requires

import click
import pytest
import yaml

from devstack import reference
from tests.record_types import portal
from tests.shared_data import ROOT

PACKAGE = ROOT / "ckanext" / "leszno_ngo"
DOCS = ROOT / "docs"


def text_of(name):
    return (DOCS / name).read_text(encoding="utf-8")


def everything():
    files = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def missing(names, text):
    return [name for name in names if f"`{name}`" not in text]


@pytest.mark.parametrize("file", reference.FILES, ids=lambda file: file.name)
def test_reference_pages_are_in_step(file):
    assert file.read_text(encoding="utf-8") == reference.FILES[file](), "run `make docs`"


def test_every_option_is_documented():
    declared = yaml.safe_load((PACKAGE / "config_declaration.yaml").read_text(encoding="utf-8"))
    keys = [option["key"] for group in declared["groups"] for option in group["options"]]
    assert keys
    assert not missing(keys, text_of("configuration.md"))


def test_every_option_read_is_declared():
    declared = (PACKAGE / "config_declaration.yaml").read_text(encoding="utf-8")
    read = set()
    for file in PACKAGE.rglob("*.py"):
        code = file.read_text(encoding="utf-8")
        read |= set(re.findall(r"""["'](ckanext\.leszno_ngo\.[a-z_]+(?:\.[a-z_]+)+)["']""", code))
    files = (file.relative_to(ROOT).with_suffix("").parts for file in PACKAGE.rglob("*.py"))
    modules = {".".join(part for part in parts if part != "__init__") for parts in files}
    assert not [key for key in read - modules if f"key: {key}\n" not in declared]


def own_actions():
    from ckanext.leszno_ngo.cooperation import actions
    from ckanext.leszno_ngo.logic import action

    return {name: getattr(m, name) for m in (action, actions) for name in m.__all__}


def test_every_action_is_documented():
    api = text_of("api.md")
    functions = own_actions()
    assert functions
    assert not missing(functions, api)
    for name, function in functions.items():
        for parameter in re.findall(r":param (\w+):", function.__doc__):
            assert f"`{parameter}`" in api, f"{name}: {parameter}"


def test_every_action_has_its_rule_of_access():
    from ckanext.leszno_ngo.cooperation import auth as of_cooperation
    from ckanext.leszno_ngo.logic import auth

    rules = {*vars(auth), *vars(of_cooperation)}
    assert not set(own_actions()) - rules


def commands(command, above="ckan"):
    name = f"{above} {command.name}"
    yield name, command
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from commands(inner, name)


def test_every_command_and_option_is_documented():
    from ckanext.leszno_ngo.cli import leszno_ngo

    text = text_of("cli.md")
    for name, command in commands(leszno_ngo):
        assert command.help, name
        assert f"`{name}`" in text
        options = [p for p in command.params if isinstance(p, click.Option)]
        assert not missing([n for o in options for n in [*o.opts, *o.secondary_opts]], text)
        assert not [option.name for option in options if not option.help and not option.required]


def test_every_field_and_code_is_documented():
    text = text_of("schema.md")
    for file in (PACKAGE / "schemas").glob("*.yaml"):
        declared = yaml.safe_load(file.read_text(encoding="utf-8"))
        if "record_type" in declared:
            whole = portal.whole(declared)
            names = [field["field_name"] for field in whole["dataset_fields"]]
            assert not missing(names, text)
    for file in PACKAGE.rglob("vocabularies/*.yaml"):
        declared = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert not missing([term["code"] for term in declared["terms"]], text)


def test_every_setting_of_a_harvest_source_is_documented():
    from ckanext.leszno_ngo.harvest import settings
    from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS

    kinds = SOURCE_KINDS.values()
    names = {name for kind in kinds for name in kind.options}
    assert names == {member.name for member in members(settings.Settings)} - {"kind", "options"}
    own = {name for kind in kinds for name in kind.own}
    assert not missing(sorted(names | own), text_of("harvest-settings.md"))


def test_every_dependency_has_its_reason():
    required = requires("ckanext-leszno_ngo") or []
    assert required
    for file in ("requirements.in", "dev-requirements.in"):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        required += [line for line in lines if line and line[0] not in "#-"]
    names = {re.match(r"[A-Za-z0-9._-]+", line)[0] for line in required}
    names.discard("ckanext-leszno_ngo")  # its extra "all" names the others
    assert not missing(sorted(names), text_of("dependencies.md"))


def test_every_package_imported_is_required():
    """By the extension itself or by CKAN; nothing comes in by luck, through a third package."""
    required = [*(requires("ckanext-leszno_ngo") or []), *(requires("ckan") or []), "ckan"]
    allowed = {canonical(re.match(r"[A-Za-z0-9._-]+", line)[0]) for line in required}
    distributions = packages_distributions()
    unknown = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for name in imported(node):
                from_where = {canonical(d) for d in distributions.get(name, ())}
                if name not in sys.stdlib_module_names | {"ckanext"} and not from_where & allowed:
                    unknown.add(name)
    assert not unknown


def imported(node):
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module.split(".")[0]]
    return []


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_index_leads_everywhere():
    index = text_of("index.md")
    files = [f.relative_to(DOCS).as_posix() for f in DOCS.rglob("*.md") if f.name != "index.md"]
    assert not [name for name in files if f"]({name})" not in index]


def links():
    for file in [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)\s]+)\)", file.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                yield file, target


def test_every_link_between_pages_leads_somewhere():
    broken = []
    for file, target in links():
        path, _, anchor = target.partition("#")
        page = (file.parent / path).resolve() if path else file
        is_there = page.exists() and (not anchor or has_anchor(page, anchor))
        if not is_there:
            broken.append(f"{file.name}: {target}")
    assert not broken


def named_in(name):
    code = (ROOT / name).read_text(encoding="utf-8") if (ROOT / name).is_file() else ""
    return re.findall(r"^ *def (test_\w+)", code, re.MULTILINE)


def test_every_test_that_a_page_names_is_there():
    """Files by their path, tests by their whole name or a part of it beside an ellipsis."""
    every = {
        test
        for file in (ROOT / "tests").rglob("test_*.py")
        for test in named_in(file.relative_to(ROOT))
    }
    gone = []
    for page in [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        paths = re.findall(r"\btests/[\w./-]*\w", text)
        gone += [(page.name, path) for path in paths if not (ROOT / path).exists()]
        named = [(every, name) for name in re.findall(r"`(test_\w+…?)`", text)]
        for path, listed in re.findall(r"`(tests/[\w/]+\.py)` \(((?:`[^`]+`(?:, )?)+)\)", text):
            named += [(named_in(path), name) for name in re.findall(r"`([^`]+)`", listed)]
        for there, name in named:
            pattern = re.compile(name.replace("…", r"\w*"))
            gone += [] if any(map(pattern.fullmatch, there)) else [(page.name, name)]
    assert gone == []


def has_anchor(page, anchor):
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return anchor in made or f'id="{anchor}"' in text


def test_every_python_block_is_python():
    for file in [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]:
        for block in re.findall(
            r"```python\n(.*?)```", file.read_text(encoding="utf-8"), re.DOTALL
        ):
            compile(block, file.name, "exec")


def test_every_json_block_is_json():
    """A block is one JSON text, or JSON lines as the benchmarks print them."""
    for file in [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]:
        for block in re.findall(r"```json\n(.*?)```", file.read_text(encoding="utf-8"), re.DOTALL):
            lines = block.splitlines()
            is_lines = all(line.startswith("{") and line.endswith("}") for line in lines)
            for text in lines if is_lines else [block]:
                json.loads(text)
