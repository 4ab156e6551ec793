"""Controlled vocabularies: YAML files with stable codes, labels and dates of validity.

A vocabulary is data: a file of this folder, or of one that a plugin brings
(``interfaces.IRecordTypes.get_vocabulary_directories``). It is read and checked once; whatever a
term carries beside its code, labels and dates (rules, synonyms, statute wording) stays in
`Term.extra` for the module that understands it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from ckanext.leszno_ngo.languages import LANGUAGES
from ckanext.leszno_ngo.registry import Registry

_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Further languages of a label: "de", "pt_BR".
_LANGUAGE = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,4})*")
# Authority tables of the Publications Office of the EU, and ADMS of SEMIC.
_ADDRESS = re.compile(
    r"https?://(?:publications\.europa\.eu/resource/authority|purl\.org/adms)"
    r"/(?P<name>[a-z-]+)/(?P<code>[A-Za-z0-9_-]+)"
)
_OWN_KEYS = {"code", "label", "short_label", "valid_from", "valid_to"}


class VocabularyError(Exception):
    """A vocabulary's file is missing or breaks the contract; the message says where."""


@dataclass(frozen=True)
class Term:
    """One entry of a vocabulary.

    `valid_from` and `valid_to` are the first and the last day of validity, or None where the
    term is not limited on that side. `short_labels` are empty where the label is short enough.
    """

    code: str
    labels: Mapping[str, str]
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    short_labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def label(self, lang: str) -> str:
        """The label in a language (`pl`, `en`, or any longer tag of these); Polish otherwise."""
        return _in_language(self.labels, lang)

    def short(self, lang: str) -> str:
        """What lists and filters call it: the short label in a language, the label without one."""
        return _in_language(self.short_labels or self.labels, lang)

    def valid_on(self, day: dt.date) -> bool:
        """Whether the term is valid on a day."""
        after_start = self.valid_from is None or self.valid_from <= day
        before_end = self.valid_to is None or day <= self.valid_to
        return after_start and before_end


def _in_language(labels: Mapping[str, str], lang: str) -> str:
    return labels.get(lang) or labels.get(lang[:2].lower(), labels["pl"])


@dataclass(frozen=True)
class Vocabulary:
    """A named list of terms in the order people should see them."""

    name: str
    labels: Mapping[str, str]
    source: str
    terms: tuple[Term, ...]
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    _by_code: Mapping[str, Term] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index = MappingProxyType({term.code: term for term in self.terms})
        object.__setattr__(self, "_by_code", index)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in the vocabulary's order."""
        return tuple(self._by_code)

    def get(self, code: str) -> Term | None:
        """The term of a code, or None."""
        return self._by_code.get(code)

    def label(self, code: str, lang: str) -> str:
        """The label of a code in a language; the code itself when it is unknown."""
        term = self.get(code)
        return term.label(lang) if term else code

    def short(self, code: str, lang: str) -> str:
        """The short label of a code in a language; the code itself when it is unknown."""
        term = self.get(code)
        return term.short(lang) if term else code

    def valid_on(self, day: dt.date) -> list[Term]:
        """The terms valid on a day, in the vocabulary's order."""
        return [term for term in self.terms if term.valid_on(day)]


#: Name → file: the vocabularies of this folder, and of plugins.
FILES: Registry[Path] = Registry("vocabulary")


def in_directory(directory: Path) -> dict[str, Path]:
    """Return the vocabularies of a folder: name → file, sorted.

    :raises VocabularyError: there is no such folder, or a file's name is none of a vocabulary
    """
    if not directory.is_dir():
        raise VocabularyError(f"no folder of vocabularies: {directory}")
    found = {file.stem: file for file in sorted(directory.glob("*.yaml"))}
    for name, file in found.items():
        if not _NAME.fullmatch(name):
            raise VocabularyError(f"not a vocabulary's name: {file}")
    return found


#: The vocabularies of every catalogue; parts without CKAN read them before plugins are loaded.
DIRECTORY = Path(__file__).parent
_COMMON: Mapping[str, Path] = in_directory(DIRECTORY)


def get(name: str) -> Vocabulary:
    """The vocabulary of a name (its file's name without `.yaml`).

    :raises VocabularyError: no such file, or the file breaks the contract.
    """
    file = FILES.get(name) or _COMMON.get(name)
    if file is None:
        raise VocabularyError(f"no vocabulary {name!r}")
    return _read(file)


