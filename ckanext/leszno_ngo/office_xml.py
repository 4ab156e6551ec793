"""What documents of offices and maps tell programs to do, where they are XML, by its namespaces.

A document of Word is one in a part of a DOCX, in a single file of XML (Word 2003), and in one that
has all of the parts in it ("flat OPC"); so each rule is of a namespace, wherever it stands.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from ckanext.leszno_ngo import file_kinds, instructions
from ckanext.leszno_ngo.instructions import EXTERNAL

ACTIVE = "active"
MACROS = "macros"
EMBEDDED = "embedded"
ENCRYPTED = "encrypted"
PROGRAM = "program"

#: Roots without a namespace of files that start programs or play what is elsewhere.
PROGRAMS = frozenset(["jnlp", "scriptlet", "asx", "pcsettings"])
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_LOCATIONS = (f"{_INSTANCE} schemaLocation", f"{_INSTANCE} noNamespaceSchemaLocation")
_SHARE = re.compile(r"\\\\|smb:|file:/{2}(?!/|localhost)|file:/{4}", re.IGNORECASE)
_XLINK = "http://www.w3.org/1999/xlink"
_XLINK_HREF = f"{_XLINK} href"
_XLINK_SHOW = f"{_XLINK} show"
_SCHEMAS = ("http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/")
_MICROSOFT = "http://schemas.microsoft.com/"
_OFFICE = "urn:schemas-microsoft-com:office:"
_EXCEL_2003 = (f"{_OFFICE}spreadsheet", f"{_OFFICE}excel")
_VML = ("urn:schemas-microsoft-com:vml", f"{_OFFICE}office")
_WORD_2003 = f"{_MICROSOFT}office/word/2003/wordml"
_PACKAGE = f"{_MICROSOFT}office/2006/xmlPackage"
#: Namespaces of Word documents.
WORD = (
    f"{_SCHEMAS[0]}wordprocessingml/2006/main",
    f"{_SCHEMAS[1]}wordprocessingml/main",
    _WORD_2003,
)
#: Parts of tables, of which there are many megabytes.
TABLES = (f"{_SCHEMAS[0]}spreadsheetml/2006/main", f"{_SCHEMAS[1]}spreadsheetml/main")
_EXTENDED_TABLES = f"{_MICROSOFT}office/excel/2006/main"
_ODF = (
    "urn:oasis:names:tc:opendocument:xmlns:",
    "http://openoffice.org/",
    "urn:org:documentfoundation:names:",
)
MAP = "http://www.opengis.net/kml/2.2"
#: Layers and rasters of maps that are put together of others (GDAL's VRT); it has no namespace.
_LAYERS = "vrt"
#: Scripts of Windows and components of them, which have no namespace either (WSF, WSC).
_SCRIPTS = "script"
_ROOTS = {
    "kml": MAP,
    **dict.fromkeys(["ogrvrtdatasource", "vrtdataset"], _LAYERS),
    **dict.fromkeys(["job", "package", "component"], _SCRIPTS),
}
#: Elements with an address that a program fetches: of layers, and of the panel of a document's
#: properties that SharePoint has Word show.
_ADDRESSES = frozenset(
    [
        (_LAYERS, "SrcDataSource"),
        (_LAYERS, "SourceFilename"),
        (f"{_MICROSOFT}office/2006/metadata/customXsn", "xsnLocation"),
    ]
)
#: Files that GDAL fetches (not those that it unpacks: `/vsizip/`).
_FETCHED = re.compile(r"/vsi(?:curl|s3|gs|az|adls|oss|swift|hdfs|webhdfs)", re.IGNORECASE)
_MAPS = ("http://www.opengis.net/kml/", "http://earth.google.com/kml/", "http://www.google.com/kml")

_YES = frozenset(["yes", "true", "on", "1"])
#: Ends of kinds of relationships between parts, in small letters.
_KINDS = {
    **dict.fromkeys(
        # Values of other books; templates and documents that this one is put together of.
        ("/externallink", "/externallinkpath", "/connections", "/xlexternallinkpath", "/frame")
        + ("/querytable", "/subdocument", "/mailmergesource", "/mailmergeheadersource")
        + ("/webextension", "/webextensiontaskpanes"),
        EXTERNAL,
    ),
    **dict.fromkeys(
        ("/vbaproject", "/wordvbadata", "/xlmacrosheet", "/xlintlmacrosheet", "/control")
        + ("/attachedtoolbars", "/activexcontrolbinary", "/ui/extensibility")
        + ("/ui/usercustomization",),
        MACROS,
    ),
    "/afchunk": EMBEDDED,
    "/powerpivotdata": EMBEDDED,
}
_OF_OBJECTS = ("/oleobject", "/package")
_MACRO_TYPES = ("vbaproject", "macroenabled", "macrosheet")

_FORMULA_NAMES = (
    *("f", "formula", "formula1", "formula2", "definedName", "oldFormula"),
    *("calculatedColumnFormula", "totalsRowFormula"),
)
#: Formulas of tables, each with its namespace.
FORMULAS = frozenset(
    f"{space} {name}" for space in (*TABLES, _EXTENDED_TABLES) for name in _FORMULA_NAMES
)
#: What in a table takes its values from elsewhere.
SOURCES_OF_TABLES = frozenset(
    f"{space} {name}"
    for space in TABLES
    for name in (
        "ddeLink",
        "oleLink",
        "connection",
        "dbPr",
        "webPr",
        "olapPr",
        "queryTable",
        "volType",
        "webPublishItem",
    )
)
_FORMULAS_OF_2003 = frozenset(["Value", "Value1", "Value2", "Formula", "FmlaLink", "FmlaRange"])
_SOURCES_OF_2003 = frozenset(
    ["SupBook", "QueryTable", "QuerySource", "Connection", "URLString", "CommandText", "OleLink"]
)
#: What is told of the letters that a document is merged into.
_OF_MERGES = frozenset(["connectString", "query", "dataSource", "headerSource", "odso"])
_IN_WORD = {
    **dict.fromkeys(_OF_MERGES, EXTERNAL),
    "subDoc": EXTERNAL,
    "altChunk": EMBEDDED,
    "docOleData": EMBEDDED,
    "docSuppData": MACROS,
    "ocx": MACROS,
    "control": MACROS,
}
_ADDRESSES_IN_WORD = frozenset(
    ["attachedTemplate", "sourceFileName", "saveThroughXslt", "saveThroughXSLT", "frame"]
)
_IN_ODF = {
    **dict.fromkeys(["dde-source", "dde-link", "dde-connection-decl"], EXTERNAL),
    **dict.fromkeys(
        ["database-source-sql", "database-source-table", "database-source-query"]
        + ["source-service", "connection-resource", "database-display", "database-next"]
        + ["database-name", "database-row-select", "database-row-number"],
        EXTERNAL,
    ),
    **dict.fromkeys(
        ["event-listener", "execute-macro", "source-code", "byte-code", "applet", "module"]
        + ["library-linked"],
        MACROS,
    ),
    "encryption-data": ENCRYPTED,
}
_OF_OTHER_FILES = frozenset(
    ["table-source", "section-source", "cell-range-source", "floating-frame"]
)
_SCRIPT_IN_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 script"
_OF_FORMULAS = (" formula", " expression", " condition")
#: Cells of a drawing of Visio that run something.
_RUNNING_CELL = re.compile(
    r"\b(?:RUN\w+|CALLTHIS|OPENFILE|DOCMD|HYPERLINK)\s{0,9}\(", re.IGNORECASE
)
_IN_VISIO = {
    "VBProjectData": MACROS,
    "EventItem": MACROS,
    "DataConnection": EXTERNAL,
}
#: What clicks on a slide do.
_CLICKS = frozenset(["hlinkClick", "hlinkHover", "hlinkMouseOver"])
_RUNNING_CLICKS = ("ppaction://program", "ppaction://macro", "ppaction://ole")
#: Elements that hold a file, written in letters (base64).
_FILES = frozenset(
    [
        f"{_WORD_2003} binData",
        f"{_PACKAGE} binaryData",
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0 binary-data",
        "http://openoffice.org/2000/office binary-data",
        f"{_MICROSOFT}visio/2003/core ForeignData",
    ]
)

#: Programs in projects of maps and in descriptions of rasters (QGIS, GDAL).
_IN_OTHERS: dict[str, Callable[[str], str]] = {
    "pythonCode": lambda text: MACROS if text.strip() else "",
    "PixelFunctionLanguage": lambda text: MACROS if "python" in text.lower() else "",
}
_PROGRAMS = frozenset(
    ["Word.Document", "Excel.Sheet", "PowerPoint.Show", "InfoPath.Document", "Visio.Drawing"]
    + ["MSProject.Project", "OneNote.Notebook"]
)
#: Who publishes grammars (DTD) that programs know without fetching them.
_KNOWN_GRAMMARS = frozenset(
    ["www.w3.org", "java.sun.com", "www.apple.com", "my.netscape.com", "www.oasis-open.org"]
    + ["openoffice.org", "www.openoffice.org"]
)
_PSEUDO = re.compile(
    r"(?<![\w:.-])([\w:.-]{1,99})\s{0,9}=\s{0,9}(?:\"([^\"]{0,2000})\"|'([^']{0,2000})')"
)

Judge = Callable[[str], str]
_Rule = Callable[[str, str, Mapping[str, str]], str]


def of_root(space: str, name: str) -> str:
    """Tell what a file is by its first element.

    :param space: its namespace
    :param name: its name in it
    :returns: why the file is not taken; empty for nothing
    """
    return ACTIVE if not space and name.lower() in PROGRAMS else ""


def of_element(space: str, name: str, attributes: Mapping[str, str]) -> str:
    """Tell what an element does.

    :param space: its namespace
    :param name: its name in it
    :param attributes: its attributes, each with its namespace and a space before its name
    :returns: why the file is not taken; empty for nothing
    """
    for rule in _rules_of(space):
        code = rule(f"{space} {name}", name, attributes)
        if code:
            return code
    return of_any(name, attributes)


def space_by_root(root: str) -> str:
    """Return the namespace of a file that has none, of those known by their first element.

    :param root: its first element's name
    """
    return _ROOTS.get(root.lower(), "")


def has_rules(space: str) -> bool:
    """Whether a namespace is one of documents that programs of offices open.

    :param space: the namespace
    """
    return bool(_rules_of(space))


@lru_cache(maxsize=256)
def _rules_of(space: str) -> tuple[_Rule, ...]:
    return tuple(rule for beginning, rule in _RULES if space.startswith(beginning))


@lru_cache(maxsize=1024)
def judge_of(space: str, name: str) -> Judge | None:
    """Return what looks at an element's text; none where nothing does.

    :param space: its namespace
    :param name: its name in it
    """
    if f"{space} {name}" in FORMULAS or (space in _EXCEL_2003 and name in _FORMULAS_OF_2003):
        return of_formula
    if name == "FmlaMacro":
        return lambda text: MACROS if text.strip() else ""
    if name == "Link" and space.startswith(_MAPS):
        return lambda text: EXTERNAL if any(map(instructions.is_remote, text.split())) else ""
    if name == "href" and space.startswith(_MAPS):
        return lambda text: EXTERNAL if _is_share(text) else ""
    if name in ("styleUrl", "targetHref") and space.startswith(_MAPS):
        return _of_address
    if (space, name) in _ADDRESSES:
        return _of_address
    if name == "link":  # of a feed
        return lambda text: ACTIVE if instructions.runs(text) else ""
    if name in _IN_OTHERS:
        return _IN_OTHERS[name]
    if name == "script" and space.startswith(_ODF):
        return lambda text: MACROS if text.strip() else ""
    return None


@lru_cache(maxsize=1024)
def holds_file(space: str, name: str) -> bool:
    """Whether an element's text is a file in letters (base64).

    :param space: its namespace
    :param name: its name in it
    """
    return f"{space} {name}" in _FILES


def of_instruction(target: str, data: str) -> str:
    """Tell what a processing instruction does.

    :param target: its first word
    :param data: the others
    :returns: why the file is not taken; empty for nothing
    """
    told = [
        (name.lower(), html.unescape(first or second))
        for name, first, second in _PSEUDO.findall(data)
    ]
    addresses = [value for name, value in told if name == "href"]
    are_elsewhere = any(map(_is_elsewhere, addresses))
    if target.lower() == "mso-application":
        programs = {value for name, value in told if name == "progid"}
        return "" if programs <= _PROGRAMS else ACTIVE
    if target.lower() == "mso-infopathsolution":
        return EXTERNAL if are_elsewhere else ""
    if target == "xml-stylesheet":
        return ACTIVE if not any(addresses) or are_elsewhere else ""
    return ""


def _is_elsewhere(address: str) -> bool:
    return instructions.is_remote(address) or address.strip().lower().startswith("data:")


def of_grammar(system: str | None) -> str:
    """Tell whether a grammar (DTD) is taken from elsewhere.

    :param system: its address
    :returns: why the file is not taken; empty for nothing
    """
    if not system or not instructions.is_remote(system):
        return ""
    try:
        parts = urlsplit(system)
    except ValueError:
        return ACTIVE
    is_known = parts.scheme in ("http", "https") and parts.hostname in _KNOWN_GRAMMARS
    return "" if is_known else ACTIVE


def of_formula(text: str) -> str:
    """Tell what a formula does, written as Excel writes it.

    :param text: the formula
    :returns: why the file is not taken; empty for nothing
    """
    return EXTERNAL if instructions.is_harmful_formula(text) else ""


def _of_address(text: str) -> str:
    return EXTERNAL if instructions.is_remote(text) or _FETCHED.match(text.strip()) else ""


def _is_share(address: str) -> bool:
    is_page = address.strip().lower().startswith(("http:", "https:"))
    return instructions.is_remote(address) and not is_page


def _plain(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return attributes by their names alone, in small letters."""
    return {full.rpartition(" ")[2].lower(): value for full, value in attributes.items()}


