"""The arrows of docs/packages.md: packages import what the table says, pure modules stay pure."""

import ast
import graphlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from ckanext.leszno_ngo.common import CommonParts
from ckanext.leszno_ngo.cooperation.plugin import CooperationPlugin
from ckanext.leszno_ngo.exports import rows
from ckanext.leszno_ngo.helpers import HELPERS
from ckanext.leszno_ngo.interfaces import IRecordTypes
from ckanext.leszno_ngo.logic import stored_values
from ckanext.leszno_ngo.record_types import declarations
from ckanext.leszno_ngo.record_types.reading import keys as keys_of
from ckanext.leszno_ngo.values import KINDS
from tests import foreign_code
from tests.shared_data import ROOT

PACKAGE = ROOT / "ckanext" / "leszno_ngo"
NAME = "ckanext.leszno_ngo"

#: Without CKAN, though their package has it.
PURE_ELSEWHERE = (
    "cooperation.law",
    "harvest.sources",
    "cooperation.harvested_values",
    "cooperation.legal_forms",
    "cooperation.normalise",
    "cooperation.sources",
    "cooperation.spheres",
    "harvest.normalise",
    "harvest.compare",
    "harvest.merge",
    "harvest.rules",
    "harvest.voices",
    "harvest.groups",
    "harvest.doubts",
    "harvest.secret_options",
    "harvest.source_servers",
    "harvest.settings",
    "harvest.source_kinds",
    "harvest.garbled",
    "harvest.date_order",
    "harvest.addresses",
    "harvest.budget",
    "harvest.http",
    "harvest.timed_answers",
    "harvest.model",
    "harvest.values",
    "search.words",
    "privacy.patterns",
)
#: Packages of features, which a portal loads by plugins of their own.
FEATURES = (
    "cooperation.report",
    "cooperation.threesixtygiving",
    "features.dane_gov_pl",
    "features.dcat",
    "features.map",
    "features.ods",
)
#: Run by Alembic, not imported.
APART = ("migration",)


def modules():
    """Every module of the package: its name under the package, and its file."""
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] not in APART:
            yield ".".join(part for part in parts if part != "__init__"), file


MODULES = dict(modules())
NAMED = [name for name in MODULES if name]


def imports(file: Path):
    """Every module a file imports by its full name, wherever the import stands."""
    package = [*NAME.split("."), *file.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*above, node.module] if node.module else above)
            yield module
            # `from ckanext.leszno_ngo import polish` imports a module, too.
            yield from (f"{module}.{alias.name}" for alias in node.names)


def own_imports(file: Path):
    for name in imports(file):
        inside = name.removeprefix(f"{NAME}.")
        while inside != name and inside and inside not in MODULES:
            inside = inside.rpartition(".")[0]
        if inside != name and inside:
            yield inside


def package_of(module: str) -> str:
    return module.split(".")[0]


@dataclass(frozen=True)
class Row:
    """A package of docs/packages.md."""

    group: str
    may_import: frozenset[str]


def table() -> dict[str, Row]:
    text = (ROOT / "docs" / "packages.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| .+ \| (.*?) ?\|$", text, re.MULTILINE)
    return {
        package: Row(group, frozenset(re.findall(r"`(\w+)`", arrows)))
        for group, package, arrows in rows
    }


TABLE = table()


def is_pure(module: str) -> bool:
    return TABLE[package_of(module)].group == "values" or any(
        module == name or module.startswith(f"{name}.") for name in PURE_ELSEWHERE
    )


def test_every_package_is_in_the_table():
    assert {package_of(name) for name in NAMED} == set(TABLE)


@pytest.mark.parametrize("package", TABLE)
def test_packages_import_what_the_table_says(package):
    arrows = {
        package_of(imported): module
        for module in NAMED
        if package_of(module) == package
        for imported in own_imports(MODULES[module])
        if package_of(imported) != package
    }
    allowed = TABLE[package].may_import
    assert {to: where for to, where in arrows.items() if to not in allowed} == {}
    assert allowed - set(arrows) == set(), "arrows that nothing needs"


def test_packages_import_in_one_direction():
    """No circle, within a group either."""
    list(graphlib.TopologicalSorter({p: row.may_import for p, row in TABLE.items()}).static_order())


def test_the_engine_knows_nothing_of_the_cooperation_and_of_features():
    domain = {"cooperation", "features"}
    assert [name for name, row in TABLE.items() if row.may_import & domain] == []


@pytest.mark.parametrize("feature", FEATURES)
def test_nothing_imports_a_feature(feature):
    inside = re.compile(rf"{feature}(\.|$)")
    importing = {
        name
        for name in NAMED
        if not inside.match(name) and any(map(inside.match, own_imports(MODULES[name])))
    }
    assert importing == set()


