"""Nothing takes longer than in proportion to the length of a hostile text.

Every regular expression of the package is tried, found by walking its modules, so that a new one
is in the test by itself; then whole functions.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial

import pytest

from ckanext.leszno_ngo import (
    active_content,
    archives,
    client_address,
    compound_files,
    file_formats,
    file_kinds,
    identifiers,
    office_xml,
    rich_text,
    sent_json,
    text,
    word_fields,
)
from ckanext.leszno_ngo.polish import words
from ckanext.leszno_ngo.values import codes, contact, numbers
from tests import costs
from tests.test_architecture import MODULES, NAME, NAMED, TABLE, package_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import sre_constants
    import sre_parse

_METHODS = ("match", "fullmatch", "search", "sub", "subn", "findall", "finditer", "split")
#: Signs that break many a pattern.
_USUAL = ("a", "1", " ", "-", ".")
_MOST_UNITS = 12


@dataclass(frozen=True)
class Use:
    """A pattern and a way it is used."""

    where: str
    pattern: re.Pattern
    method: str
    units: int = _MOST_UNITS

    def __call__(self, text: str | bytes) -> object:
        given = text.encode() if isinstance(self.pattern.pattern, bytes) else text
        if self.method in ("match", "fullmatch", "search"):
            return getattr(self.pattern, self.method)(given)
        return self.pattern.sub(given[:0], given)


# ------------------------------------------------------------------------ every pattern there is
@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def _methods_of_names(tree: ast.AST) -> dict[str, set[str]]:
    """Which methods of patterns are used on which names (``_WORD.finditer`` …)."""
    used: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _METHODS:
            name = node.value.id if isinstance(node.value, ast.Name) else ""
            used.setdefault(name, set()).add(node.attr)
    return used


def _kept(module: str) -> Iterator[Use]:
    """Patterns that a module or one of its classes keeps, whatever holds them."""
    loaded = importlib.import_module(f"{NAME}.{module}".rstrip("."))
    methods = _methods_of_names(_tree(module))
    classes = [
        (f"{name}.", vars(value))
        for name, value in vars(loaded).items()
        if isinstance(value, type) and value.__module__ == loaded.__name__
    ]
    for prefix, space in [("", vars(loaded)), *classes]:
        for name, value in list(space.items()):
            for pattern in _patterns(value):
                # A pattern in a container, or of another module, is used in any way.
                for method in methods.get(name) or {"search"}:
                    yield Use(f"{module}.{prefix}{name}", pattern, method)


def _patterns(value: object) -> Iterator[re.Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in list(value.values()):
            yield from _patterns(one)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from _patterns(one)


def _is_re(call: ast.AST) -> bool:
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "re"
        and call.func.attr in (*_METHODS, "compile")
    )


def _flags(call: ast.Call) -> int:
    names = [n.attr for n in ast.walk(call) if isinstance(n, ast.Attribute)]
    flags = [getattr(re, name) for name in names if isinstance(getattr(re, name, 0), re.RegexFlag)]
    return sum(set(flags), start=0)


def _written(module: str) -> Iterator[Use]:
    """Patterns written where they are used: ``re.sub(r"…", …)``."""
    for call in filter(_is_re, ast.walk(_tree(module))):
        first = call.args[0]
        if call.func.attr != "compile" and isinstance(first, ast.Constant):
            pattern = re.compile(first.value, _flags(call))
            yield Use(f"{module}:{call.lineno}", pattern, call.func.attr)


def _made_later(module: str) -> list[str]:
    """Functions in which a pattern is made of something that is not written there."""
    functions = [n for n in ast.walk(_tree(module)) if isinstance(n, ast.FunctionDef)]
    return [
        f"{module}.{function.name}"
        for function in functions
        for call in filter(_is_re, ast.walk(function))
        if not isinstance(call.args[0], ast.Constant)
    ]


def _sphere_rules() -> Iterator[re.Pattern]:
    from ckanext.leszno_ngo.cooperation import spheres

    for part in ("name", "aims"):
        for rules in spheres._table(part).values():
            yield from (pattern for _code, pattern in rules)


def _name_rules() -> Iterator[re.Pattern]:
    from ckanext.leszno_ngo.cooperation import legal_forms

    for vocabulary in ("legal_form", "ngo_status"):
        for patterns in legal_forms._name_rules(vocabulary).values():
            yield from patterns


def _people() -> Iterator[re.Pattern]:
    from ckanext.leszno_ngo.harvest.sources import headers

    yield headers.load().people


def _form_rows() -> Iterator[re.Pattern]:
    yield re.compile(r"results-(\d+)-(.+)")


def _misread_letters() -> Iterator[re.Pattern]:
    from ckanext.leszno_ngo.harvest import garbled

    yield garbled._misread()


def _erased_words() -> Iterator[re.Pattern]:
    from ckanext.leszno_ngo.privacy import patterns

    yield patterns.pattern(["Łucja Żółć", "jan.kowalski@example.pl", "655 123 456"]).python


def _cells_of_a_table() -> Iterator[re.Pattern]:
    yield re.compile(r"results-\d+-.+")


#: Function → the patterns it makes at run time, and how they are used.
LATER: dict[str, tuple[Callable[[], Iterator[re.Pattern]], str]] = {
    "cooperation.spheres._compiled": (_sphere_rules, "match"),
    "cooperation.legal_forms._name_rules": (_name_rules, "search"),
    "harvest.garbled._misread": (_misread_letters, "search"),
    "harvest.sources.headers.load": (_people, "search"),
    "privacy.patterns.python": (_erased_words, "sub"),
    "views.pages.comparing.taken": (_cells_of_a_table, "fullmatch"),
    "views.pages.form_fields._typed": (_form_rows, "fullmatch"),
}


def test_patterns_made_at_run_time_are_known():
    assert {where for module in MODULES for where in _made_later(module)} == set(LATER)


def uses() -> list[Use]:
    """Every pattern of the package in every way it is used."""
    found = [use for module in MODULES for use in (*_kept(module), *_written(module))]
    for where, (make, method) in LATER.items():
        # There are hundreds of them, of a few shapes.
        found += [Use(where, pattern, method, units=4) for pattern in make()]
    # Names imported from another module are that module's.
    unique = {(use.pattern.pattern, use.pattern.flags, use.method): use for use in found}
    return list(unique.values())


# ------------------------------------------------------------------------------ what breaks them
def _units(pattern: re.Pattern) -> list[str]:
    """The signs and words a pattern is made of, to build hostile texts of."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = sre_parse.parse(text, pattern.flags)
    return list(dict.fromkeys([*_USUAL, *_of_tree(parsed)]))


