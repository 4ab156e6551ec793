"""What links, fields and formulas of documents tell the program that opens them to do.

They are the same in every format of an office: a Word field is one in DOCX and in RTF, a function
that fetches one in XLSX and in ODS.
"""

from __future__ import annotations

import re

#: A document that fetches something from elsewhere, or starts a program.
EXTERNAL = "external"

#: Addresses by which a click runs a macro, a script or a program's own command.
_RUNNING = re.compile(
    r"(?:(?:java|vb|j|live)script|macro|vnd\.sun\.star\.[\w.-]{1,99}|slot|service|private|\.uno"
    r"|shell|ms-[\w-]{1,99}|search(?:-ms)?|hcp|its|mk|res|cmd):.",
    re.IGNORECASE,
)
#: What an address of a program's own link begins with that leads to a page or a mailbox.
_OF_THE_WEB = ("http:", "https:", "mailto:", "ftp:", "ftps:", "tel:")

#: A field's name is its first word; what it is told may have any words in it.
_FIELD = re.compile(
    r"\bDDE(?:AUTO)?\b|\A\W{0,99}(?:INCLUDETEXT|INCLUDE|IMPORT|LINK|RD|CONTROL)\s{1,9}\S"
    r"|\A\W{0,99}(?:DATABASE\s{1,9}\\|PRINT\s{1,9}[\\\"\d])"
    r"|\bQUOTE(?:\s{1,9}\d{2,3}){3}",  # which writes another field's name by numbers
    re.IGNORECASE,
)
_OF_ADDRESS = re.compile(r"\A\W{0,99}(INCLUDEPICTURE|HYPERLINK)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s\"\u201c\u201d]+")

#: Functions that fetch something or run something, of Excel, Calc and Google's tables.
_FETCHING_FUNCTIONS = """
    webservice image importtext importcsv importxml importdata importhtml importrange importfeed
    stockhistory translate detectlanguage copilot py googlefinance googletranslate
    cubekpimember cubemember cubememberproperty cuberankedmember cubeset cubesetcount cubevalue
    rtd dde call register exec execute initiate files fopen request
"""
_FETCHING = frozenset(_FETCHING_FUNCTIONS.split())
#: Names of functions, without what stands before their last dot (`_xlfn.`, `SQL.`).
_FUNCTION = re.compile(r"(?<![^\W_])([a-z]+)(?:\.id)?\s{0,9}\(", re.IGNORECASE)
_TEXT = re.compile(r'"[^"]*"')
_LINK_OF_CELL = re.compile(r'(?<!\w)HYPERLINK\s{0,9}\(\s{0,9}"([^"]{0,300})', re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?:file|https?|ftp|smb):|\\\\", re.IGNORECASE)
_CONSTANT = re.compile(r"\{[^{}]*\}")
_QUOTED_SHEET = re.compile(r"'([^']*)'!")
_BOOK = re.compile(r"\[([^\[\]]{1,300})\][\w.]{0,100}'?!")
_QUOTED_FILE = re.compile(r"'[^']*'#")
_DDE = re.compile(r"\|[^|]*!")
#: Whatever quotes of names and texts make of a formula.
_IN_QUOTES = re.compile(
    r"\|\s{0,9}'[^'|]{0,300}'!|(?:file:|https?:|\\\\)[^\"\[\]:]{0,300}\[[^\[\]\"]{1,300}\][^'\"]{0,99}'!",
    re.IGNORECASE,
)
#: Excel takes 8 192 characters.
LONGEST_FORMULA = 100_000
#: How formulas of OpenDocument begin that are written as Excel writes them.
_OF_EXCEL = "msoxl:"


def is_remote(target: str) -> bool:
    """Whether an address leads to another machine; a path on this one and a part do not.

    :param target: as a document has it
    """
    address = target.strip().lower().replace("\\", "/")
    scheme, colon, rest = address.partition(":")
    if address.startswith("//"):
        return True
    if not colon or "/" in scheme or len(scheme) == 1:  # a path, or a drive's letter
        return False
    if scheme != "file":
        return scheme not in ("data", "mailto", "urn", "tel")
    host = rest[2:].partition("/")[0] if rest.startswith("//") else ""
    return host not in ("", "localhost") or rest.startswith("////")


def runs(target: str) -> bool:
    """Whether a click on an address runs a macro, a script or a command.

    :param target: as a document has it
    """
    return bool(_RUNNING.match(re.sub(r"[\x00-\x20]", "", target[:500])))


def is_harmful_field(instruction: str) -> bool:
    """Whether a field of a text document fetches something, or starts a program.

    Links to pages, numbers, days, contents and the like do not; nor does a picture of this machine
    or of a letter (``cid:``).

    :param instruction: what the field is told, such as `HYPERLINK "https://www.leszno.pl/"`
    """
    if _FIELD.search(instruction):
        return True
    named = _OF_ADDRESS.match(instruction)
    if named is None:
        return False
    words = _BETWEEN.split(instruction[named.end() :])
    return any(map(runs if named[1].upper() == "HYPERLINK" else _is_elsewhere, words))


def _is_elsewhere(picture: str) -> bool:
    address = picture.lower()
    return not address.startswith("cid:") and (is_remote(address) or address.startswith("file:"))


def is_harmful_formula(formula: str, *, of_excel: bool = True) -> bool:
    """Whether a formula of a table fetches something, starts a program or reads another file.

    :param formula: as its file has it
    :param of_excel: whether it is written as Excel writes it; those of OpenDocument say so
        themselves where they are
    """
    if len(formula) > LONGEST_FORMULA or _IN_QUOTES.search(formula):
        return True
    functions = set(_FUNCTION.findall(formula.lower()))
    if functions & _FETCHING or ("indirect" in functions and _ELSEWHERE.search(formula)):
        return True
    links = _LINK_OF_CELL.findall(formula) if "hyperlink" in functions else ()
    if any(map(_leads_away, links)):
        return True
    bare = _TEXT.sub('""', formula)
    if of_excel or bare.lower().startswith(_OF_EXCEL):
        return _is_of_another_book(bare)
    return bool(_QUOTED_FILE.search(bare))


def _leads_away(address: str) -> bool:
    return runs(address) or (is_remote(address) and not address.lower().startswith(_OF_THE_WEB))


def _is_of_another_book(bare: str) -> bool:
    if any({"/", "\\"} & set(found[1]) for found in _QUOTED_SHEET.finditer(bare)):
        return True
    # A number is that of a book which the workbook lists, and its list is looked at.
    if any(not found[1].isdigit() for found in _BOOK.finditer(bare)):
        return True
    without = re.sub(r"\[[^\[\]]*\]|'[^']*'", "''", _CONSTANT.sub("", bare))
    return bool(_DDE.search(without))