def test_the_diagram_has_the_arrows_between_groups():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (diagram,) = re.findall(r"```mermaid\n(flowchart TB\n    wiring.*?)```", text, re.DOTALL)
    drawn = set()
    for start, ends in re.findall(r"^    (\w+) --> (.+)$", diagram, re.MULTILINE):
        drawn |= {(start, end) for end in ends.split(" & ")}
    groups = {name: row.group for name, row in TABLE.items()}
    assert drawn == {
        (row.group, groups[to])
        for row in TABLE.values()
        for to in row.may_import
        if groups[to] != row.group
    }


def test_groups_import_in_one_direction():
    groups = {name: row.group for name, row in TABLE.items()}
    arrows: dict[str, set[str]] = {row.group: set() for row in TABLE.values()}
    for row in TABLE.values():
        arrows[row.group] |= {groups[to] for to in row.may_import} - {row.group}
    list(graphlib.TopologicalSorter(arrows).static_order())


@pytest.mark.parametrize("module", [name for name in NAMED if is_pure(name)])
def test_pure_modules_import_neither_ckan_nor_what_needs_it(module):
    file = MODULES[module]
    foreign = {
        name
        for name in imports(file)
        if name.split(".")[0] in {"ckan", "sqlalchemy", "flask"}
        or (name.startswith("ckanext.") and not name.startswith(NAME))
    }
    assert not foreign
    # The packages themselves are empty.
    apart = {"harvest", "cooperation"}
    impure = {name for name in own_imports(file) if not is_pure(name) and name not in apart}
    assert not impure


def test_no_two_modules_import_each_other():
    seen: dict[str, set[str]] = {name: set(own_imports(MODULES[name])) - {name} for name in NAMED}
    pairs = {
        (one, other)
        for one, others in seen.items()
        for other in others
        # A package and its own module: `from package import module`.
        if one in seen.get(other, ()) and not other.startswith(one) and not one.startswith(other)
    }
    assert not pairs


#: What a request remembers (``request_state.Slot``) → who stands between who sets and who reads it.
SLOTS = {
    "leszno_ngo_alive": "Flask's signals and hooks of a login, and the hook after the answer",
    "leszno_ngo_attempt": "CKAN's login, between its authenticators and Flask's signal",
    "leszno_ngo_filled": "CKAN's view of a form, whose template opens the form",
    "leszno_ngo_findings": "CKAN's action and view, between validators and the form's template",
    "leszno_ngo_kept_values": "CKAN's action, between validators and the view",
    "leszno_ngo_new_device": "Flask's signals, and the hook after the answer",
    "leszno_ngo_page_tag": "the page: noted before it is made, sent with it",
    "leszno_ngo_password_of": "CKAN's action, and the hook after the answer",
    "leszno_ngo_question": "CKAN's view and actions, between the hook before them and the form",
    "leszno_ngo_sent_form": "the page: kept before it answers, settled by the hook after it",
    "leszno_ngo_unindexed": "CKAN's action, and the hook after the answer",
}
#: Keys of an action's context: CKAN hands it to validators and plugins, and takes nothing back.
CONTEXT_KEYS = {
    "leszno_ngo_as_sent": "before_validators, for a type's after_validators",
    "leszno_ngo_batch": "a bulk writer, for validators and hooks",
    "leszno_ngo_extras": "one validation, for its own validators",
    "leszno_ngo_form_key": "a form, for package_create and what is called by it",
    "leszno_ngo_harvest": "a bulk writer, for validators",
    "leszno_ngo_identity": "a bulk writer, for validators",
    "leszno_ngo_kept_values": "the first of the after_validators, for the others",
    "leszno_ngo_not_decided": "a source that is cleared, for package_delete",
}
#: Attributes of ``g`` that are CKAN's own.
_OF_CKAN = {"remote_addr", "user", "userobj"}


def _is_g(node: ast.AST) -> bool:
    return ast.unparse(node) in ("g", "tk.g")