def of_any(name: str, attributes: Mapping[str, str]) -> str:
    """Tell what an element of any namespace does.

    :param name: its name
    :param attributes: its attributes, each with its namespace and a space before its name
    :returns: why the file is not taken; empty for nothing
    """
    if name in _CLICKS and attributes.get("action", "").lower().startswith(_RUNNING_CLICKS):
        return EXTERNAL
    if "embeddedHtml" in attributes:  # a film that a page shows
        return EXTERNAL
    for location in _LOCATIONS:
        if location in attributes and any(map(_SHARE.match, attributes[location].split())):
            return EXTERNAL
    target = attributes.get(_XLINK_HREF) or attributes.get("href", "")
    if not target:
        return ""
    if instructions.runs(target):
        return ACTIVE
    if _SHARE.match(target.strip()):
        return EXTERNAL
    is_put_in = attributes.get(_XLINK_SHOW, "").lower() == "embed"
    return EXTERNAL if is_put_in and instructions.is_remote(target) else ""


def _of_relationship(_full: str, _name: str, attributes: Mapping[str, str]) -> str:
    kind, target = attributes.get("Type", "").lower(), attributes.get("Target", "")
    for ending, code in _KINDS.items():
        if kind.endswith(ending):
            return code
    is_outside = attributes.get("TargetMode", "").lower() == "external"
    if kind.endswith("/hyperlink"):
        return EXTERNAL if instructions.runs(target) else ""
    is_object = is_outside and kind.endswith(_OF_OBJECTS)
    return EXTERNAL if is_object or instructions.is_remote(target) else ""


