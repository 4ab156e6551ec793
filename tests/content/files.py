"""Small files as people and attackers send them."""

import io
import zipfile

PDF = b"%PDF-1.4\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(120)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = b"<!DOCTYPE html><html><body><script>alert(1)</script>"
POLISH = "nazwa;miejscowość\nKlub Żółw;Łódź\n"


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


#: Name → content, in the spellings that offices really send.
GOOD = {
    "regulamin.pdf": PDF,
    "REGULAMIN.PDF": PDF,
    "umowa.docx": zipped(),
    "arkusz.xlsx": zipped(),
    "dane.zip": zipped(),
    "pismo.rtf": b"{\\rtf1 a}",
    "stare.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "dane.csv": POLISH.encode(),
    "windows.csv": POLISH.encode("cp1250"),
    "utf16.csv": POLISH.encode("utf-16"),
    "pusty.csv": b"",
    "opis.txt": b"import danych\nz pliku",
    "dane.json": b'{"a": 1}',
    "mapa.geojson": b'{"type": "FeatureCollection", "features": []}',
    "dane.xml": b'<?xml version="1.0"?><a/>',
    "logo.svg": SVG,
    "zdjecie.png": PNG,
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
    "polecenia.bat": b"@echo off\r\n",
    "polecenia.txt": b"@echo off\r\ndel *\r\n",
    "strona.csv": PAGE,
    "strona.png": PAGE,
    "strona.pdf": PAGE,
    "strona.html": PAGE,
    "archiwum.jar": zipped(),
    "makro.vbs": b"Set x = CreateObject(1)",
    "obraz.png": PDF,
    "archiwum.zip": zipped(**{"dane/wirus.exe": EXE}),
    "makro.docx": zipped(**{"word/vbaProject.bin": b"x"}),
    "archiwum.7z": b"7z\xbc\xaf\x27\x1c\0\4" + bytes(40),
}
