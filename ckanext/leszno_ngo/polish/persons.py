"""Names of persons in Polish texts: a forename beside a surname, in the forms that Polish has.

The name of a patron ("im. Jana Kowalskiego", "Fundacja Anny Nowak") is in another case than a
person's who is meant; where a text speaks of a patron is told by the words before. Found is what is
likely, nothing is certain: a person decides (docs/harvest.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ckanext.leszno_ngo.polish.forenames import FAMOUS, FEMALE, MALE, SURNAMES
from ckanext.leszno_ngo.polish.words import fold

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+){0,3}")
# At most this many forenames before a surname.
_FORENAMES = 3

_STRONG = re.compile(
    r"\w{2,}(?:(?:s|c|dz)k(?:i|a|iego|iej|iemu|im|ą)|wicz(?:a|owi|em|u|owie)?|(?:cz|sz)yk(?:a|owi|iem|u)?"
    r"|[ni]ak(?:a|owi|iem|u)?|czak(?:a|owi|iem|u)?|(?:s|c|dz)cy|ewska|owska)",
    re.IGNORECASE,
)
_OBLIQUE_SURNAME = re.compile(
    r".{2,}(?:(?:s|c|dz)k(?:iego|iej|iemu|im|ą)|(?:wicz|czyk|szyk|iak|niak|czak)(?:a|owi|em|iem|u))",
    re.IGNORECASE,
)
_GAP = re.compile(r"\.?[ \u00a0\t]{1,3}|\.")
_ROMAN = re.compile(r"[IVX]{1,5}")

# Words after which the name in the genitive is a patron's, a place's or a thing's.
_PATRON = re.compile(
    r"(?:im|imienia|imieniem|pw|wezwaniem|sw|swiet\w*|bl|blogoslawion\w*|patron\w*|pamiec\w*|"
    r"ul|ulic\w*|pl|plac\w*|al|alej\w*|os|osied\w*|rond\w*|skwer\w*|park\w*|most\w*|"
    r"szkol\w*|lice\w*|gimnazj\w*|przedszkol\w*|technik\w*|zespol\w*|uniwersyt\w*|akademi\w*|"
    r"fundacj\w*|stowarzysz\w*|towarzyst\w*|klub\w*|bibliote\w*|muze\w*|teatr\w*|dom\w*|chor\w*|"
    r"hufi\w*|druzyn\w*|szczep\w*|kolo|kola|instytut\w*|centrum|osrod\w*|hospicj\w*|szpital\w*|"
    r"parafi\w*|kosciol\w*|katedr\w*|sanktuari\w*|zgromadz\w*|zakon\w*|"
    r"tworczo\w*|dorob\w*|dziedzict\w*|spusci\w*|mysl\w*|nauk\w*|nauczani\w*|postac\w*|dziel\w*|"
    r"muzyk\w*|poezj\w*|poet\w*|idea\w*|ide[ieo]\w*|wartosci\w*|duch\w*|styl\w*|metod\w*|pedagogi\w*|"
    r"konkurs\w*|memorial\w*|turniej\w*|festiwal\w*|nagrod\w*|medal\w*|order\w*|rok|roku|stypendi\w*|"
    r"papiez\w*|kardynal\w*|kard|biskup\w*|bp|abp|krol\w*|marszal\w*|general\w*|gen|pulkow\w*|plk|"
    r"pomnik\w*|grob\w*|obelisk\w*|kult\w*|przyjaciol\w*|milosnik\w*|wychowank\w*|szlak\w*|dywizj\w*)"
)
# After these there is a patron whatever the case.
_NAMED_AFTER = re.compile(r"(?:im|imienia|imieniem|sw|swiet\w*|bl|blogoslawion\w*|pamieci)")
# Words of a person's own circumstances: what follows is a person whatever its case.
_OF_A_PERSON = re.compile(r"(?:u|co|p|pan\w?|pani\w?|panstwo|panstwa|zam)")
_COURTESY = re.compile(r"(?:p|pan|pani|pana|panu|panstwo|panstwa|panstwu)")

# What a body's name has in it and a person's has not (beginnings of words without diacritics).
_BODY = re.compile(
    r"\b(?:akadem|bank|bibliotek|biur|bractw|caritas|centr|cech|chor|choragi|dom\b|druzyn|firm|forum|"
    r"fundacj|fundusz|galeri|gmin|grup|hospicj|hufiec|inicjatyw|instytut|izb|kapel|klub|kol[ao]\b|komitet|"
    r"kongregacj|konfederacj|lig|miast|ministerst|muze|narodow|ochotnicz|oddzial|organizacj|orkiestr|"
    r"osrod|osp|parafi|polsk|powiat|przedsiebiorst|przedszkol|rad[ay]\b|ruch|samorzad|sekcj|siec|"
    r"spol|sportow|stowarzysz|szkol|teatr|towarzyst|uniwersyt|unia|urzad|warsztat|wojewod|wspolnot|"
    r"zaklad|zespol|zgromadz|zrzesz|zwiaz|[kmulz]{1,2}k?s\b|[klz]ks\b|lzs\b|tkkf|pck|zhp|zhr|kgw)"
)
_PERSON_WORDS = range(2, 5)
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")
_TITLES = re.compile(
    r"^(?:(?:dr|hab|mgr|inz|prof|ks|lek|adw|dh|dha|p|pan|pani|panstwo|o|s)\b\.?\s*)+", re.IGNORECASE
)
# What stands between the names of several persons.
_BETWEEN = re.compile(
    r"(?:(?<!\s)\s+)?(?:[,;/&+()–—\n]|\s-\s|\s(?:i|oraz|a|z|and)\s)\s*", re.IGNORECASE
)


@dataclass(frozen=True)
class Name:
    """A person's name in a text.

    :param start: where it begins
    :param end: where it ends
    :param nominative: whether it is in the form of somebody who is named, not of a patron
    """

    start: int
    end: int
    nominative: bool


def find(text: str) -> list[Name]:
    """Return the likely names of persons in a running text, but for patrons', in its order.

    :param text: of any case; the cost grows with its length
    """
    return [name for name, before in _found(text) if not _is_patron(name, before)]


def named_in_line(text: str) -> bool:
    """Tell whether a line (an address, a body's name) names a person beside whatever it says.

    A name in another form than the nominative is there a patron's or a street's, unless a word
    such as "u" or "pani" stands before it.

    :param text: one line
    """
    return any(
        name.nominative or any(_OF_A_PERSON.fullmatch(word) for word in before[-1:])
        for name, before in _found(text)
        if not any(_NAMED_AFTER.fullmatch(word) for word in before[-1:])
    )


def hidden(text: str, mask: str) -> str:
    """Return a short text with likely names of persons replaced, also where they are in capitals
    or small letters.

    :param text: such as a cell of a table
    :param mask: what stands in their place
    """
    lettered = _lettered(text)
    if len(lettered) != len(text):
        return text
    for name in reversed(find(lettered)):
        text = text[: name.start] + mask + text[name.end :]
    return text


def may_be(name: str, *, registered: bool = False) -> bool:
    """Tell whether a name may be a person's, or several persons'.

    It errs on the side of the person: "Leszczyński Wiatr" may be one.

    :param name: what should be a body's name
    :param registered: the body has a number of the court register, in which persons are not: only
        a forename beside a surname counts then
    """
    if named_in_line(_lettered(name)):
        return True
    pieces = [_TITLES.sub("", piece) for piece in _BETWEEN.split(_lettered(name)) if piece]
    if registered:
        return False
    return not is_body(name) and bool(pieces) and all(map(_looks_like_one, pieces))


def _lettered(name: str) -> str:
    """Return a name written in small letters alone as names are written."""
    return name.title() if name.islower() else name


def is_body(name: str) -> bool:
    """Tell whether a name has a word in it that a body's name has, and a person's has not."""
    return bool(_BODY.search(fold(name)))


def _looks_like_one(piece: str) -> bool:
    words = piece.split()
    if len(words) not in _PERSON_WORDS or not all(map(_NAME_WORD.fullmatch, words)):
        return False
    return all(word[0].isupper() for word in words)


# ---------------------------------------------------------------------------------- names
def _found(text: str) -> Iterator[tuple[Name, list[str]]]:
    """Yield likely names with the folded words before each."""
    words = list(_WORD.finditer(text))
    forms = [_form(word[0]) for word in words]
    # In capitals every word looks like a name: only what ends like a surname counts as one.
    strict = text.isupper()
    position = 0
    while position < len(words):
        taken, nominative = _name_at(text, words, forms, position, strict=strict)
        if not taken:
            position += 1
            continue
        last = words[position + taken - 1]
        before = [fold(word[0]) for word in words[max(0, position - 3) : position]]
        yield Name(words[position].start(), last.end(), nominative), before
        position += taken


def _name_at(
    text: str, words: list[re.Match[str]], forms: list[str], at: int, *, strict: bool
) -> tuple[int, bool]:
    """Return of how many words the name is that begins at a word (0 for none), and its form."""
    word = words[at][0]
    courtesy = _COURTESY.fullmatch(fold(word))
    if not (word[0].isupper() or courtesy):
        return 0, False
    near = _near(text, words, at)
    if forms[at]:
        count = next((n for n, f in enumerate(forms[at : at + len(near)]) if not f), len(near))
        return _after_forenames(near, forms[at], count, strict=strict)
    if len(near) < 2:
        return 0, False
    if forms[at + 1] and _is_surname(word, strict=True):
        return 2, forms[at + 1] == "nominative" and not _OBLIQUE_SURNAME.fullmatch(word)
    initial = len(word) == 1 and text.startswith(".", words[at].end())
    if (initial or courtesy) and _is_surname(near[1], strict=True):
        return 2, not _OBLIQUE_SURNAME.fullmatch(near[1])
    return 0, False


def _near(text: str, words: list[re.Match[str]], at: int) -> list[str]:
    """Return a word with those after it that only spaces and dots part from it."""
    near = [words[at][0]]
    pairs = zip(words[at : at + _FORENAMES], words[at + 1 : at + _FORENAMES + 1], strict=False)
    for before, one in pairs:
        if not _GAP.fullmatch(text, before.end(), one.start()):
            break
        near.append(one[0])
    return near


def _after_forenames(near: list[str], form: str, count: int, *, strict: bool) -> tuple[int, bool]:
    """Return the length and form of a name that begins with ``count`` forenames."""
    if count == len(near):
        # "Jan Marian": the last of several may be a surname, in the list of surnames only.
        if count > 1 and near[-1].upper() in SURNAMES:
            return count, form == "nominative"
        return 0, False
    surname = near[count]
    if _ROMAN.fullmatch(surname) or not _is_surname(surname, strict=strict):
        return 0, False
    return count + 1, _is_nominative(near[0], form, surname)


def _is_nominative(forename: str, form: str, surname: str) -> bool:
    if form != "nominative" or _OBLIQUE_SURNAME.fullmatch(surname):
        return False
    if forename.upper() not in _both_sexes():
        return True
    # "Stanisława Moniuszki" is he, "Stanisława Kowalska" is she.
    return bool(_STRONG.fullmatch(surname)) or surname.upper() in SURNAMES


@cache
def _surnames() -> frozenset[str]:
    """Frequent surnames in every case, without diacritics."""
    return frozenset(
        fold(form) for name in SURNAMES for form in (name, *_oblique(name), name + "OWIE")
    )


def _is_surname(word: str, *, strict: bool) -> bool:
    upper = word.upper()
    if any(upper.startswith(one) for one in FAMOUS):
        return False
    if fold(word) in _surnames() or _STRONG.fullmatch(word):
        return not _BODY.match(fold(word))
    return not strict and len(word) > 2 and word[0].isupper() and not _BODY.match(fold(word))


def _is_patron(name: Name, before: list[str]) -> bool:
    if any(_NAMED_AFTER.fullmatch(word) for word in before[-1:]):
        return True
    return not name.nominative and any(_PATRON.fullmatch(word) for word in before)


@cache
def _both_sexes() -> frozenset[str]:
    return FEMALE & {form for name in MALE for form in _oblique(name)}


@cache
def _forms() -> dict[str, str]:
    """Every form of every forename, with and without diacritics."""
    forms = {form: "oblique" for name in (*MALE, *FEMALE) for form in _oblique(name)}
    forms |= dict.fromkeys((*MALE, *FEMALE), "nominative")
    return {fold(form): kind for form, kind in forms.items()} | {
        fold(form): "nominative" for form in (*MALE, *FEMALE)
    }


def _form(word: str) -> str:
    if not word[0].isupper():
        return ""
    return _forms().get(fold(word), "")


def _oblique(name: str) -> Iterator[str]:
    """Yield the cases of a forename but for the nominative (and some that are none)."""
    if name.endswith(("Y", "I")):
        yield from (
            (name + "EGO", name + "EMU", name + "M")
            if name.endswith("I")
            else (name[:-1] + "EGO", name[:-1] + "EMU", name[:-1] + "YM")
        )
        return
    if name.endswith("A"):
        stem = name[:-1]
        yield from (stem + "Ę", stem + "Ą", stem + "O")
        yield from (stem + "I",) if stem.endswith(("I", "J", "L", "K", "G")) else (stem + "Y",)
        if stem.endswith("I"):
            yield stem + "I"
        for end, soft in (("K", "CE"), ("T", "CIE"), ("R", "RZE"), ("D", "DZIE"), ("Ł", "LE")):
            if stem.endswith(end):
                yield stem[: -len(end)] + soft
        yield stem + "IE"
        return
    stem = name
    for end, short in (("EK", "K"), ("EŁ", "Ł"), ("IEC", "C"), ("ECH", "CH")):
        if name.endswith(end) and name not in {"LECH", "WOJCIECH"}:
            stem = name[: -len(end)] + short
            break
    soft = "I" if stem.endswith(("K", "G")) else ""
    yield from (stem + "A", stem + "OWI", stem + soft + "EM", stem + "IE", stem + "U")