_CATEGORIES = {"DIGIT": "1", "SPACE": " ", "WORD": "a", "NOT_DIGIT": "a", "NOT_SPACE": "a"}


def _of_tree(tree) -> Iterator[str]:
    word = ""
    for operation, argument in tree:
        if operation is sre_constants.LITERAL:
            word += chr(argument)
            continue
        if word:
            yield word
        word = ""
        yield from _of_operation(operation, argument)
    if word:
        yield word


def _of_operation(operation, argument) -> Iterator[str]:
    if operation is sre_constants.IN:
        yield from list(_of_class(argument))[:3]
    elif operation is sre_constants.BRANCH:
        for branch in argument[1][:4]:
            yield from _of_tree(branch)
    elif isinstance(argument, (tuple, list)):
        for part in argument:
            if isinstance(part, sre_parse.SubPattern):
                yield from _of_tree(part)


def _of_class(members) -> Iterator[str]:
    for operation, argument in members:
        if operation is sre_constants.LITERAL:
            yield chr(argument)
        elif operation is sre_constants.RANGE:
            yield chr(argument[0])
        elif operation is sre_constants.CATEGORY:
            yield _CATEGORIES.get(str(argument).removeprefix("CATEGORY_"), "-")


@pytest.mark.parametrize("wrong_by", [4, 1 / 4])
def test_the_measure_knows_steep_from_linear(wrong_by, monkeypatch):
    """Also where the machine was slow or quick at the moment of its own measurement."""
    limit = costs.suspicious() * wrong_by
    monkeypatch.setattr(costs, "suspicious", lambda: limit)
    for pattern, unit in ((r"(?:a|a)*b", "a"), (r"\s+x", " ")):
        call = re.compile(pattern).search
        # on a busy machine one measurement may be told as noise
        assert any(costs.steep(call, costs.hostile([unit])) for _ in range(5)), pattern
    assert not costs.steep(re.compile(r"\s*x").match, costs.hostile([" ", "a"]))
    assert not costs.steep(lambda text: [text.upper() for _ in range(50)], costs.hostile(["a"]))


