"""What leans on the inside of CKAN: each use is declared, fits what is installed, fails loudly."""

import ast
import sys
import types
from dataclasses import replace

import pytest
from ckan.exceptions import CkanConfigurationException

from ckanext.leszno_ngo.ckan_compat import declarations, guard, rebinding, templates
from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse
from ckanext.leszno_ngo.ckan_compat.rebinding import Instead, NotUsedError, rebound
from tests import foreign_code
from tests.shared_data import ROOT

USES = declarations.all_uses()
REBINDS = [(path, name) for _, use in USES for path, names in use.rebinds.items() for name in names]
DOCUMENT = (ROOT / "docs" / "upstream.md").read_text(encoding="utf-8")


# ------------------------------------------------------------------------------ rebinding
place = types.SimpleNamespace(town="Leszno", river=types.SimpleNamespace(name="Warta"))


def where():
    return place.town


def inside():
    return [place.river.name for _ in range(1)]


def test_a_copy_has_other_globals_and_the_function_has_its_own():
    assert rebound(where, place=types.SimpleNamespace(town="Poznań"))() == "Poznań"
    assert where() == "Leszno"


def test_functions_inside_a_function_count():
    river = Instead(place.river, name="Odra")
    assert rebound(inside, place=Instead(place, river=river))() == ["Odra"]


@pytest.mark.parametrize(
    "names",
    [{"somewhere": None}, {"town": None}, {"place": Instead(place, river="Odra")}],
    ids=["a name", "an attribute of another", "an attribute that is not asked for"],
)
def test_a_name_that_the_function_does_not_use_is_refused(names):
    with pytest.raises(NotUsedError, match="where does not use"):
        rebound(where, **names)


def test_what_a_module_does_not_have_is_not_replaced():
    with pytest.raises(NotUsedError, match="has no lake"):
        Instead(place, lake="Gopło")


def test_only_plain_functions_are_rebound():
    with pytest.raises(TypeError, match="plain function"):
        rebound(len)


# ------------------------------------------------------------------------------ the guard
@pytest.mark.parametrize("use", [use for _, use in USES], ids=[use.title for _, use in USES])
def test_what_is_installed_is_what_is_declared(use):
    assert not [*guard.faults(use), *guard.changed_copies(use)]
    assert use.names or use.rebinds or use.copies
    assert use.reason
    assert use.version


@pytest.mark.parametrize(("path", "name"), REBINDS, ids=[f"{p} {n}" for p, n in REBINDS])
def test_a_name_that_upstream_no_longer_uses_is_told_at_start(path, name, monkeypatch):
    """For every name that is bound otherwise: another name in its place stops the portal."""
    use = next(use for _, use in USES if path in use.rebinds)
    left = rebinding.used_names(guard.resolve(path)) - {name}
    monkeypatch.setattr(guard, "used_names", lambda _function: left)
    with pytest.raises(CkanConfigurationException, match=f"does not use.*{name}"):
        guard.require(use)


@pytest.mark.parametrize(
    ("path", "parameters", "said"),
    [
        ("ckan.authz:_gone", None, "is gone"),
        ("ckan.gone:_at_all", None, "is gone"),
        ("ckan.authz:is_sysadmin", "user, password", r"takes \(username\), not \(user, password\)"),
        ("ckan.lib.search:_INDICES", "", "is no function"),
    ],
)
def test_a_changed_name_is_told_with_version_and_place(path, parameters, said):
    use = replace(USES[0][1], names={path: parameters}, rebinds={}, copies={})
    with pytest.raises(CkanConfigurationException, match=said) as caught:
        guard.require(use)
    assert "tested with" in str(caught.value)
    assert use.title in str(caught.value)


def test_a_function_written_again_is_compared_with_its_original():
    use = next(use for _, use in USES if use.copies)
    changed = replace(use, copies=dict.fromkeys(use.copies, "0" * 12))
    assert len(list(guard.changed_copies(changed))) == len(use.copies)