def slots(code: ast.AST) -> Iterator[str]:
    """The slots that a module declares, and whatever else it keeps in ``g``."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Slot":
            yield ast.literal_eval(node.args[0])
        elif isinstance(node, ast.Call) and node.args and _is_g(node.args[0]):
            yield ast.unparse(node)
        elif isinstance(node, ast.Attribute) and _is_g(node.value):
            is_kept = isinstance(node.ctx, ast.Store) and node.attr not in _OF_CKAN
            if is_kept or node.attr in ("setdefault", "pop"):
                yield ast.unparse(node)


def context_keys(code: ast.AST, constants: dict[str, str]) -> Iterator[str]:
    """Our keys that a module reads from contexts of actions."""
    for node in ast.walk(code):
        asked = None
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "context":
            asked = node.slice
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "context.get":
            asked = node.args[0]
        if asked:
            said = ast.unparse(asked)
            key = constants.get(said.rpartition(".")[2]) or said.strip("'")
            if key.startswith("leszno_ngo_"):
                yield key


def test_what_a_request_remembers_is_listed():
    found, keys = [], set()
    for name in NAMED:
        code = ast.parse(MODULES[name].read_text(encoding="utf-8"))
        constants = {
            ast.unparse(one.targets[0]): str(one.value.value)
            for one in ast.walk(code)
            if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant)
        }
        if name == "logic.record_validators":  # the key is another module's
            constants["KEPT"] = stored_values.KEPT
        found += slots(code) if name != "request_state" else ()
        keys |= set(context_keys(code, constants))
    assert sorted(found) == sorted(SLOTS)
    assert keys == set(CONTEXT_KEYS)


def test_templates_call_no_helper_for_what_it_does_besides():
    """A helper whose answer is thrown away, or that answers with nothing."""
    thrown = re.compile(r"{%-? (?:do h\.|set _\w* = h\.)")
    empty = {name for name, helper in HELPERS.items() if helper.__annotations__["return"] == "None"}
    for file in PACKAGE.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not thrown.search(text), file
        assert not empty & set(re.findall(r"h\.(\w+)", text)), file


#: Folder of views → the folders that it may import.
_LAYERS = {
    "routes": {"routes", "pages", "shared"},
    "pages": {"pages", "shared"},
    "shared": {"shared"},
}
#: What makes an address; the one helper that does it for every type.
_ADDRESS = re.compile(r"\.route\(|add_url_rule\(|add_routes\(")
_MAKES_ADDRESSES = {"views.shared.per_type"}


def layer(module: str) -> str | None:
    """The folder of views that a module is in; a feature's only module of views has its routes."""
    if module in ("views", "cooperation.views"):
        return None
    found = re.search(r"(?:^|\.)views(?:\.(\w+))?", module)
    return found and (found[1] or "routes")


def test_routes_page_models_and_what_they_share_are_told_apart():
    wrong = set()
    for name in NAMED:
        own = layer(name)
        arrows = {(layer(to), to) for to in own_imports(MODULES[name])}
        # Plugins register routes; ``views`` is the list of the engine's.
        may = _LAYERS["routes"] if name.endswith("plugin") or name == "views" else None
        may = may or _LAYERS.get(own or "pages", set())
        wrong |= {(name, to) for folder, to in arrows if folder and folder not in may}
        text = MODULES[name].read_text(encoding="utf-8")
        if own and own != "routes" and name not in _MAKES_ADDRESSES and _ADDRESS.search(text):
            wrong.add((name, "makes an address"))
    assert wrong == set()


@pytest.mark.parametrize("file", foreign_code.files(), ids=lambda file: file.stem)
def test_the_inside_of_other_packages_is_used_in_ckan_compat_alone(file):
    """No private name of another package, and no attribute of one that is set."""
    assert not list(foreign_code.uses(ast.parse(file.read_text(encoding="utf-8"))))


def test_functions_are_rebound_in_ckan_compat_alone():
    rebinding = f"{NAME}.ckan_compat.rebinding"
    using = {name for name in NAMED if rebinding in set(imports(MODULES[name]))}
    assert {name.split(".")[0] for name in using} == {"ckan_compat"}


@pytest.mark.parametrize(
    "code",
    [
        "from ckan.lib.helpers import _local_url",
        "import ckan._secret",
        "from ckan.lib import helpers\nhelpers._local_url",
        "def f(plugin):\n    return plugin._schemas_of_another",
        "def f(plugin):\n    return getattr(plugin, '_schemas_of_another', None)",
        "from ckan.lib import mailer\nmailer.send = print",
        "from ckan.lib import mailer\nsetattr(mailer, 'send', print)",
        "import ckan.plugins.toolkit as tk\ntk.request.form = {}",
        "from ckan.lib import search\nsearch.INDICES['package'] = None",
        "from ckan.lib import search\nsearch.INDICES.update(package=None)",
        "from ckan.lib import search\ndel search.rebuild",
    ],
)
def test_use_of_the_inside_of_other_packages_is_seen(code):
    assert list(foreign_code.uses(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "import ckan.plugins.toolkit as tk\ntk.g.leszno_ngo = 1",
        "from ckan.common import session\nsession['leszno_ngo'] = 1",
        "from urllib.parse import urlsplit\nurlsplit('')._replace(port=1)",
        "class A:\n    def f(self):\n        self._mine = 1\n        return self._mine",
        "def f(app):\n    app.wsgi_app = 1",
    ],
)
def test_what_is_made_to_be_written_may_be(code):
    assert not list(foreign_code.uses(ast.parse(code)))


