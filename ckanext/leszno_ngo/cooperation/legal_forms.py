"""Legal form of an organisation from what a source says, and from its name.

The wordings and the rules are in `vocabularies/legal_form.yaml`; statuses' wordings in
`vocabularies/ngo_status.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ckanext.leszno_ngo import bounds, vocabularies
from ckanext.leszno_ngo.polish import fold

_NOT_WORD = re.compile(r"[^\w.]+")
_NAME_RULES_OF = Mapping[str, tuple[re.Pattern[str], ...]]


def from_krs(form: str, name: str = "") -> str | None:
    """The code of a `formaPrawna` of the KRS API.

    :param form: as KRS writes it, e.g. `STOWARZYSZENIE KULTURY FIZYCZNEJ`.
    :param name: the organisation's name: where KRS has only the general form, a name may make it
        more exact (a voluntary fire brigade is an association there).
    :returns: a code of the vocabulary `legal_form`, or None for a form it does not know.
    """
    code = _wordings("legal_form", "krs").get(_key(form)) or from_wording(form)
    return _refined(code, name) if code else None


def from_wording(wording: str) -> str | None:
    """The code of a form as a register's file or a person writes it (`stow. zwykłe`, `UKS`)."""
    key = _key(wording)
    if key in vocabularies.get("legal_form").codes:
        return key
    return _wordings("legal_form", "synonyms").get(key)


def from_name(name: str) -> str | None:
    """The form that a name tells (`FUNDACJA …`, `UKS …`), or None when it tells nothing.

    The vocabulary's terms are tried from the most telling to the most general.
    """
    folded = fold(name[: bounds.NAME])
    for code, patterns in _name_rules("legal_form").items():
        if any(pattern.search(folded) for pattern in patterns):
            return code
    return None


def derive(form: str | None, name: str) -> str | None:
    """The best that a source's form and name give together.

    :param form: what the source says (KRS or a register's file), or nothing.
    :returns: a code of `legal_form`; the name decides only if the form is missing or unknown.
    """
    return (from_krs(form, name) if form else None) or from_name(name)


def status_from_wording(wording: str) -> str | None:
    """The code of a status as a register's file writes it (`w likwidacji`, `wykreślona`)."""
    key = _key(wording)
    if key in vocabularies.get("ngo_status").codes:
        return key
    return _wordings("ngo_status", "synonyms").get(key)


def status_from_name(name: str) -> str | None:
    """The status that a legal name carries (`… W LIKWIDACJI`), or None."""
    folded = fold(name[: bounds.NAME])
    for code, patterns in _name_rules("ngo_status").items():
        if any(pattern.search(folded) for pattern in patterns):
            return code
    return None


def _refined(code: str, name: str) -> str:
    folded = fold(name[: bounds.NAME])
    for term in vocabularies.get("legal_form").terms:
        if code in term.extra.get("refines", ()):
            rules = _name_rules("legal_form").get(term.code, ())
            if any(pattern.search(folded) for pattern in rules):
                return term.code
    return code


def _key(wording: str) -> str:
    return " ".join(_NOT_WORD.sub(" ", fold(wording[: bounds.NAME])).split())


@cache
def _wordings(vocabulary: str, list_name: str) -> dict[str, str]:
    return {
        _key(wording): term.code
        for term in vocabularies.get(vocabulary).terms
        for wording in (*term.extra.get(list_name, ()), *term.labels.values())
    }


@cache
def _name_rules(vocabulary: str) -> _NAME_RULES_OF:
    return {
        term.code: tuple(re.compile(rule) for rule in term.extra.get("name_rules", ()))
        for term in vocabularies.get(vocabulary).terms
    }
