"""Small files as people and attackers send them."""

import io
import zipfile

PDF = b"%PDF-1.4\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(120)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>'
SCRIPTED = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = b"<!DOCTYPE html><html><body><script>alert(1)</script>"
POLISH = "nazwa;miejscowość\nKlub Żółw;Łódź\n"


def opened(content):
    return io.BytesIO(content)


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


#: How a text may be written; without a mark its order of bytes is told by NULs alone.
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
_HIDDEN = ("{}", "\n\n{}", "nazwa;kwota\n{}", "a\r{}", "\t  {}", f"{'x;y' * 5000}\n{{}}")
_SCRIPTS = ("#!/bin/sh\nrm -rf /", "#! /usr/bin/env python", "<?php system(1);", "@echo off\r\nx")
_PAGES = ("<!DOCTYPE html><p>a", "<HTML><body>", "<script>alert(1)</script>")
#: Scripts and pages under the name of a table, behind marks, lines and encodings.
DISGUISED = [
    hidden.format(script).encode(encoding)
    for hidden in _HIDDEN
    for script in (*_SCRIPTS, *_PAGES)
    for encoding in ("utf-8", *ENCODINGS)
]

#: Name → content, in the spellings that offices really send.
GOOD = {
    "regulamin.pdf": PDF,
    "REGULAMIN.PDF": PDF,
    "umowa.docx": zipped(),
    "arkusz.xlsx": zipped(),
    "dane.zip": zipped(),
    "pismo.rtf": b"{\\rtf1 a}",
    "odnosnik.rtf": b'{\\rtf1{\\field{\\*\\fldinst HYPERLINK "https://a.pl/"}{\\fldrslt a}}}',
    "stare.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "dane.csv": POLISH.encode(),
    "windows.csv": POLISH.encode("cp1250"),
    "utf16.csv": POLISH.encode("utf-16"),
    "pusty.csv": b"",
    "utf32.txt": POLISH.encode("utf-32"),
    "opis.md": "\ufeff# Opis\n\n<b>Uwaga</b>: wpisz `#!` i <details>\n".encode(),
    "kolor.csv": b"nazwa;kolor\nKlub;#!ff0000\nOpis;<p>tak</p>\n",
    "dane16.xml": '<?xml version="1.0" encoding="utf-16"?><a>x</a>'.encode("utf-16"),
    "opis.txt": b"import danych\nz pliku",
    "dane.json": b'{"a": 1}',
    "mapa.geojson": b'{"type": "FeatureCollection", "features": []}',
    "dane.xml": b'<?xml version="1.0"?><a/>',
    "logo.svg": SVG,
    "zdjecie.png": PNG,
    "animacja.gif": b"GIF89a\1\0\1\0\x80\0\0" + bytes(6) + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0;",
    "skan.tif": b"II*\0\x08\0\0\0\1\0\0\1\3\0\1\0\0\0\1\0\0\0" + bytes(4),
    "podmioty.ttl": "# Podmioty\n<http://a.pl/łódź> a <http://a.pl/b> .\n".encode(),
    "przedrostki.ttl": b"@prefix a: <http://a.pl/> .\na:b a:c 1 .\n",
    "trojki.nt": b'<http://a.pl/a> <http://a.pl/b> "x" .\n_:a <http://a.pl/b> _:c .\n',
    "wiersze.jsonl": b'{"a": 1}\r\n\r\n[1]\r\n',
    "dane.jsonld": b'[{"@id": "http://a.pl/a"}]',
    "liczba.json": b"9" * 20_000,
    "windows.json": '{"a": "żółw"}'.encode("cp1250"),
    "windows.xml": '<?xml version="1.0" encoding="windows-1250"?><żółw/>'.encode("cp1250"),
    "trasa.gpx": b'<gpx xmlns="http://www.topografix.com/GPX/1/1"/>',
    "trasa.kml": b'<?xml version="1.0"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"/>',
    "wpisy.atom": b'<feed xmlns="http://www.w3.org/2005/Atom"/>',
    "rok.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "zdjecie.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(20),
}
BAD = {
    "wirus.exe": EXE,
    "wirus.pdf": EXE,
    "wirus.csv": EXE,
    "raport.pdf.exe": PDF,
    "wirus": PDF,
    "wirus.exe.": PDF,
    "program.xlsx": b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0\x3e\0" + bytes(50),
    "skrypt.sh": b"#!/bin/sh\nrm -rf /\n",
    "skrypt.txt": b"#!/bin/sh\nrm -rf /\n",
    "skrypt.csv": b"#! /usr/bin/env unknown\n",
    "skrypt.xml": b"<?php system($_GET['x']);",
    "skrypt-bom.txt": "\ufeff#!/bin/sh\n".encode(),
    "skrypt-drugi.csv": "nazwa\n<?php x();".encode("utf-16"),
    "strona-druga.csv": b"nazwa\n<script>alert(1)</script>",
    "polecenia.bat": b"@echo off\r\n",
    "polecenia.txt": b"@echo off\r\ndel *\r\n",
    "strona.csv": PAGE,
    "strona.png": PAGE,
    "strona.pdf": PAGE,
    "strona.html": PAGE,
    "skrypt.svg": SCRIPTED,
    "strona.zip": zipped(**{"index.html": PAGE}),
    "archiwum.jar": zipped(),
    "makro.vbs": b"Set x = CreateObject(1)",
    "obraz.png": PDF,
    "archiwum.zip": zipped(**{"dane/wirus.exe": EXE}),
    "makro.docx": zipped(**{"word/vbaProject.bin": b"x"}),
    # Documents that fetch something or start a program.
    "pole.rtf": rb"{\rtf1{\field{\*\fldinst {DDE}{AUTO c:\\cmd.exe}}}}",
    "obraz.rtf": rb"{\rtf1{\field{\*\fldinst INCLUDE\'50ICTURE http://a.pl/b.png}}}",
    "program.docx": zipped(**{"word/embeddings/a.bin": OLE + EXE}),
    # What begins as a text and goes on as something else.
    "dane-i-program.csv": POLISH.encode() * 1000 + EXE,
    "dane-i-archiwum.csv": POLISH.encode() * 4000 + zipped(),
    "tekst.rtf.md": b"{\\rtf1 a}",
    # Texts of another format than their name says, and broken ones.
    "opis.json": POLISH.encode(),
    "skrypt.json": b"var a = {};",
    "obcieta.json": b'{"a": [1, 2',
    "gleboka.json": b"[" * 60_000,
    "inny.geojson": b'{"type": "Tabela", "features": []}',
    "lista.geojson": b"[1, 2]",
    "tekst.geojson": POLISH.encode(),
    "tekst.jsonld": b'"a"',
    "wiersze.jsonl": b'{"a": 1}\nala ma kota\n',
    "tekst.ttl": b"Ala ma kota, a kot ma Ale.\n",
    "dane.ttl": b'{"a": 1}',
    "strona.ttl": b"<p>a <b>b</b></p>",
    "tekst.nt": b"<http://a.pl/a> <http://a.pl/b> 'x' .\nala ma kota\n",
    "tekst.xml": POLISH.encode(),
    "zepsute.xml": b"<dane><a></dane>",
    "obciete.rdf": b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>",
    "strona.xml": b"<html><body>a</body></html>",
    "dane.kml": b"<dane/>",
    "dane.gpx": b"<kml/>",
    "dane.atom": b"<rss/>",
    "dane.gml": b"a;b",
    "dane.svg": b"<dane/>",
    "tekst.ics": b"Spotkanie",
    # Signatures of pictures with something else behind them.
    "strona.gif": b"GIF89a<html><script>alert(1)</script>",
    "skrypt.gif": b"GIF89a=1;alert(1)",
    "strona.tif": b"MM\0*<script>alert(1)</script>",
    "smieci.tiff": b"II*\0" + b"x" * 200,
    "smieci.png": PNG[:8] + bytes(40),
    "archiwum.7z": b"7z\xbc\xaf\x27\x1c\0\4" + bytes(40),
}