def _of_type(_full: str, _name: str, attributes: Mapping[str, str]) -> str:
    kind = attributes.get("ContentType", "").lower()
    return MACROS if any(one in kind for one in _MACRO_TYPES) else ""


def _of_part(_full: str, _name: str, attributes: Mapping[str, str]) -> str:
    """A part of a document that has them all in one file."""
    told = _plain(attributes)
    part, kind = told.get("name", "").lower(), told.get("contenttype", "").lower()
    ending = file_kinds.ending(part)
    is_macro = part.endswith("vbaproject.bin") or "/macrosheets/" in part
    if is_macro or ending in file_kinds.MACROS or any(one in kind for one in _MACRO_TYPES):
        return MACROS
    return PROGRAM if ending in file_kinds.RUNNING else ""


def _of_word(_full: str, name: str, attributes: Mapping[str, str]) -> str:
    if name in _IN_WORD:
        return _IN_WORD[name]
    told = _plain(attributes)
    if {told.get("macrospresent", ""), told.get("ocxpresent", "")} & _YES:
        return MACROS
    if told.get("embeddedobjpresent", "") in _YES:
        return EMBEDDED
    if instructions.is_harmful_field(told.get("instr", "")):
        return EXTERNAL
    if name in _ADDRESSES_IN_WORD and any(map(instructions.is_remote, told.values())):
        return EXTERNAL
    return EXTERNAL if instructions.runs(told.get("dest", "")) else ""