@pytest.mark.parametrize("module", MODULES)
def test_every_file_says_what_it_is_for(module):
    assert ast.get_docstring(ast.parse(MODULES[module].read_text(encoding="utf-8")))


@pytest.mark.parametrize("module", [name for name in NAMED if not name.startswith("harvest")])
def test_no_code_knows_a_type_by_its_name(module):
    """Adding a type needs no Python, so no comparison with the name of one may be there."""
    types = {file.stem for file in (PACKAGE / "schemas").glob("*.yaml")} - {"presets", "dataset"}
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare):
            for side in (node.left, *node.comparators):
                assert not (isinstance(side, ast.Constant) and side.value in types), node.lineno


#: Words of the cooperation that the engine has, too, in a sense of its own.
OTHER_SENSES = {
    "accessibility": "of pages",
    "forms": "forms of pages",
    "mode": "in which a file is opened",
    "opp": "what Polish registers write for yes, and the state's register of reports",
    "results": "what a search has found, in CKAN's answers",
    "status": "of an answer of HTTP, of an account, of a job",
    "values": "of anything",
}
#: Module → word of the cooperation that it may have.
DOMAIN_WORDS = {
    # Sources saved before a kind named its type were of organisations.
    "harvest.readers": {"ngo"},
    # schema:eventStatus has two values, and no dates; a mapping can name the field alone.
    "exports.jsonld_mapping": {"cancelled_date"},
}


def registered_by(plugin) -> set[str]:
    """The names that a plugin registers, and of its vocabularies and options of sources."""
    hooks = {name for name in vars(IRecordTypes) if name.startswith("get_")}
    hooks -= {"get_type_files", "get_vocabulary_directories", "get_features", "get_pages"}
    found = {name for hook in hooks for name in getattr(plugin, hook)()}
    found |= {name for kind in plugin.get_source_kinds().values() for name in kind.own}
    folders = plugin.get_vocabulary_directories()
    return found | {file.stem for folder in folders for file in folder.glob("*.yaml")}


def fields_of(url: str) -> tuple[str, set[str]]:
    """The type of a type file, and the names of its fields."""
    declared = yaml.safe_load((PACKAGE / url.partition(":")[2]).read_text(encoding="utf-8"))
    names = {field.get("field_name", "") for field in declared["dataset_fields"]}
    return declared["dataset_type"], names


def domain_words() -> set[str]:
    """What the cooperation registers, its types and their fields; a field of one word is any."""
    cooperation, engine = CooperationPlugin(), CommonParts()
    words, own = registered_by(cooperation), registered_by(engine)
    for type_name, fields in map(fields_of, cooperation.get_type_files()):
        words |= {type_name, *(name for name in fields if "_" in name)}
    for _type_name, fields in map(fields_of, engine.get_type_files()):
        own |= fields
    for struct in filter(inspect.isclass, vars(declarations).values()):
        own |= set(keys_of(struct)) if issubclass(struct, declarations.Declared) else set()
    return words - own - {*KINDS, *rows.CORE_LABELS, *OTHER_SENSES}


def words_of(code: ast.AST) -> Iterator[str]:
    """The texts, attributes, arguments and members of a module."""
    for node in ast.walk(code):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_the_engine_has_no_word_of_the_cooperation():
    words, found = domain_words(), {}
    assert {"programme_forms", "tax_year", "legal_form", "ledger", "spheres", "grant"} <= words
    for name in NAMED:
        if package_of(name) != "cooperation":
            said = set(words_of(ast.parse(MODULES[name].read_text(encoding="utf-8"))))
            found[name] = said & words - DOMAIN_WORDS.get(name, set())
    for file in PACKAGE.rglob("*.html"):
        if "cooperation" in file.parts:
            continue
        text = file.read_text(encoding="utf-8")
        found[str(file)] = set(re.findall(r"(?<=[.'])\w+", text)) & words
    assert {name: said for name, said in found.items() if said} == {}


def test_the_story_is_short_and_names_modules_that_are_there():
    """Diagrams of docs/architecture.md: every module in them exists."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert len(text.split()) <= 1500
    diagrams = "".join(re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL))
    packages = {name.split(".")[0] for name in MODULES if "." in name}
    named = set(re.findall(rf"\b((?:{'|'.join(sorted(packages))})(?:\.[a-z_]+)+)", diagrams))
    assert len(named) > 25
    assert not named - set(MODULES)
