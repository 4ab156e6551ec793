"""What a file is, told by its name and by its content (libmagic), and whether both agree.

A name alone says nothing (``wirus.exe`` is called ``raport.pdf`` in a second), and content alone
little: a script is a text to libmagic. So the ending must be one that is allowed, and the content
one that files with this ending have.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from pathlib import PurePath

import magic

from ckanext.leszno_ngo import file_formats

#: How much of a file is looked at (bytes).
HEAD = 1 << 16
#: How much of it libmagic is given: it needs 2 kB to know an office document.
_OF_MAGIC = 4096
#: The beginning that libmagic is given as it is: the header of a tar has a checksum.
_HEADER = 512
#: White space, also of UTF-16. The cost of libmagic's patterns for texts grows with the square of
#: its length, so what is beyond a few signs is left out.
_WHITE = re.compile(rb"(?:\0?[ \t\n\r\v\f]){17,}")
_KEPT_WHITE = 32

_TEXT = ("text/", "application/json", "application/x-ndjson", "application/xml", "image/svg+xml")
_ZIP = ("application/zip", "application/vnd.openxmlformats-officedocument.", "application/epub+zip")
_OPEN_DOCUMENT = (*_ZIP, "application/vnd.oasis.opendocument.")
_OLE = (
    "application/cdfv2",
    "application/x-ole-storage",
    "application/msword",
    "application/vnd.ms-",
)

#: Endings → beginnings of the MIME types that files with them have. A text is any of ``_TEXT``.
_CONTENT: dict[tuple[str, ...], tuple[str, ...]] = {
    ("csv", "tsv", "txt", "md", "json", "jsonl", "ndjson", "geojson", "jsonld", "topojson"): _TEXT,
    ("ttl", "n3", "nt", "nq", "trig", "ics", "yaml", "yml", "prj", "cpg", "po"): _TEXT,
    ("xml", "rdf", "atom", "rss", "gml", "kml", "gpx", "xsd", "html", "htm", "svg"): _TEXT,
    ("pdf",): ("application/pdf",),
    ("rtf",): ("text/rtf", "application/rtf"),
    ("docx", "xlsx", "pptx", "kmz", "zip", "epub"): _ZIP,
    ("odt", "ods", "odp", "odg"): _OPEN_DOCUMENT,
    ("doc",): (*_OLE, "text/rtf"),
    ("xls", "ppt"): _OLE,
    ("png",): ("image/png",),
    ("jpg", "jpeg"): ("image/jpeg",),
    ("gif",): ("image/gif",),
    ("webp",): ("image/webp",),
    ("tif", "tiff"): ("image/tiff",),
    ("bmp",): ("image/bmp", "image/x-ms-bmp"),
    ("gz", "tgz"): ("application/gzip", "application/x-gzip"),
    ("tar",): ("application/x-tar",),
    ("bz2",): ("application/x-bzip2",),
    ("xz",): ("application/x-xz",),
}
_PACKED = [
    content for endings, content in _CONTENT.items() if {"gz", "tar", "bz2", "xz"} & {*endings}
]
_EXPECTED = {ending: content for endings, content in _CONTENT.items() for ending in endings}
#: Kinds whose first sign may be ``<`` though they are no markup.
_RDF = frozenset(("ttl", "n3", "nt", "nq", "trig"))
#: Kinds in which markup is no surprise; elsewhere it is a page under another name.
_MARKUP = frozenset(("xml", "rdf", "atom", "rss", "gml", "kml", "gpx", "xsd", "html", "htm", "svg"))
#: How files begin that zip programs wrote in an order which libmagic does not know.
_ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")

#: What runs, whatever it is called (beginnings of MIME types).
_RUNS = (
    "application/vnd.microsoft.portable-executable",
    "application/x-msdownload",
    "application/x-ms-shortcut",
    "application/x-msi",
    "application/x-executable",
    "application/x-pie-executable",
    "application/x-sharedlib",
    "application/x-object",
    "application/x-elf",
    "application/x-mach-binary",
    "application/x-java-applet",
    "application/java-archive",
    "application/vnd.android.package-archive",
    "application/x-shellscript",
    "application/javascript",
    "text/javascript",
    "text/x-shellscript",
    "text/x-msdos-batch",
    "text/x-php",
    "text/x-perl",
    "text/x-python",
    "text/x-script.python",
    "text/x-ruby",
    "text/x-lua",
    "text/x-tcl",
    "text/x-awk",
)
#: How lines of a script begin, wherever in a text it starts.
_SCRIPT = re.compile(
    rb"(?:\A|[\r\n])[ \t\f\v]*(?:#![ \t]*/|<\?php\b|<\?=|@echo[ \t]+off\b)", re.IGNORECASE
)
#: How lines of a page begin that does something when it is opened.
_PAGE = re.compile(rb"(?:\A|[\r\n])[ \t\f\v]*<(?:!doctype\s+html|html|script|svg)\b", re.IGNORECASE)
#: What libmagic knows by a signature. A text in UTF-16 without a mark is any picture to it.
_NO_TEXTS = tuple({kind for kinds in _CONTENT.values() if kinds is not _TEXT for kind in kinds})
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
#: Encodings → which of four bytes are mostly NUL, and which are not.
_BY_NULS = {
    "utf-32-le": ((2, 3), (0,)),
    "utf-32-be": ((0, 1), (3,)),
    "utf-16-le": ((1, 3), (0, 2)),
    "utf-16-be": ((0, 2), (1, 3)),
}
_PROGRAM_OF_WINDOWS = "application/x-dosexec"
#: How files begin that are no programs and no archives, whatever follows.
PLAIN = (b"<?xml", b"\x89PNG\r\n", b"\xff\xd8\xff", b"%PDF-")

#: Archives whose content is not looked into (beginnings of MIME types), so none is taken.
UNREADABLE = (
    "application/vnd.debian.binary-package",
    "application/vnd.ms-cab-compressed",
    "application/vnd.ms-htmlhelp",
    "application/vnd.rar",
    "application/x-7z-compressed",
    "application/x-ace",
    "application/x-apple-diskimage",
    "application/x-arc",
    "application/x-arj",
    "application/x-compress",
    "application/x-cpio",
    "application/x-dmg",
    "application/x-installshield",
    "application/x-iso9660-image",
    "application/x-lha",
    "application/x-lrzip",
    "application/x-lz4",
    "application/x-lzh",
    "application/x-lzip",
    "application/x-lzma",
    "application/x-lzop",
    "application/x-ms-wim",
    "application/x-rar",
    "application/x-rpm",
    "application/x-stuffit",
    "application/x-xar",
    "application/x-zoo",
    "application/x-zpaq",
    "application/zstd",
)
_UNREADABLE = """
    7z ace arj cab dmg img iso lha lzh mht mhtml rar sparseimage toast udf vhd vhdx vmdk wim
    z zst zstd