def _of_excel_2003(_full: str, name: str, attributes: Mapping[str, str]) -> str:
    if name in _SOURCES_OF_2003:
        return EXTERNAL
    told = _plain(attributes)
    formulas = (told.get("formula", ""), told.get("refersto", ""))
    is_harmful = any(map(instructions.is_harmful_formula, formulas))
    return EXTERNAL if is_harmful or instructions.runs(told.get("href", "")) else ""


def _of_table(full: str, _name: str, _attributes: Mapping[str, str]) -> str:
    return EXTERNAL if full in SOURCES_OF_TABLES else ""


def _of_extended_table(_full: str, name: str, _attributes: Mapping[str, str]) -> str:
    return MACROS if name == "macrosheet" else ""


def _of_drawing(_full: str, _name: str, attributes: Mapping[str, str]) -> str:
    told = (attributes.get("macro", ""), attributes.get("fmlaMacro", ""))
    return MACROS if any(map(str.strip, told)) else ""


def _of_slide(_full: str, name: str, attributes: Mapping[str, str]) -> str:
    # A verb is that of an object in it: it opens the program that made the object.
    return MACROS if name == "cmd" and attributes.get("type", "").lower() == "verb" else ""


def _of_vml(_full: str, name: str, attributes: Mapping[str, str]) -> str:
    told = _plain(attributes)
    if name == "OLEObject" and told.get("type", "").lower() == "link":
        return EXTERNAL
    sources = [told.get("src", ""), told.get("althref", "")]
    if name in ("imagedata", "fill", "stroke"):
        sources.append(told.get("href", ""))
    # Pictures of Word 2003 are in the file itself, under such an address.
    is_fetched = any(instructions.is_remote(one) and one[:7] != "wordml:" for one in sources)
    return EXTERNAL if is_fetched or instructions.runs(told.get("href", "")) else ""


