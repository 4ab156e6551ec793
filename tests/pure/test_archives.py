"""Archives and office files: what is in them is seen, whatever hides it, and costs no more."""

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import time
import zipfile
import zlib

import pytest

from ckanext.leszno_ngo import archives
from tests.content import files

MOST = 50 << 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def packed(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(*members):
    """A tar of names with contents, or of headers."""
    file = io.BytesIO()
    with tarfile.TarFile(fileobj=file, mode="w") as archive:
        for name, content in members:
            info = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            data = b"" if isinstance(content, tarfile.TarInfo) else content
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def link(name, target):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, target
    return info


def symbolic():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("hasla.txt")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return file.getvalue()


def encrypted():
    content = bytearray(packed({"a.txt": "tajne"}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    return bytes(content)


def second_name(name):
    """A ZIP whose Info-ZIP programs unpack a file under another name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        data = b"\x01" + struct.pack("<I", zlib.crc32(b"a.txt")) + name.encode()
        info.extra = struct.pack("<2sH", b"up", len(data)) + data
        archive.writestr(info, "x")
    return file.getvalue()


def claims_less(content, size):
    """A ZIP that claims its only member to be small."""
    changed = bytearray(content)
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", changed, changed.index(signature) + place, size)
    return bytes(changed)


def named_gzip(name, content):
    file = io.BytesIO()
    with gzip.GzipFile(name, "wb", fileobj=file) as archive:
        archive.write(content)
    return file.getvalue()


def bound_sheet(name, kind):
    """The record of an old Excel file that says what one of its sheets is."""
    data = struct.pack("<IBBBB", 0x1234, 0, kind, len(name), 0) + name.encode()
    return struct.pack("<HH", 0x85, len(data)) + data


def large_dictionary():
    """An xz file that says it needs 256 MB to be unpacked (its format, 3.1 and 5.3.1)."""
    content = bytearray(lzma.compress(b"a;b"))
    end = 12 + content[12] * 4
    content[16] = 32
    content[end : end + 4] = struct.pack("<I", zlib.crc32(content[12:end]))
    return bytes(content)


def nested(depth):
    content = packed({"a.txt": "x"})
    for _ in range(depth):
        content = packed({"w.zip": content})
    return content


WORD = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"}
CALC = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}
STARBASIC = "<?xml version='1.0'?><script:module/>"
RTF = b"{\\rtf1\\ansi Umowa"
VBA = OLE + "_VBA_PROJECT".encode("utf-16-le")
#: What refuses a file → its name → its content and the member that is named.
BAD = {
    "program": {
        "a.zip": (packed({"dane/wirus.exe": files.EXE}), "dane/wirus.exe"),
        "b.zip": (packed({"raport.pdf": files.EXE}), "raport.pdf"),
        "c.zip": (packed({"a.txt": "x", "START.BAT": "dir"}), "START.BAT"),
        "d.zip": (packed({"skrypt.txt": "#!/bin/sh\nls\n"}), "skrypt.txt"),
        "e.zip": (packed({"b/c.zip": packed({"wirus.exe": "x"})}), "b/c.zip/wirus.exe"),
        "f.zip": (packed({"wirus.exe. .": "x"}), "wirus.exe. ."),
        "g.zip": (packed({"a.7z.txt": "x", "faktura.pdf.js": "x"}), "faktura.pdf.js"),
        "h.docx": (packed({**WORD, "word/embeddings/a.bin": files.EXE}), "word/embeddings/a.bin"),
        "i.tgz": (gzip.compress(tarred(("x/a.vbs", b"x"))), "i/x/a.vbs"),
        "j.tar": (tarred(("a.txt", b"x")) + tarred(("b.exe", b"x")), "b.exe"),
        "k.gz": (gzip.compress(files.EXE), "k"),
        "l.gz": (named_gzip("wirus.bat", b"dir"), "wirus.bat"),
        "m.csv.bz2": (bz2.compress(files.EXE), "m.csv"),
        "n.tar.xz": (lzma.compress(tarred(("a.ps1", b"x"))), "n.tar/a.ps1"),
        "p.zip": (second_name("b.exe"), "b.exe"),
        "o.csv": (packed({"wirus.exe": "x"}), "wirus.exe"),
    },
    "macros": {
        "a.docx": (packed({**WORD, "word/vbaProject.bin": VBA}), "word/vbaProject.bin"),
        "b.docx": (packed({**WORD, "word/x.bin": VBA}), "word/x.bin"),
        "c.xlsx": (
            packed({"[Content_Types].xml": "<a b='application/x.macroEnabled.main+xml'/>"}),
            "[Content_Types].xml",
        ),
        "d.xlsx": (packed({"xl/macrosheets/sheet1.xml": "<a/>"}), "xl/macrosheets/sheet1.xml"),
        "e.zip": (packed({"umowa.docm": packed(WORD)}), "umowa.docm"),
        "f.zip": (
            packed({"umowa.docx": packed({**WORD, "word/vbaProject.bin": "x"})}),
            "umowa.docx/word/vbaProject.bin",
        ),
        "g.ods": (
            packed({**CALC, "Basic/Standard/Module1.xml": STARBASIC}),
            "Basic/Standard/Module1.xml",
        ),
        "h.ods": (packed({**CALC, "Scripts/python/a.txt": "x"}), "Scripts/python/a.txt"),
        "l.ods": (packed({"Basic/Standard/a.xml": STARBASIC}), "Basic/Standard/a.xml"),
        "m.zip": (packed({**CALC, "Basic/Standard/a.xml": "x"}), "Basic/Standard/a.xml"),
        "i.doc": (OLE + bytes(65_530) + "_VBA_PROJECT".encode("utf-16-le"), ""),
        "j.zip": (packed({"stare.xls": VBA}), "stare.xls"),
        "k.xls": (OLE + bytes(65_020) + bound_sheet("Makro1", 1), ""),
    },
    "embedded": {
        "a.doc": (OLE + "\x01Ole10Native".encode("utf-16-le"), ""),
        "b.rtf": (RTF + b"{\\object\\objemb{\\*\\objdata 0105}}}", ""),
        "c.doc": (RTF + bytes(65_530 - len(RTF)) + b"{\\*\\objdata 0105}}", ""),
        "d.zip": (packed({"umowa.rtf": RTF + b"{\\*\\objdata 0105}}"}), "umowa.rtf"),
    },
    "name": {
        "a.zip": (packed({"../../etc/cron.d/x": "x"}), "../../etc/cron.d/x"),
        "b.zip": (packed({"a\\..\\..\\x.txt": "x"}), "a\\..\\..\\x.txt"),
        "c.zip": (packed({"/etc/x": "x"}), "/etc/x"),
        "d.zip": (packed({"C:x.txt": "x"}), "C:x.txt"),
        "e.zip": (packed({"raport\u202efdp.txt": "x"}), "raport\u202efdp.txt"),
        "f.zip": (second_name("b.csv"), "b.csv"),
        "i.zip": (second_name("../a.txt"), "../a.txt"),
        "j.zip": (second_name("[Content_Types].xml"), "[Content_Types].xml"),
        "g.tar": (tarred(("../x", b"x")), "../x"),
        "h.tar": (tarred(("a\nb", b"x")), "a\nb"),
    },
    "link": {
        "a.zip": (symbolic(), "hasla.txt"),
        "b.tar": (tarred(("a", link("a", "/etc/passwd"))), "a"),
    },
    "encrypted": {
        "a.zip": (encrypted(), "a.txt"),
        "b.doc": (OLE + "EncryptedPackage".encode("utf-16-le"), ""),
        "d.docx": (OLE + "EncryptedPackage".encode("utf-16-le"), ""),
        "c.ods": (
            packed({**CALC, "META-INF/manifest.xml": "<manifest:encryption-data/>"}),
            "META-INF/manifest.xml",
        ),
    },
    "kind": {
        "a.zip": (packed({"b.rar": b"Rar!\x1a\x07\x01\x00" + bytes(40)}), "b.rar"),
        "b.7z": (b"7z\xbc\xaf\x27\x1c\0\4" + bytes(40), ""),
        "c.zip": (packed({"b.cab": "x"}), "b.cab"),
        "f.zip": (packed({"b.vhdx": "x"}), "b.vhdx"),
        "g.zip": (packed({"b.img": "x"}), "b.img"),
        "h.zip": (packed({"b.dat": bytes(32769) + b"CD001" + bytes(99)}), "b.dat"),
        # zipfile unpacks these without a bound, whatever size is asked for
        "d.zip": (packed({"a.csv": bytes(1 << 20)}, zipfile.ZIP_BZIP2), "a.csv"),
        "e.zip": (packed({"a.csv": bytes(1 << 20)}, zipfile.ZIP_LZMA), "a.csv"),
    },
    "damaged": {
        "a.zip": (b"PK\x03\x04" + bytes(100), ""),
        "b.gz": (gzip.compress(bytes(range(256)) * 400)[:-200], "b"),
        "c.zip": (packed({"b.zip": b"x" * 20 + packed({"wirus.exe": "x"})}), "b.zip"),
        "d.tar.gz": (gzip.compress(b"x" * 2000)[:-9], "d.tar"),
        "g.xz": (large_dictionary(), "g"),
        "h.xz": (lzma.compress(b"x" * 99)[:-20], "h"),
        "e.zip": (packed({"b.zip": b"\0\5\x16\7" + packed({"wirus.exe": "x"})}), "b.zip"),
        "f.zip": (OLE + packed({"wirus.exe": "x"}), ""),
    },
    "members": {
        "a.zip": (packed({f"{n}.txt": "" for n in range(archives.MEMBERS + 1)}), ""),
        "b.zip": (
            packed({f"{n}.zip": packed({f"{m}.txt": "" for m in range(45)}) for n in range(45)}),
            None,
        ),
    },
    "depth": {"a.zip": (nested(5), "w.zip/w.zip/w.zip/w.zip/w.zip")},
    "size": {
        "a.zip": (packed({"a.csv": bytes(60 << 20)}), "a.csv"),
        "b.zip": (packed({"b.zip": packed({"a.csv": bytes(12 << 20)})}), "b.zip/a.csv"),
        "c.gz": (gzip.compress(bytes(20 << 20)), "c"),
        "d.bz2": (bz2.compress(bytes(20 << 20)), "d"),
        "e.xz": (lzma.compress(bytes(20 << 20), preset=0), "e"),
    },
}
GOOD = {
    **{name: content for name, content in files.GOOD.items() if content},
    "dane.zip": packed({"dane/a.csv": "a;b\n", "dane/": "", "mapa.shp": bytes(100)}),
    "Łódź.zip": packed({"Zażółć gęślą.txt": "jaźń", "www.leszno.com/index.html": "<p>"}),
    "w.zip": packed({"umowa.docx": packed(WORD), "dane.tgz": gzip.compress(tarred(("a", b"x")))}),
    "mac.zip": packed({"umowa.docx": packed(WORD), "__MACOSX/._umowa.docx": b"\0\5\x16\7\0\2"}),
    "polskie.zip": second_name("Zażółć.txt"),
    "kursy.zip": packed({"Basic/lekcje/1.txt": "x", "Scripts/python/a.txt": "x"}),
    "umowa.rtf": RTF + b"{\\pict\\pngblip 89504e47}}",
    "stare.xls": OLE + bound_sheet("Dane", 0) + bound_sheet("Wykres", 2),
    "stare.zip": packed({"umowa.docx": OLE}),
    "pusty.ods": packed({**CALC, "Basic/Standard/script-lb.xml": "<a/>"}),
    "a.tar": tarred(("dane/a.csv", b"a;b\n")),
    "a.tar.bz2": bz2.compress(tarred(("dane/a.csv", b"a;b\n"))),
    "a.csv.xz": lzma.compress(b"a;b\n") + bytes(8) + lzma.compress(b"c;d\n" * 9000, preset=9),
    "a.csv.gz": gzip.compress(b"a;b\n" * 1000),
    "czcionka.docx": packed({**WORD, "word/fonts/font1.odttf": b"\xb8\0\x4c\xcd\x21" * 9}),
}
CASES = [(code, name, *case) for code, cases in BAD.items() for name, case in cases.items()]


@pytest.mark.parametrize(
    ("code", "name", "content", "member"), CASES, ids=[f"{c[0]}-{c[1]}" for c in CASES]
)
def test_what_harms_is_seen_and_named(code, name, content, member):
    with pytest.raises(archives.ArchiveError) as refused:
        archives.inspect(io.BytesIO(content), name, MOST)
    assert refused.value.code == code
    assert member is None or refused.value.member == member


@pytest.mark.parametrize("name", GOOD)
def test_what_people_send_passes(name):
    file = io.BytesIO(GOOD[name])
    archives.inspect(file, name, MOST)
    assert file.read() == GOOD[name]


def test_a_claimed_size_is_not_believed():
    bomb = claims_less(packed({"a.csv": bytes(12 << 20)}), 10)
    with pytest.raises(archives.ArchiveError) as refused:
        archives.inspect(io.BytesIO(bomb), "a.zip", MOST)
    assert refused.value.code == "size"


def test_a_header_of_a_tar_is_not_read_at_any_length():
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 6 << 20
    tar = header.tobuf(tarfile.USTAR_FORMAT) + bytes(6 << 20)
    with pytest.raises(archives.ArchiveError) as refused:
        archives.inspect(io.BytesIO(tar), "a.tar", MOST)
    assert refused.value.code == "damaged"


def test_many_members_have_one_budget_of_time(monkeypatch):
    lines = packed({f"{n}.txt": f"{n}" + "\n" * 65_000 for n in range(40)})
    before = time.thread_time()
    archives.inspect(io.BytesIO(lines), "a.zip", MOST)
    # Seven times as much where libmagic is given the lines as they are.
    assert time.thread_time() - before < 3
    monkeypatch.setattr(archives, "SECONDS", 0)
    with pytest.raises(archives.ArchiveError) as refused:
        archives.inspect(io.BytesIO(lines), "a.zip", MOST)
    assert refused.value.code == "time"
