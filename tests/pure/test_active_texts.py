"""Texts that programs open by how they begin, and that do something then."""

import base64

import pytest

from ckanext.leszno_ngo import active_texts, instructions
from tests.content import files
from tests.pure.test_active_content import assert_refused, assert_taken, code_of, rich
from tests.pure.test_archives import packed

LETTER = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n--a\r\n"


def calendar(*lines):
    inside = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *lines, "END:VEVENT"])
    return f"{inside}\r\nEND:VCALENDAR\r\n".encode()


BAD = {
    "alarm.ics": ("program", calendar("ACTION:PROCEDURE", "ATTACH:file:///c:/cmd.exe")),
    "zlamany.ics": ("program", calendar("ACTION;X=1:PROCE", " DURE")),
    "dzwiek.ics": ("external", calendar("ATTACH;FMTTYPE=audio/basic:\\\\serwer\\a.wav")),
    "udostepniony.ics": ("external", calendar("X-SHARING-CONFIG-URL:\\\\serwer\\a.ics")),
    "html.ics": ("active", calendar("X-ALT-DESC;FMTTYPE=text/html:<html><script>a()</script>")),
    "zalacznik.ics": (
        "embedded",
        calendar(f"ATTACH;VALUE=BINARY;ENCODING=BASE64:{base64.b64encode(files.EXE).decode()}"),
    ),
    "utf16.ics": ("program", calendar("ACTION:PROCEDURE").decode().encode("utf-16")),
    "daleko.ics": ("program", calendar(*["SUMMARY:Park"] * 20_000, "ACTION:PROCEDURE")),
    "makro.csv": ("macros", b"ID;P\nO;E\nNN;NAuto_open;ER1C1\nC;X1;Y1;K0;EEXEC(A1)\nE\n"),
    "dde.csv": ("external", b"ID;PWXL;N;E\r\nC;X1;Y1;K0;Ecmd|'/c calc'!A0\r\nE\r\n"),
    "umowa.doc": ("embedded", LETTER),
    "cialo.dat": ("embedded", b"From: a@b.pl\r\n" + LETTER),
    "desktop.ini": ("external", b"[.ShellClassInfo]\r\nIconResource=\\\\serwer\\a.ico,0\r\n"),
    "makra.qgs": ("macros", b"<qgis><Macros><pythonCode>a()</pythonCode></Macros></qgis>"),
    "obraz.vrt": (
        "macros",
        b"<VRTDataset><PixelFunctionLanguage>Python</PixelFunctionLanguage></VRTDataset>",
    ),
    "strona.xml": (
        "active",
        b'<Page xmlns="http://schemas.microsoft.com/winfx/2006/xaml/presentation"/>',
    ),
    "program.xml": ("active", b"<jnlp codebase='http://a.pl/'/>"),
    "formularz.xdp": (
        "macros",
        b'<template xmlns="http://www.xfa.org/schema/xfa-template/2.5/"><script/></template>',
    ),
    "wypelniony.xfdf": (
        "external",
        b'<xfdf xmlns="http://ns.adobe.com/xfdf/"><f href="http://a.pl/a.pdf"/></xfdf>',
    ),
    "styl.kml": ("external", b"<kml><styleUrl>http://a.pl/a.kml#b</styleUrl></kml>"),
    "link.rss": ("active", b"<rss><channel><link>javascript:a()</link></channel></rss>"),
    "link.gpx": ("active", b"<gpx><wpt><link href='javascript:a()'/></wpt></gpx>"),
    "udzial.gml": (
        "external",
        b'<a xmlns:x="http://www.w3.org/1999/xlink" x:href="\\\\serwer\\a"/>',
    ),
    "schemat.xml": (
        "external",
        b'<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="b \\\\s\\a"/>',
    ),
    "skrypt.wsf.xml": (
        "active",
        b'<?xml version="1.0"?><JOB id="a"><Script language="JScript">a()</Script></JOB>',
    ),
    "paczka.xml": ("active", b"<package><job><script src='a.js'/></job></package>"),
    "czesc.xml": ("active", b"<component><registration/><script>a()</script></component>"),
    "zadanie.xml": (
        "active",
        b'<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Actions/></Task>',
    ),
    "lista.m3u": ("external", b"ID;P\r\n#EXTINF:1,a\r\n  \\\\serwer\\a.mp3\r\n"),
    "lista.M3U8": ("external", "a.mp3\nfile://serwer/a.mp3\n".encode("utf-16")),
    "lista.pls": ("external", b"[playlist]\nFile1 = smb://serwer/a.mp3\n"),
    "lista.asx": ("external", b"<asx version=3><entry><ref href=\\\\serwer\\a></asx>"),
    "lista.xml": ("active", b'<ASX version="3.0"><entry/></ASX>'),
    "lista.wpl": ("external", b"<smil><media src='\\\\serwer\\a.mp3'/></smil>"),
    "korespondencja.rtf": ("external", rich(r"{\*\mailmerge{\mmconnectstr a}}")),
    "zlozony.rtf": ("external", rich(r"{\*\filetbl{\file\fid1 a.doc}}")),
    "pole-rd.rtf": ("external", rich(r"{\field{\*\fldinst RD a.doc}}")),
}
GOOD = {
    "nabor.ics": calendar(
        "SUMMARY:Nabor",
        "URL:https://www.leszno.pl/",
        "ATTACH:https://www.leszno.pl/a.pdf",
        "X-ALT-DESC;FMTTYPE=text/html:<p>Nabor</p>",
        "IMAGE;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=image/png:iVBORw0KGgo=",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "END:VALARM",
    ),
    "powiaty.csv": b"ID;Powiat;Etat\nC;E;Etat\nO;E;1\nNN;Nowy;2\n",
    "list.txt": LETTER,
    "desktop.ini": b"[.ShellClassInfo]\r\nIconResource=a.ico,0\r\n",
    "projekt.qgs": b"<qgis><Macros><pythonCode></pythonCode></Macros></qgis>",
    "styl.kml": b"<kml><styleUrl>#b</styleUrl></kml>",
    "oferta.xml": b"<job><title>Opiekun</title></job>",
    "paczka.xml": b"<package><scripts/></package>",
    "lista.m3u": b"#EXTM3U\r\nhttps://a.pl/a.mp3\r\nmuzyka\\a.mp3\r\n",
    "dane.xml": b"<dane><link>https://a.pl/</link><a href='b.xml'/></dane>",
}