def test_every_pattern_is_linear():
    steep = {}
    for use in uses():
        found = costs.steep(use, costs.hostile(_units(use.pattern)[-use.units :]))
        if found:
            steep[f"{use.where} {use.method}"] = found[0]
    assert not steep


# ---------------------------------------------------------------------------- whole functions
#: What means something somewhere: separators, words of rules, markup, marks, letters that grow.
HOSTILE = (
    *("a", "1", " ", ".", "-", ",", ":", "/", "(", '"', "\n", "A ", "a-", "1 ", "1.", "@", "a@a."),
    *("krs ", "PL", "nr ", "I ", "IM.", "„", "<", "<a", "<script>", "&lt;", "&amp;", "\x00"),
    *("T ", " o ", "zł", "stowarzyszenie ", "klub ", "[", "a:b ", "\\", "AND ", "ł", "ﷺ", "İ"),
)
#: A letter with marks in the wrong order: bringing them into order is what costs.
MARKS = "a\u0315\u0300"


#: Given by the portal's operator, by type files or by the code itself, never by people or sources.
OWN = frozenset({"colours", "content_policy", "inline_markup", "languages", "registry"})
OWN_FUNCTIONS = frozenset(
    {
        "client_address.networks",  # of an option
        "polish.dates.format_date",
        "polish.dates.format_month",
        "polish.numbers.format_number",
        "polish.numbers.format_money",
        "polish.plural.plural_category",
        "vocabularies.parse",  # files of plugins
        "vocabularies.get",
        *(f"vocabularies.{name}" for name in ("Term.label", "Term.short")),
        *(f"vocabularies.Vocabulary.{name}" for name in ("get", "label", "short")),
    }
)
_LARGE = 100_000