def _of_visio(_full: str, name: str, attributes: Mapping[str, str]) -> str:
    if name in _IN_VISIO:
        return _IN_VISIO[name]
    told = _plain(attributes)
    if told.get("foreigntype", "").lower() == "object":
        return EMBEDDED
    if _RUNNING_CELL.search(told.get("f", "")):
        return MACROS
    return EXTERNAL if instructions.runs(told.get("address", "")) else ""


def _of_macros(_full: str, _name: str, _attributes: Mapping[str, str]) -> str:
    return MACROS


def _of_settings(_full: str, _name: str, attributes: Mapping[str, str]) -> str:
    """Menus and keys of a document's own."""
    return MACROS if any(map(instructions.runs, attributes.values())) else ""


def _of_extension(_full: str, _name: str, _attributes: Mapping[str, str]) -> str:
    return EXTERNAL


def _of_keys(_full: str, name: str, _attributes: Mapping[str, str]) -> str:
    return MACROS if name in ("macro", "mcd") else ""


def _of_xforms(_full: str, _name: str, attributes: Mapping[str, str]) -> str:
    told = _plain(attributes)
    addresses = (told.get(one, "") for one in ("src", "resource", "action"))
    return EXTERNAL if any(map(instructions.is_remote, addresses)) else ""


def _of_inclusion(_full: str, _name: str, attributes: Mapping[str, str]) -> str:
    address = attributes.get("href", "")
    return EXTERNAL if instructions.is_remote(address) or address[:5].lower() == "file:" else ""


