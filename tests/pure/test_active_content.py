"""Pictures, pages and documents that do something when they are opened, made by the libraries."""

import io
import struct
import zipfile

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

from ckanext.leszno_ngo import active_content, archives
from tests.pure.test_archives import MOST, OLE, packed

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
SHARED = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<si><t>Funkcja WEBSERVICE(adres) pobiera dane</t></si></sst>"
)
SHEET = "xl/worksheets/sheet1.xml"
TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"


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
)
QUIET_SVG = (
    *('<path d="M0 0h9"/>', '<a xlink:href="https://www.leszno.pl/"><text>Leszno</text></a>'),
    *('<use href="#a"/>', '<image href="data:image/png;base64,iVBORw0KGgo="/>'),
    *('<rect style="fill:url(#g)"/>', "<style>.a{fill:#fff}</style>", '<animate values="0;1"/>'),
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
PAGES = (
    *("<html><script>alert(1)</script>", "<!DOCTYPE html><p onclick='x()'>", "<form action=x>"),
    *("<html><meta http-equiv=refresh content='0;url=https://example.org'>", "<iframe src=x>"),
    *("<html><img src=https://example.org/a.png>", "<html><a href='javascript:x'>a</a>"),
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


@pytest.mark.parametrize("name", BAD)
def test_what_does_something_is_refused_alone_and_in_an_archive(name):
    code, content = BAD[name]
    assert code_of(name, content) == code
    assert code_of("a.zip", packed({f"dane/{name}": content})) == code


@pytest.mark.parametrize("page", PAGES)
def test_pages_in_archives_that_do_something_are_refused(page):
    for name in ("index.html", "dane/opis.htm", "opis.xhtml"):
        assert code_of("a.zip", packed({name: page})) == "active"
    assert code_of("a.zip", packed({"opis.mhtml": page})) == "kind"


@pytest.mark.parametrize("name", GOOD)
def test_what_people_send_passes(name):
    assert code_of(name, GOOD[name]) == ""
    assert code_of("a.zip", packed({name: GOOD[name]})) == ""


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
    assert all(map(active_content.is_remote, remote))
    assert not any(map(active_content.is_remote, local))