@pytest.mark.parametrize("name", BAD)
def test_texts_that_do_something_are_refused_alone_and_in_an_archive(name):
    assert_refused(name, *BAD[name])


@pytest.mark.parametrize("name", GOOD)
def test_harmless_texts_pass(name):
    assert_taken(name, GOOD[name])


@pytest.mark.parametrize(
    "name",
    ["a.iqy", "a.library-ms", "a.settingcontent-ms", "a.theme", "a.udl", "a.odc", "a.inetloc"]
    + ["a.fileloc", "a.Terminal", "a.applescript", "a.scpt", "a.command", "a.mobileconfig"]
    + ["dom/.bashrc", ".profile", ".ZshRC", ".bash_profile. "],
)
def test_names_by_which_systems_fetch_or_run_are_programs(name):
    assert code_of("a.zip", packed({name: b"a"})) == "program"
    assert code_of("a.zip", packed({f"{name.strip('. ')}/a.txt": b"a"})) == ""


def test_fields_that_read_other_files_or_run_a_control_are_harmful():
    bad = ("RD a.doc", r'DATABASE \d "a.mdb"', "CONTROL Shell.Explorer.2", r"PRINT \p page")
    good = ("PRINTDATE", "MACROBUTTON NoMacro [Kliknij]", "REF a", "DATABASE")
    assert all(map(instructions.is_harmful_field, bad))
    assert not any(map(instructions.is_harmful_field, good))


@pytest.mark.parametrize("size", [7, 61])
def test_nothing_of_a_calendar_depends_on_where_it_is_cut(size):
    content = calendar("ACTION:PROCE", " DURE")
    watcher = active_texts.watcher(content, "a.ics")
    assert watcher is not None
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    assert "program" in [watcher.feed(piece, last=False) for piece in pieces]