def _of_map(_full: str, name: str, attributes: Mapping[str, str]) -> str:
    is_other = name in ("NetworkLink", "NetworkLinkControl")
    return EXTERNAL if is_other or instructions.is_remote(attributes.get("schemaUrl", "")) else ""


def _of_form(_full: str, name: str, attributes: Mapping[str, str]) -> str:
    """A form of Acrobat (XFA, XFDF)."""
    if name == "script":
        return MACROS
    return EXTERNAL if instructions.is_remote(attributes.get("href", "")) else ""


def _of_program(_full: str, _name: str, _attributes: Mapping[str, str]) -> str:
    return ACTIVE


def _of_script(_full: str, name: str, _attributes: Mapping[str, str]) -> str:
    return ACTIVE if name.lower() == "script" else ""


def _of_odf(full: str, name: str, attributes: Mapping[str, str]) -> str:
    target = attributes.get(_XLINK_HREF, "")
    if name in _IN_ODF:
        return _IN_ODF[name]
    if full == _SCRIPT_IN_TEXT or instructions.runs(target):
        return MACROS
    if name in _OF_OTHER_FILES and target and not target.startswith("#"):
        return EXTERNAL
    if name != "a" and instructions.is_remote(target):
        return EXTERNAL
    for attribute, value in attributes.items():
        if attribute.endswith(" macro-name") or (
            attribute.endswith(" command") and value == "verb"
        ):
            return MACROS
        is_formula = attribute.endswith(_OF_FORMULAS) or name == "condition"
        if is_formula and instructions.is_harmful_formula(value, of_excel=False):
            return EXTERNAL
    return ""


_OF_PARTS = tuple(f"{schema}package/2006/" for schema in _SCHEMAS)
_OF_DRAWINGS = tuple(
    f"{schema}drawingml/{kind}"
    for schema in _SCHEMAS
    for kind in (
        "2006/spreadsheetDrawing",
        "2006/chartDrawing",
        "spreadsheetDrawing",
        "chartDrawing",
    )
)
#: Beginnings of namespaces, and the rule of each.
_RULES: tuple[tuple[str | tuple[str, ...], _Rule], ...] = (
    (_ODF, _of_odf),
    (TABLES, _of_table),
    (WORD, _of_word),
    (tuple(f"{one}relationships" for one in _OF_PARTS), _of_relationship),
    (tuple(f"{one}content-types" for one in _OF_PARTS), _of_type),
    (_PACKAGE, _of_part),
    (_EXCEL_2003, _of_excel_2003),
    (_EXTENDED_TABLES, _of_extended_table),
    (_VML, _of_vml),
    ((*_OF_DRAWINGS, f"{_MICROSOFT}office/spreadsheetml/"), _of_drawing),
    (f"{_MICROSOFT}office/2006/activeX", _of_macros),
    (f"{_MICROSOFT}DataMashup", _of_extension),
    ("http://openoffice.org/2001/", _of_settings),
    (tuple(f"{schema}presentationml/" for schema in _SCHEMAS), _of_slide),
    ((f"{_MICROSOFT}visio/", f"{_MICROSOFT}office/visio/"), _of_visio),
    (
        (f"{_MICROSOFT}office/2006/01/customui", f"{_MICROSOFT}office/2009/07/customui"),
        _of_macros,
    ),
    (f"{_MICROSOFT}office/webextensions/", _of_extension),
    (f"{_MICROSOFT}office/word/2006/wordml", _of_keys),
    ("http://www.w3.org/2002/xforms", _of_xforms),
    ("http://www.w3.org/2001/XInclude", _of_inclusion),
    (_MAPS, _of_map),
    (("http://www.xfa.org/", "http://ns.adobe.com/xfdf/", "http://ns.adobe.com/xdp/"), _of_form),
    (
        (f"{_MICROSOFT}winfx/", f"{_MICROSOFT}windows/2009/", f"{_MICROSOFT}Search/")
        + (f"{_MICROSOFT}developer/msbuild/", f"{_MICROSOFT}windows/2004/02/mit/task"),
        _of_program,
    ),
    (_SCRIPTS, _of_script),
)