def test_the_start_looks_at_everything_that_concerns_the_plugins_loaded(monkeypatch):
    of_harvest = next(use for _, use in USES if use.plugin == "harvest")
    wrong = replace(USES[0][1], title="wrong", names={"ckan.authz:_gone": None}, copies={})
    off = replace(of_harvest, title="off", names={"ckanext.harvest:_gone": None}, rebinds={})
    monkeypatch.setattr(guard, "all_uses", lambda: [("a", wrong), ("b", off), *USES])
    monkeypatch.setattr(guard.p, "plugin_loaded", lambda plugin: False)
    for _ in range(2):
        with pytest.raises(CkanConfigurationException) as caught:
            guard.require_all()
        assert "[wrong]" in str(caught.value)
        assert "[off]" not in str(caught.value)


def test_titles_are_each_of_one_use():
    titles = [use.title for _, use in USES]
    assert len(set(titles)) == len(titles)


def test_what_is_not_installed_is_told():
    use = InternalUse("", "ckanext-nowhere", "1", "", "", copies={"ckanext.nowhere:at": ""})
    with pytest.raises(CkanConfigurationException, match="ckanext-nowhere not installed"):
        guard.require(use)


# ------------------------------------------------------------------------------ declarations
@pytest.mark.parametrize("module", declarations.modules(), ids=lambda module: module.__name__)
def test_every_inside_that_a_module_uses_is_declared(module):
    """Private names, replaced attributes and rebound names of a module are in its ``USES``."""
    with open(module.__file__, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    uses = getattr(module, "USES", ())
    paths = [path.partition(":")[2] for use in uses for path in use.names]
    declared = {part for path in paths for part in path.split(".")}
    assert not {found.name for found in foreign_code.uses(tree)} - declared
    bound = {
        keyword.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "rebound"
        for keyword in node.keywords
    } - {None}
    names = {name.split(".")[0] for use in uses for all_ in use.rebinds.values() for name in all_}
    assert bound == names


def test_private_methods_that_are_overridden_are_declared():
    paths = {path.rpartition(":")[2] for _, use in USES for path in use.names}
    assert not set(foreign_code.overridden()) - paths


@pytest.mark.parametrize("upstream", sorted({use.upstream for _, use in USES}))
def test_every_use_has_an_issue_or_the_text_of_one(upstream):
    if upstream.startswith("upstream.md#"):
        headings = [line[3:] for line in DOCUMENT.splitlines() if line.startswith("## ")]
        assert upstream.partition("#")[2] in {anchor(heading) for heading in headings}
    else:
        assert upstream.startswith("https://github.com/ckan/")


def anchor(heading):
    kept = "".join(sign for sign in heading.lower() if sign.isalnum() or sign in " -_")
    return kept.replace(" ", "-")


def test_every_text_to_file_belongs_to_a_use():
    headings = {anchor(line[3:]) for line in DOCUMENT.splitlines() if line.startswith("## ")}
    named = {use.upstream.partition("#")[2] for _, use in USES} | {
        upstream.partition("#")[2] for upstream in templates.UPSTREAM
    }
    assert headings == named - {""}


# ------------------------------------------------------------------------------ templates
def test_replaced_templates_are_those_declared_and_have_not_changed():
    assert templates.now() == dict(templates.REPLACED)


def test_extensions_that_may_be_off_are_not_imported():
    """The guard reads every declaration when the plugin starts."""
    for module in declarations.modules():
        with open(module.__file__, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        top = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
        foreign = {name for name in top if (name or "").startswith("ckanext.")}
        allowed = ("ckanext.leszno_ngo", "ckanext.scheming")
        assert not {name for name in foreign if not name.startswith(allowed)}
    assert "ckanext.leszno_ngo.ckan_compat.guard" in sys.modules


def test_the_code_of_a_function_is_read_once(monkeypatch):
    rebound(where, place=place)
    monkeypatch.setattr(rebinding.dis, "get_instructions", lambda _code: pytest.fail("read again"))
    rebound(where, place=place)