@cache
def _read(file: Path) -> Vocabulary:
    return parse(file.read_text(encoding="utf-8"), file.stem)


def term_at(address: str) -> Term | None:
    """The term of a European vocabulary that an address of its own stands for.

    :param address: as DCAT-AP 3 wants it, such as
        `http://publications.europa.eu/resource/authority/frequency/DAILY`
    :returns: the term; None where the package has no such vocabulary or term.
    """
    found = _ADDRESS.fullmatch(address)
    name = found["name"].replace("-", "_") if found else ""
    return get(name).get(found["code"]) if found and name in names() else None


def names() -> tuple[str, ...]:
    """Names of all vocabularies, of this folder and of plugins, sorted."""
    return tuple(sorted({*_COMMON, *FILES}))


def parse(text: str, name: str) -> Vocabulary:
    """Reads and checks a vocabulary's YAML text.

    :param text: the file's content.
    :param name: the name it must carry in its own `name` key.
    :raises VocabularyError: not YAML, a key is missing, a code repeats or is not a string, a label
        lacks a language, a date is not a date or the validity ends before it begins.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise VocabularyError(f"{name}: not YAML: {error}") from error
    if not isinstance(data, dict) or data.get("name") != name:
        raise VocabularyError(f"{name}: the file must be a mapping with name: {name}")
    raw_terms = data.get("terms")
    if not isinstance(raw_terms, list) or not raw_terms:
        raise VocabularyError(f"{name}: terms must be a list with at least one term")
    terms = tuple(_term(raw, f"{name}[{number}]") for number, raw in enumerate(raw_terms))
    _refuse_repeated(terms, name)
    return Vocabulary(
        name=name,
        labels=_labels(data.get("label"), name),
        source=_text(data.get("source"), f"{name}.source"),
        terms=terms,
        extra=_rest(data, {"name", "label", "source", "terms"}),
    )


def _term(raw: Any, where: str) -> Term:
    if not isinstance(raw, dict):
        raise VocabularyError(f"{where}: a term must be a mapping")
    code = _text(raw.get("code"), f"{where}.code")
    where = f"{where} ({code})"
    valid_from = _date(raw.get("valid_from"), f"{where}.valid_from")
    valid_to = _date(raw.get("valid_to"), f"{where}.valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        raise VocabularyError(f"{where}: validity ends before it begins")
    labels = _labels(raw.get("label"), where)
    short = _labels(raw["short_label"], f"{where}.short_label") if "short_label" in raw else {}
    return Term(code, labels, valid_from, valid_to, _rest(raw, _OWN_KEYS), short)


def _labels(raw: Any, where: str) -> Mapping[str, str]:
    if not isinstance(raw, dict):
        raise VocabularyError(f"{where}: label must have {' and '.join(LANGUAGES)}")
    for lang in LANGUAGES:
        _text(raw.get(lang), f"{where}.label.{lang}")
    if surplus := {key for key in raw if not (isinstance(key, str) and _LANGUAGE.fullmatch(key))}:
        # {pl: Stowarzyszenie, klub, en: …} makes a key of "klub": the label wants quotes.
        raise VocabularyError(f"{where}: label has unknown languages {sorted(map(str, surplus))}")
    for lang in raw:
        _text(raw[lang], f"{where}.label.{lang}")
    return MappingProxyType(dict(raw))


def _text(raw: Any, where: str) -> str:
    # YAML reads an unquoted 1 as a number and no as a boolean: a code must be quoted then.
    if not isinstance(raw, str) or not raw.strip() or raw != raw.strip():
        raise VocabularyError(f"{where}: must be a text without outer spaces, not {raw!r}")
    return raw


def _date(raw: Any, where: str) -> dt.date | None:
    if raw is None:
        return None
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw
    raise VocabularyError(f"{where}: must be a date written YYYY-MM-DD, not {raw!r}")


def _rest(raw: dict[str, Any], known: set[str]) -> Mapping[str, Any]:
    return MappingProxyType({key: value for key, value in raw.items() if key not in known})


def _refuse_repeated(terms: tuple[Term, ...], name: str) -> None:
    seen: set[str] = set()
    for term in terms:
        if term.code in seen:
            raise VocabularyError(f"{name}: code {term.code!r} repeats")
        seen.add(term.code)