def _archive(text: str) -> object:
    """Look into a ZIP with a file that has the text."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("a.csv", text)
    try:
        return archives.inspect(file, "a.zip", _LARGE)
    except archives.ArchiveError as error:
        return error


def _watched(make: Callable[[], object], before: bytes = b"") -> Callable[[str], object]:
    return lambda text: make().feed(before + text.encode(), last=True)  # type: ignore[attr-defined]


def _word_fields(text: str) -> object:
    fields = word_fields.Fields()
    fields.mark("begin")
    found = [fields.add(part) for part in text.split(" ")]
    return [*found, fields.mark("end")]


def _active(name: str, before: bytes = b"") -> Callable[[str], object]:
    def watch(text: str) -> object:
        content = before + text.encode()
        return [w.feed(content, last=True) for w in active_content.watchers(content, name)]

    return watch


def _attributes(text: str) -> dict[str, str]:
    names = ("action", "href", office_xml._XLINK_HREF, *office_xml._LOCATIONS)
    return dict.fromkeys(names, text)


def _resolved(text: str) -> object:
    proxies = client_address.networks(["10.0.0.0/8"])
    return client_address.resolve_client("10.0.0.1", text.split(","), proxies)


#: Functions that cannot be called by their signature → how they are called.
WAYS: dict[str, tuple[Callable[[str], object], ...]] = {
    "active_content.Watcher.feed": (
        _active("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>"),
        _active("a.html", b"<html>"),
        _active("word/document.xml", b"<a>"),
    ),
    "active_texts.Watcher.feed": (
        _active("a.ics", b"BEGIN:VCALENDAR\r\n"),
        _active("a.csv", b"ID;PWXL\r\n"),
        _active("desktop.ini", b"[.ShellClassInfo]\r\n"),
        _active("a.m3u"),
    ),
    "archives.ArchiveError.inside": (lambda t: archives.ArchiveError("name", t).inside(t),),
    "archives.inspect": (_archive,),
    "client_address.resolve_client": (_resolved,),
    "compound_files.Watcher.feed": (_watched(compound_files.Watcher, compound_files.OLE),),
    "file_formats.is_text_of": tuple(
        partial(file_formats.is_text_of, kind, is_whole=True) for kind in file_formats._OF_TEXTS
    ),
    "file_formats.is_picture_of": tuple(
        lambda t, k=kind: file_formats.is_picture_of(k, t.encode(), is_whole=True)
        for kind in file_formats._OF_PICTURES
    ),
    "file_kinds.is_as_named": (lambda t: file_kinds.is_as_named("a.csv", t.encode()),),
    "identifiers.org_id": (lambda t: identifiers.org_id({"krs": t, "regon": t, "nip": t}),),
    "identifiers.register_links": (lambda t: identifiers.register_links({"krs": t, "nip": t}),),
    "office_xml.of_any": (lambda t: office_xml.of_any("a", _attributes(t)),),
    "office_xml.of_element": (
        lambda t: [rule("x a", "a", _attributes(t)) for _space, rule in office_xml._RULES],
    ),
    "polish.words.normalised": (partial(words.normalised, "NFKC"),),
    "rich_text.Watcher.feed": (_watched(rich_text.Watcher, rb"{\*\fldinst "),),
    "sent_json.brackets": (sent_json.brackets,),
    "sent_json.read": (sent_json.read, lambda t: sent_json.read(f'["{t}"]')),
    "text.clean": (lambda t: text.clean(t, _LARGE), lambda t: text.clean(t, _LARGE, lines=True)),
    "values.codes.codes": (lambda t: codes.codes(t, "voivodeship"),),
    "values.contact.email": (contact.email,),
    "values.contact.phone": (contact.phone,),
    "values.numbers.identifier": tuple(
        partial(numbers.identifier, kind) for kind in identifiers.NORMALISERS
    ),
    "word_fields.Fields.mark": (_word_fields,),
    "word_fields.Fields.add": (_word_fields,),
}


def _given_texts() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the public functions of the pure packages that are given a text or bytes."""
    for module in NAMED:
        package = package_of(module)
        if package in OWN or TABLE[package].group != "values":
            continue
        for node in _tree(module).body:
            inside = node.body if isinstance(node, ast.ClassDef) else [node]
            prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
            for function in inside:
                if isinstance(function, ast.FunctionDef) and _takes_text(function):
                    where = f"{module}.{prefix}{function.name}"
                    if "._" not in where and where not in OWN_FUNCTIONS:
                        yield where, function


def _takes_text(function: ast.FunctionDef) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    kinds = (ast.unparse(one.annotation) for one in arguments if one.annotation)
    return any(re.search(r"\b(?:str|bytes|object)\b", kind) for kind in kinds)


_TEXTS = ("str", "str | None", "object", "bytes")


def _by_signature(where: str, function: ast.FunctionDef) -> Callable[[str], object] | None:
    """Return a call of a function of a module whose arguments are texts; None for others."""
    needed = function.args.args[: len(function.args.args) - len(function.args.defaults)]
    kinds = [ast.unparse(one.annotation) if one.annotation else "" for one in needed]
    if not set(kinds) <= set(_TEXTS) or any(d is None for d in function.args.kw_defaults):
        return None
    module, _, name = where.rpartition(".")
    if module not in MODULES:
        return None  # a method
    call = inspect.unwrap(getattr(importlib.import_module(f"{NAME}.{module}"), name))
    return lambda t: call(*(t.encode() if kind == "bytes" else t for kind in kinds))


