"""What a file is, told by its name and by its content (libmagic), and whether both agree.

A name alone says nothing (``wirus.exe`` is called ``raport.pdf`` in a second), and content alone
little: a script is a text to libmagic. So the ending must be one that is allowed, and the content
one that files with this ending have.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePath

import magic

#: How much of a file is looked at (bytes); libmagic needs 2 kB to know an office document.
HEAD = 8192

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
_UNREADABLE = "7z ace arj cab dmg iso lha lzh rar wim z zst zstd"
#: Endings that an archive has which nothing can be told of here.
UNREADABLE_ENDINGS = frozenset(_UNREADABLE.split())

_RUNNING = """
    apk app appimage appx application bash bat cgi chm cmd com command cpl csh deb desktop
    dll dylib elf exe fish gadget hta inf ins isp jar jnlp js jse ksh lnk mjs msc msi msix msp mst
    osx php pif ps1 ps1xml ps2 psc1 psd1 psm1 py pyc pyo pyw pyz rb reg rpm run scf scpt scr
    sct sh shb shs so swf sys tcsh url vb vbe vbs vxd wasm webloc ws wsc wsf wsh xll zsh class
"""
_MACROS = "docm dotm xlsm xltm xlam xla xlm xlw pptm potm ppsm ppam ppa sldm mdb accdb mde accde"
#: Endings by which a program or a script is run when it is opened.
RUNNING = frozenset(_RUNNING.split())
#: Endings of office files that may have macros in them.
MACROS = frozenset(_MACROS.split())


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
    return magic.from_buffer(head[:HEAD], mime=True).lower()


def runs(head: bytes) -> bool:
    """Whether content is a program or a script.

    :param head: the first bytes of a file
    """
    if head.startswith(PLAIN):
        return False
    kind = content_type(head)
    if kind.startswith(_PROGRAM_OF_WINDOWS):
        # What else libmagic calls so (COM) has no signature: one in a hundred random files has it.
        return head.startswith((b"MZ", b"ZM"))
    return head.startswith(b"#!") or kind.startswith(_RUNS)


def is_as_named(name: str, head: bytes) -> bool:
    """Whether content is what the name's ending says; any content of an ending not known here.

    :param name: a file's name
    :param head: the first bytes of the file
    """
    kind = ending(name)
    expected = _EXPECTED.get(kind)
    if not head or expected is None:
        return True
    if expected is _TEXT and kind not in _MARKUP and head.lstrip()[:1] == b"<":
        return False
    if expected in (_ZIP, _OPEN_DOCUMENT) and head.startswith(_ZIP_SIGNATURES):
        return True
    found = content_type(head)
    return found.startswith(expected) or (expected is _TEXT and found == "application/x-empty")
