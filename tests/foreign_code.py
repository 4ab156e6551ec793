"""What code uses of the inside of packages that are not its own, read from its source."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.shared_data import ROOT

NAME = "ckanext.leszno_ngo"
PACKAGE = ROOT / "ckanext" / "leszno_ngo"
#: Made to be written: the place of a request, its session, its WSGI environment, the options.
_TO_BE_WRITTEN = {"g", "session", "config", "config_", "environ"}
_CHANGING = {"append", "clear", "extend", "insert", "pop", "remove", "setdefault", "update"}
#: Documented, though they begin with an underscore.
_PUBLIC = {"_asdict", "_replace", "_fields", "_make", "_mapping", "_"}


@dataclass(frozen=True)
class Use:
    """A private name of another package, or an attribute of it that is changed."""

    line: int
    name: str
    what: str


def uses(tree: ast.Module) -> Iterator[Use]:
    """Yield what a module uses of the inside of other packages.

    :param tree: the module
    """
    foreign, own = _foreign_names(tree), _own_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from _private_imports(node)
        elif isinstance(node, ast.Attribute):
            yield from _attribute(node, foreign, own)
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield from _item(node, foreign)
        elif isinstance(node, ast.Call):
            yield from _call(node, foreign)


def overridden() -> Iterator[str]:
    """Yield ``Class.method`` of private methods of other packages that classes here override."""
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        tree = ast.parse(file.read_text(encoding="utf-8"))
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.bases]
        if not classes or parts[0] == "migration":
            continue
        name = ".".join([NAME, *(part for part in parts if part != "__init__")])
        module = importlib.import_module(name)
        for one in classes:
            yield from _overridden_in(one, getattr(module, one.name))


def _overridden_in(node: ast.ClassDef, made: type) -> Iterator[str]:
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and is_private(method.name):
            for base in made.__mro__[1:]:
                if method.name in vars(base) and not base.__module__.startswith(NAME):
                    yield f"{base.__name__}.{method.name}"


def is_private(name: str) -> bool:
    """Whether a name is private, and no magic method."""
    return name.startswith("_") and not name.startswith("__") and name not in _PUBLIC


def _is_foreign(module: str) -> bool:
    root = module.split(".")[0]
    return not module.startswith(NAME) and root not in sys.stdlib_module_names


def _foreign_names(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias for alias in node.names if _is_foreign(alias.name)]
        elif isinstance(node, ast.ImportFrom) and not node.level and _is_foreign(node.module or ""):
            names = node.names
        else:
            continue
        found |= {(alias.asname or alias.name).split(".")[0] for alias in names}
    return found


def _own_names(tree: ast.Module) -> set[str]:
    """Return the names that the package itself gives to anything."""
    if not _OWN:
        for file in PACKAGE.rglob("*.py"):
            _OWN.update(_defined(ast.parse(file.read_text(encoding="utf-8"))))
    return _OWN | set(_defined(tree))


_OWN: set[str] = set()


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and _is_own_attribute(node):
            yield node.attr


def _is_own_attribute(node: ast.Attribute) -> bool:
    is_self = isinstance(node.value, ast.Name) and node.value.id == "self"
    return is_self and isinstance(node.ctx, ast.Store)


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _parts(node: ast.expr) -> set[str]:
    found = set()
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        node = node.value
    return found | ({node.id} if isinstance(node, ast.Name) else set())


def _may_be_written(node: ast.expr) -> bool:
    return bool(_parts(node) & _TO_BE_WRITTEN)


def _private_imports(node: ast.Import | ast.ImportFrom) -> Iterator[Use]:
    module = getattr(node, "module", "") or ""
    if getattr(node, "level", 0) or module.startswith(NAME) or module == "__future__":
        return
    for alias in node.names:
        path = f"{module}.{alias.name}".strip(".").split(".")
        if any(map(is_private, path)):
            yield Use(node.lineno, path[-1], "private name")


def _attribute(node: ast.Attribute, foreign: set[str], own: set[str]) -> Iterator[Use]:
    root = _root(node)
    if is_private(node.attr) and (root in foreign or node.attr not in own):
        yield Use(node.lineno, node.attr, "private name")
    changed = not isinstance(node.ctx, ast.Load)
    if changed and root in foreign and not _may_be_written(node.value):
        yield Use(node.lineno, node.attr, "attribute that is set")


def _item(node: ast.Subscript, foreign: set[str]) -> Iterator[Use]:
    """Yield an item that is set of what another module has; not of a name's own value."""
    held = node.value
    if isinstance(held, ast.Attribute) and _root(held) in foreign and not _may_be_written(held):
        yield Use(node.lineno, held.attr, "item that is set")


def _call(node: ast.Call, foreign: set[str]) -> Iterator[Use]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in {"getattr", "hasattr", "setattr", "delattr"} and len(node.args) > 1:
        value = node.args[1].value if isinstance(node.args[1], ast.Constant) else ""
        writes = name in {"setattr", "delattr"} and not _may_be_written(node.args[0])
        if (writes and _root(node.args[0]) in foreign) or is_private(str(value)):
            yield Use(node.lineno, str(value), f"{name}()")
    elif isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
        held = node.func.value
        if isinstance(held, ast.Attribute) and _is_of_module(held, foreign):
            yield Use(node.lineno, held.attr, f"{node.func.attr}()")


def _is_of_module(held: ast.Attribute, foreign: set[str]) -> bool:
    of_foreign = isinstance(held.value, ast.Name) and held.value.id in foreign
    return of_foreign and not _may_be_written(held)


def files() -> Iterator[Path]:
    """Yield the package's modules outside of ``ckan_compat`` and of migrations."""
    apart = ("ckan_compat", "migration")
    for file in sorted(PACKAGE.rglob("*.py")):
        if file.relative_to(PACKAGE).parts[0] not in apart:
            yield file