"""
#: Endings that an archive has which nothing can be told of here.
UNREADABLE_ENDINGS = frozenset(_UNREADABLE.split())
#: Where images of discs say what they are, beyond what libmagic is given: ISO 9660 and UDF.
_OF_DISC = slice(0x8001, 0x8006)
_DISCS = (b"CD001", b"BEA01")

_RUNNING = """
    apk app appimage appx application bash bat cgi chm cmd com command cpl csh deb desktop
    dll dylib elf exe fish gadget hta inf ins isp jar jnlp js jse ksh lnk mjs msc msi msix msp mst
    osx php pif ps1 ps1xml ps2 psc1 psd1 psm1 py pyc pyo pyw pyz rb reg rpm run scf scpt scr
    sct sh shb shs so swf sys tcsh url vb vbe vbs vxd wasm webloc ws wsc wsf wsh xll zsh class
    appinstaller appref-ms diagcab dqy iqy library-ms oqy rdp rqy searchconnector-ms search-ms
    settingcontent-ms theme themepack udl website wll
    afploc applescript fileloc ftploc inetloc mobileconfig odc scptd terminal
"""
_AT_START = """
    bash_aliases bash_login bash_logout bash_profile bashrc cshrc envrc exrc gdbinit kshrc lldbinit
    login logout profile rprofile tcshrc vimrc xinitrc xprofile xsession xsessionrc
    zlogin zlogout zprofile zshenv zshrc