def _of_pure_packages() -> Iterator[tuple[str, Callable[[str], object]]]:
    for where, function in _given_texts():
        ways = WAYS.get(where) or (_by_signature(where, function),)
        for number, call in enumerate(filter(None, ways)):
            yield f"{where} {number}".removesuffix(" 0"), call


def test_every_pure_function_that_is_given_a_text_is_called():
    """One that cannot be called by its signature has a way in ``WAYS``."""
    given = dict(_given_texts())
    assert not WAYS.keys() - given.keys(), "no longer there"
    without = [w for w, f in given.items() if w not in WAYS and _by_signature(w, f) is None]
    assert not without


def _of_other_packages() -> Iterator[tuple[str, Callable[[str], object]]]:
    """Readers that need a portal's tables of words, or types."""
    from ckanext.leszno_ngo.cooperation import legal_forms, spheres
    from ckanext.leszno_ngo.harvest import values
    from ckanext.leszno_ngo.harvest.model import display_text
    from ckanext.leszno_ngo.harvest.sources import headers, place
    from ckanext.leszno_ngo.search import suggest
    from ckanext.leszno_ngo.search import words as searched

    yield "legal_forms", lambda t: legal_forms.derive(t, t)
    yield "legal_forms.status", legal_forms.status_from_name
    yield "spheres", lambda t: spheres.derive(t, t, [t])
    yield "words.read", searched.parse_query
    yield "words.split_all", lambda t: list(searched.split_all(t))
    yield "suggest", suggest._number
    yield "shown", display_text
    yield "headers", lambda t: headers.load().column(t + "x")
    yield "place", place.plain.__wrapped__
    for name, function in values.FIELDS.items():
        yield f"harvest.{name}", inspect.unwrap(function)
    yield "harvest.email", lambda t: values.email(t, t)
    yield "harvest.phone", lambda t: values.phone(t, mobile=True)


def _refusing(function: Callable[[str], object]) -> Callable[[str], object]:
    def call(text: str) -> object:
        # What is remembered costs nothing the second time: half of a measurement would be of that.
        file_kinds.content_type.cache_clear()
        try:
            found = function(text)
            return list(found) if isinstance(found, Iterator) else found
        except (ValueError, LookupError):
            return None

    return call


@pytest.mark.parametrize(
    ("name", "function"),
    [pytest.param(*one, id=one[0]) for one in (*_of_pure_packages(), *_of_other_packages())],
)
def test_functions_are_linear(name, function):
    texts = [lambda n, u=unit: costs.repeated(u, n) for unit in HOSTILE]
    texts += [lambda n, u=unit: f"x 1 {costs.repeated(u, n)}\x01" for unit in HOSTILE]
    assert not costs.steep(_refusing(function), texts), name


def test_marks_out_of_order_are_bounded():
    """Unicode's canonical order is sorted with a cost of the square, so runs are kept short."""
    from ckanext.leszno_ngo import polish, text
    from ckanext.leszno_ngo.search import words

    marks = [lambda n: "a" + costs.repeated(MARKS[1:], n)]
    assert polish.fold("Ża\u0315\u0300b") == "zab"
    for function in (
        polish.fold,
        polish.sort_key,
        words.parse_query,
        lambda t: text.clean(t, 100_000),
    ):
        assert not costs.steep(function, marks), function


def test_what_is_longer_than_any_number_is_refused_at_once():
    from ckanext.leszno_ngo import dates, datetimes, identifiers

    for normalise in identifiers.NORMALISERS.values():
        with pytest.raises(identifiers.IdentifierError) as error:
            normalise("." * 20_000)
        assert error.value.code == "length"
    with pytest.raises(dates.DateError):
        dates.parse_date("1" * 20_000)
    with pytest.raises(datetimes.MomentError):
        datetimes.parse("T " * 20_000)
    assert identifiers.guess("krs 1 " * 20_000) == []