"""
_MACROS = "docm dotm xlsm xltm xlam xla xlm xlw pptm potm ppsm ppam ppa sldm mdb accdb mde accde"
#: Endings by which a program or a script is run when it is opened.
RUNNING = frozenset(_RUNNING.split())
#: Endings of office files that may have macros in them.
MACROS = frozenset(_MACROS.split())
#: Names of files in a home folder that programs run when they start.
AT_START = frozenset(f".{name}" for name in _AT_START.split())


def is_image_of_disc(head: bytes) -> bool:
    """Whether content is a disc's, whose files systems show as those of a folder.

    :param head: the first bytes of a file, ``HEAD`` of them
    """
    return head[_OF_DISC] in _DISCS


def is_archive(name: str) -> bool:
    """Whether a file whose name ends so is one that others are packed in, office files included.

    :param name: a file's name
    """
    return _EXPECTED.get(ending(name)) in (_ZIP, _OPEN_DOCUMENT, *_PACKED)


def ending(name: str) -> str:
    """Return what stands after the last dot of a file's name, in small letters.

    :param name: a name or the end of an address
    :returns: such as ``pdf``; empty for a name without an ending
    """
    return PurePath(name.replace("\\", "/").strip().lower()).suffix[1:]


@lru_cache(maxsize=2)
def content_type(head: bytes) -> str:
    """Return the MIME type that libmagic knows content by, in small letters.

    :param head: the first bytes of a file, ``HEAD`` of them
    :raises magic.MagicException: libmagic has no data to know files by
    """
    return magic.from_buffer(_squeezed(head), mime=True).lower()


def _squeezed(head: bytes) -> bytes:
    """Return what libmagic is given, without long runs of white space."""
    squeezed = _WHITE.sub(
        # An even number goes, so that what follows stays a text in UTF-16.
        lambda run: run[0][: _KEPT_WHITE + len(run[0]) % 2],
        head[_HEADER : 2 * _OF_MAGIC],
    )
    return (head[:_HEADER] + squeezed)[:_OF_MAGIC]


def plain(head: bytes) -> bytes:
    """Return a text, however it is written, with its Latin letters and signs as ASCII.

    UTF-16 and UTF-32 write them with NULs, whichever byte comes first; a mark may stand before.

    :param head: the first bytes of a file
    """
    text = head.replace(b"\0", b"")
    mark = next(filter(text.startswith, _MARKS), b"")
    return text[len(mark) :].lstrip()


def is_executable(head: bytes) -> bool:
    """Whether content is a program or a script.

    :param head: the first bytes of a file
    """
    if head.startswith(PLAIN):
        return False
    kind = content_type(head)
    if kind.startswith(_PROGRAM_OF_WINDOWS):
        # What else libmagic calls so (COM) has no signature: one in a hundred random files has it.
        return head.startswith((b"MZ", b"ZM"))
    return kind.startswith(_RUNS) or (not kind.startswith(_NO_TEXTS) and _is_script(head))


def _is_script(head: bytes) -> bool:
    text = plain(head)
    if text.startswith(b"#!") or _SCRIPT.search(text):
        return True
    return text[:_OF_MAGIC] != head[:_OF_MAGIC] and content_type(text).startswith(_RUNS)


def _is_markup(kind: str, head: bytes) -> bool:
    if kind in _MARKUP:
        return False
    text = plain(head)
    if _PAGE.search(text):
        return True
    if not text.startswith(b"<"):
        return False
    return kind not in _RDF or not file_formats.begins_as_rdf(text.decode(errors="replace"))


def is_as_named(name: str, head: bytes) -> bool:
    """Whether content is what the name's ending says; any content of an ending not known here.

    :param name: a file's name
    :param head: the first bytes of the file, ``HEAD`` of them where there are more
    """
    kind = ending(name)
    expected = _EXPECTED.get(kind)
    if not head or expected is None:
        return True
    if expected is _TEXT:
        return _is_text_as_named(kind, head)
    if expected in (_ZIP, _OPEN_DOCUMENT) and head.startswith(_ZIP_SIGNATURES):
        return True
    is_whole = len(head) < HEAD
    return content_type(head).startswith(expected) and file_formats.is_picture_of(
        kind, head, is_whole=is_whole
    )


def is_of_bytes(name: str, head: bytes) -> bool:
    """Whether a file is a text whose letters are bytes, so that no NUL stands anywhere in it.

    :param name: its name
    :param head: its first bytes
    """
    return _EXPECTED.get(ending(name)) is _TEXT and b"\0" not in head


def _is_text_as_named(kind: str, head: bytes) -> bool:
    if _is_markup(kind, head):
        return False
    if not plain(head):
        return True
    text = _decoded(head).removeprefix("\ufeff")
    # Of a text without a mark libmagic may say nothing but that there are bytes.
    is_text = content_type(head).startswith(_TEXT) or content_type(
        text[:_OF_MAGIC].encode(errors="replace")
    ).startswith(_TEXT)
    return is_text and file_formats.is_text_of(kind, text, is_whole=len(head) < HEAD)


def _decoded(head: bytes) -> str:
    """Read a text by its mark, and without one by where its NULs are."""
    whole = head[: _OF_MAGIC // 4 * 4]
    empty = [whole[n::4].count(0) * 4 / max(len(whole), 1) for n in range(4)]
    for encoding, (first, second) in _BY_NULS.items():
        if min(empty[n] for n in first) > 2 * max(empty[n] for n in second) + 0.1:
            return head.decode(encoding, "replace")
    if head.startswith(_MARKS[1:]):
        return head.decode("utf-16", "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return head.decode("cp1250", "replace")
