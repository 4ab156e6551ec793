"""Documents of offices, maps and feeds in XML that run or fetch something, and harmless ones."""

import base64
import gzip

import pytest

from tests.content import files
from tests.pure.test_active_content import OLE, SVG, assert_refused, assert_taken
from tests.pure.test_archives import packed

#: Namespaces, by the prefix that documents have for them.
SPACES = {
    "w": "http://schemas.microsoft.com/office/word/2003/wordml",
    "ss": "urn:schemas-microsoft-com:office:spreadsheet",
    "x": "urn:schemas-microsoft-com:office:excel",
    "o": "urn:schemas-microsoft-com:office:office",
    "v": "urn:schemas-microsoft-com:vml",
    "pkg": "http://schemas.microsoft.com/office/2006/xmlPackage",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "wx": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "sx": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "px": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "ct": "http://schemas.openxmlformats.org/package/2006/content-types",
    "ui": "http://schemas.microsoft.com/office/2009/07/customui",
    "we": "http://schemas.microsoft.com/office/webextensions/webextension/2010/11",
    "wne": "http://schemas.microsoft.com/office/word/2006/wordml",
    "vx": "http://schemas.microsoft.com/visio/2003/core",
    "vsd": "http://schemas.microsoft.com/office/visio/2012/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
    **{
        prefix: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
        for prefix, name in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "script": "script",
            "form": "form",
            "anim": "animation",
            "manifest": "manifest",
        }.items()
    },
    "ooo": "http://openoffice.org/2004/office",
    "oscript": "http://openoffice.org/2000/script",
    "xlink": "http://www.w3.org/1999/xlink",
    "xforms": "http://www.w3.org/2002/xforms",
    "xi": "http://www.w3.org/2001/XInclude",
    "xsl": "http://www.w3.org/1999/XSL/Transform",
    "msxsl": "urn:schemas-microsoft-com:xslt",
    "svg": "http://www.w3.org/2000/svg",
    "h": "http://www.w3.org/1999/xhtml",
    "m": "http://www.w3.org/1998/Math/MathML",
}
MICROSOFT = "http://schemas.microsoft.com/office/"
EXPERIMENTAL = "urn:org:documentfoundation:names:experimental:"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
KML = "http://www.opengis.net/kml/2.2"


def xml(root, inside="", before="", attributes=""):
    """A document with the namespaces that it uses."""
    told = f"{root} {attributes} {inside}"
    used = "".join(
        f' xmlns:{prefix}="{space}"' for prefix, space in SPACES.items() if f"{prefix}:" in told
    )
    return f'<?xml version="1.0"?>{before}<{root}{used} {attributes}>{inside}</{root}>'.encode()


def written(content):
    return base64.b64encode(content).decode()


def word(inside, attributes=""):
    application = '<?mso-application progid="Word.Document"?>'
    return xml("w:wordDocument", inside, application, attributes)


def excel(attribute="", inside=""):
    cell = f"<ss:Row><ss:Cell {attribute}><ss:Data ss:Type='Number'>1</ss:Data></ss:Cell></ss:Row>"
    table = f"<ss:Worksheet ss:Name='Rok'><ss:Table>{cell}</ss:Table></ss:Worksheet>{inside}"
    return xml("ss:Workbook", table, '<?mso-application progid="Excel.Sheet"?>')


def package(*parts):
    inside = "".join(
        f'<pkg:part pkg:name="{name}" pkg:contentType="{kind}">{content}</pkg:part>'
        for name, kind, content in parts
    )
    return xml("pkg:package", inside, '<?mso-application progid="Word.Document"?>')


def in_package(content, name="/word/document.xml"):
    return package((name, "application/xml", f"<pkg:xmlData>{content}</pkg:xmlData>"))


def binary(content, name="/word/media/a.png", kind="image/png"):
    return package((name, kind, f"<pkg:binaryData>{written(content)}</pkg:binaryData>"))


def relation(kind, target, mode="External"):
    return (
        f'<rel:Relationship Id="a" Type="{RELATION}{kind}" Target="{target}" TargetMode="{mode}"/>'
    )


def flat(inside):
    return xml("office:document", inside, attributes='office:mimetype="a"')


def body(inside):
    return flat(f"<office:body><office:text>{inside}</office:text></office:body>")


def sheet(attribute):
    return flat(
        "<office:body><office:spreadsheet><table:table><table:table-row>"
        f"<table:table-cell {attribute}/></table:table-row></table:table></office:spreadsheet>"
        "</office:body>"
    )


def part(root, inside="", attributes="", name="word/document.xml"):
    """A part of a zipped document."""
    return packed({name: xml(root, inside, attributes=attributes)})


def kml(inside, space=KML):
    return f'<kml xmlns="{space}"><Document>{inside}</Document></kml>'.encode()


def place(description):
    return kml(f"<Placemark><description>{description}</description></Placemark>")


FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
METAFILE = b"\xd7\xcd\xc6\x9a"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
MODULE = (
    '<office:scripts><office:script script:language="ooo:Basic"><ooo:libraries>'
    '<ooo:library-embedded ooo:name="Standard">{}</ooo:library-embedded></ooo:libraries>'
    "</office:script></office:scripts>"
)
MERGE = "<wx:mailMerge><wx:mainDocumentType wx:val='formLetters'/>{}</wx:mailMerge>"


def panel(address):
    """A document kept in SharePoint, with a panel of its properties."""
    space = "http://schemas.microsoft.com/office/2006/metadata/customXsn"
    inside = f"<xsnLocation>{address}</xsnLocation><cached>True</cached>"
    return packed({"customXml/item1.xml": f'<customXsn xmlns="{space}">{inside}</customXsn>'})


def layer(source):
    """A layer of a map whose data are elsewhere (OGR)."""
    inside = f"<OGRVRTLayer name='a'><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>"
    return f"<OGRVRTDataSource>{inside}</OGRVRTDataSource>".encode()


BAD = {
    # Word 2003.
    "makra.xml": ("macros", word("<w:body/>", 'w:macrosPresent="yes"')),
    "suplement.xml": (
        "macros",
        word('<w:docSuppData><w:binData w:name="editdata.mso"/></w:docSuppData>'),
    ),
    "dane-mso.xml": (
        "embedded",
        word(f"<w:binData>{written(b'ActiveMime' + bytes(50))}</w:binData>"),
    ),
    "dane-ole.xml": (
        "embedded",
        word(f"<w:pict><w:binData>{written(OLE + bytes(99))}</w:binData></w:pict>"),
    ),
    "dane-program.xml": ("program", word(f"<w:binData>{written(files.EXE)}</w:binData>")),
    "dane-svg.xml": (
        "active",
        word(f"<w:binData>{written(SVG.format('<script/>').encode())}</w:binData>"),
    ),
    "dane-gzip.xml": (
        "embedded",
        word(f"<w:binData>{written(gzip.compress(files.EXE))}</w:binData>"),
    ),
    "obiekt.xml": ("embedded", word("<w:body/>", 'w:embeddedObjPresent="yes"')),
    "kontrolka.xml": ("macros", word("<w:ocx/>")),
    "pole.xml": ("external", word(FIELD.format("DDEAUTO cmd calc"))),
    "pole-proste.xml": ("external", word("<w:fldSimple w:instr='INCLUDETEXT \"c:\\a.txt\"'/>")),
    "szablon.xml": ("external", word('<w:attachedTemplate w:val="\\\\serwer\\a.dot"/>')),
    "ramka.xml": ("external", word('<w:sourceFileName w:val="http://example.org/a"/>')),
    "link.xml": ("external", word('<w:hlink w:dest="vbscript:a"/>')),
    "korespondencja.xml": (
        "external",
        word('<w:mailMerge><w:connectString w:val="a"/></w:mailMerge>'),
    ),
    "obraz.xml": (
        "external",
        word('<v:shape><v:imagedata src="http://example.org/a.png"/></v:shape>'),
    ),
    "obiekt-laczony.xml": ("external", word('<o:OLEObject Type="Link"/>')),
    # Excel 2003.
    "dde.xls.xml": ("external", excel("ss:Formula=\"=cmd|'/c calc'!A0\"")),
    "pobiera.xls.xml": ("external", excel("ss:Formula='=WEBSERVICE(\"http://a.pl\")'")),
    "klik.xls.xml": ("external", excel('ss:HRef="javascript:a"')),
    "nazwa.xls.xml": (
        "external",
        excel(inside="<ss:Names><ss:NamedRange ss:RefersTo=\"=cmd|'/c a'!A0\"/></ss:Names>"),
    ),
    "ksiazka.xls.xml": ("external", excel(inside="<x:SupBook><x:Path>a</x:Path></x:SupBook>")),
    "zapytanie.xls.xml": ("external", excel(inside="<x:QueryTable/>")),
    "warunek.xls.xml": ("external", excel(inside="<x:Value1>cmd|'/c a'!A0</x:Value1>")),
    # OpenDocument in a file.
    "basic.fodt": ("macros", flat(MODULE.format('<ooo:module ooo:name="a"/>'))),
    "skrypt.fodt": (
        "macros",
        flat("<office:scripts><office:script>a()</office:script></office:scripts>"),
    ),
    "biblioteka.fodt": (
        "macros",
        flat(
            '<office:scripts><office:script><ooo:libraries><ooo:library-linked xlink:href="a"/>'
            "</ooo:libraries></office:script></office:scripts>"
        ),
    ),
    "zdarzenie.fodt": ("macros", flat("<office:scripts><script:event-listener/></office:scripts>")),
    "zdarzenie-1.xml": ("macros", flat('<oscript:event oscript:macro-name="a"/>')),
    "obiekt.fodt": (
        "embedded",
        body(
            f"<draw:object-ole><office:binary-data>{written(OLE)}</office:binary-data></draw:object-ole>"
        ),
    ),
    "dde.fods": ("external", sheet('table:formula=\'of:=DDE("a";"b";"c")\'')),
    "pobiera.fods": ("external", sheet("table:formula='of:=WEBSERVICE(\"http://a.pl\")'")),
    "baza.fods": ("external", flat("<table:database-source-sql/>")),
    "obraz.fodp": (
        "external",
        body('<draw:image xlink:href="http://a.pl/a.png" xlink:show="embed"/>'),
    ),
    "formularz.fodt": ("external", body('<xforms:instance src="http://example.org/a"/>')),
    "polecenie.fodp": ("macros", body('<anim:command anim:command="verb"/>')),
    # All parts in a file.
    "vba.xml": ("macros", package(("/word/vbaProject.bin", "a", ""))),
    "vba-typ.xml": ("macros", package(("/a.dat", "application/vnd.ms-office.vbaProject", ""))),
    "makro-4.xml": ("macros", package(("/xl/macrosheets/a.xml", "a", ""))),
    "program.xml": ("program", binary(files.EXE)),
    "obiekt-ole.xml": ("embedded", binary(OLE + bytes(99), "/word/embeddings/a.bin")),
    "szablon-zdalny.xml": (
        "external",
        in_package(relation("attachedTemplate", "http://a.pl/a.dotm")),
    ),
    "pole-czesci.xml": ("external", in_package(FIELD.format("DDE a b").replace("w:", "wx:"))),
    "formula-czesci.xml": ("external", in_package("<sx:f>WEBSERVICE(A1)</sx:f>")),
    "html-czesci.xml": ("embedded", in_package("<wx:altChunk/>")),
    # Parts of zipped documents.
    **{
        f"{name}.docx": ("external", part("wx:settings", MERGE.format(inside)))
        for name, inside in {
            "polaczenie": '<wx:connectString wx:val="Data Source=\\\\evil\\s"/>',
            "zapytanie": '<wx:query wx:val="SELECT * FROM a"/>',
            "zrodlo": "<wx:dataSource/>",
            "odso": "<wx:odso/>",
        }.items()
    },
    **{
        f"{kind.replace('/', '-')}.docx": (
            code,
            part("rel:Relationships", relation(kind, target, mode), name="word/_rels/a.rels"),
        )
        for kind, target, mode, code in (
            ("mailMergeSource", "file:///C:/a.csv", "External", "external"),
            ("frame", "a.docx", "External", "external"),
            ("subDocument", "a.docx", "External", "external"),
            ("oleObject", "file:///C:/a.xlsx", "External", "external"),
            ("aFChunk", "a.htm", "Internal", "embedded"),
            ("queryTable", "a.xml", "Internal", "external"),
            ("connections", "a.xml", "Internal", "external"),
            ("externalLink", "a.xml", "Internal", "external"),
            ("control", "a.xml", "Internal", "macros"),
            ("vbaProject", "a.bin", "Internal", "macros"),
            ("ui/extensibility", "a.xml", "Internal", "macros"),
            ("webextension", "a.xml", "Internal", "external"),
            ("image", "\\\\serwer\\a.png", "Internal", "external"),
        )
    },
    "wstazka.docx": ("macros", part("ui:customUI", attributes='onLoad="a"')),
    "dodatek.docx": ("external", part("we:webextension")),
    "skroty.docx": ("macros", part("wne:tcg", "<wne:macro/>")),
    "typy.docx": (
        "macros",
        part("ct:Types", "<ct:Default ContentType='application/vnd.ms-office.vba&#80;roject'/>"),
    ),
    "przycisk.xlsx": ("macros", part("xdr:wsDr", '<xdr:sp macro="[0]!a"/>')),
    "makro-vml.xlsx": (
        "macros",
        part("a", "<x:ClientData><x:FmlaMacro>a</x:FmlaMacro></x:ClientData>"),
    ),
    "dde.xlsx": ("external", part("sx:externalLink", '<sx:ddeLink ddeService="cmd"/>')),
    "makra-4.xlsx": ("macros", part("xm:macrosheet")),
    "skrypt-w-arkuszu.xml": ("active", xml("sx:worksheet", "<h:script>a</h:script>")),
    "slajd.pptx": ("macros", part("px:sld", '<px:cmd type="verb" cmd="0"/>')),
    "slajd-obiekt.pptx": (
        "external",
        part("px:sld", '<a:hlinkClick xmlns:a="a" action="ppaction://ole?verb=0"/>'),
    ),
    "film.pptx": ("external", part("px:sld", '<a xmlns="b" embeddedHtml="&lt;iframe&gt;"/>')),
    "rtd.xlsx": ("external", part("sx:volTypes", '<sx:volType type="realTimeData"/>')),
    "python.xlsx": ("external", part("sx:worksheet", "<sx:f>_xlfn._xlws.PY(0,1)</sx:f>")),
    "zapytania.xlsx": (
        "external",
        part("a", '<b xmlns="http://schemas.microsoft.com/DataMashup">AAAA</b>'),
    ),
    "przycisk-kontrolka.xlsx": (
        "macros",
        part("a", f'<b xmlns="{MICROSOFT}spreadsheetml/2009/9/main" fmlaMacro="[0]!a"/>'),
    ),
    "activex.docx": ("macros", part("a", f'<b xmlns="{MICROSOFT}2006/activeX"/>')),
    "mapowanie.fods": (
        "external",
        flat(
            f'<b:data-mapping xmlns:b="{EXPERIMENTAL}calc:xmlns:calcext:1.0" '
            'xlink:href="http://a.pl/a.csv"/>'
        ),
    ),
    "warunek.fods": (
        "external",
        flat(
            f'<b:condition xmlns:b="{EXPERIMENTAL}calc:xmlns:calcext:1.0" b:value="WEBSERVICE(1)"/>'
        ),
    ),
    "baza.fodt": ("external", body("<text:database-row-select/>")),
    "menu.odt": (
        "macros",
        part("a", '<b xmlns="http://openoffice.org/2001/menu" id="vnd.sun.star.script:a.b"/>'),
    ),
    **{
        f"{language}.odt": (
            "macros",
            packed({"mimetype": b"a", f"Scripts/{language}/Lib/a.x": b"a"}),
        )
        for language in ("beanshell", "java")
    },
    "szyfr.odt": ("encrypted", part("manifest:manifest", "<manifest:encryption-data/>")),
    # Visio, InfoPath, other XML.
    "vba.vdx": ("macros", xml("vx:VisioDocument", "<vx:VBProjectData>a</vx:VBProjectData>")),
    "obiekt.vdx": ("embedded", xml("vx:VisioDocument", '<vx:ForeignData ForeignType="Object"/>')),
    "komorka.vsdx": ("macros", part("vsd:PageContents", "<vsd:Cell F='RUNMACRO(\"a\")'/>")),
    "baza.vdx": ("external", xml("vx:VisioDocument", "<vx:DataConnection/>")),
    "formularz.xml": (
        "external",
        xml("a", before='<?mso-infoPathSolution name="b" href="\\\\serwer\\a.xsn"?>'),
    ),
    "program-xml.xml": ("active", xml("a", before='<?mso-application progid="htafile"?>')),
    "arkusz.xml": (
        "active",
        xml("a", before='<?xml-stylesheet xhref="a" href="&#104;ttp://a.pl/a.xsl"?>'),
    ),
    "arkusz-dane.xml": ("active", xml("a", before='<?xml-stylesheet href="data:text/xsl,a"?>')),
    "gramatyka.xml": ("active", xml("a", before='<!DOCTYPE a SYSTEM "http://example.org/a.dtd">')),
    "gramatyka-unc.xml": ("active", xml("a", before='<!DOCTYPE a SYSTEM "\\\\serwer\\a.dtd">')),
    "encja.xml": ("active", xml("a", before='<!DOCTYPE a [<!ENTITY % b SYSTEM "b"> %b;]>')),
    "wlaczany.xml": ("external", xml("a", '<xi:include href="file:///etc/passwd"/>')),
    "osadzany.xml": (
        "external",
        xml("a", '<b xlink:href="http://a.pl/" xlink:show="embed" xlink:actuate="onLoad"/>'),
    ),
    "przeksztalcenie.xml": (
        "active",
        xml("xsl:stylesheet", "<xsl:template><script/></xsl:template>"),
    ),
    "przeksztalcenie-2.xml": ("active", xml("xsl:stylesheet", "<msxsl:script/>")),
    "przeksztalcenie-3.xml": ("active", xml("xsl:stylesheet", '<xsl:element name="script"/>')),
    "kodowanie.xml": ("damaged", b'<?xml version="1.0" encoding="gb2312"?><a/>'),
    "panel.docx": ("external", panel("https://a.pl/panel.xsn")),
    "warstwa.vrt.xml": ("external", layer("/vsicurl/https://a.pl/a.csv")),
    "warstwa-baza.xml": ("external", layer("PG:dbname=a")),
    "wzor.xml": ("active", xml("m:math", '<m:mi xlink:href="javascript:a"/>')),
    # Maps and feeds.
    "siec.kml": (
        "external",
        kml("<NetworkLink><Link><href>http://a.pl/b.kml</href></Link></NetworkLink>"),
    ),
    "siec-stara.kml": ("external", kml("<NetworkLink/>", "http://earth.google.com/kml/2.1")),
    "siec-bez.kml": ("external", b"<kml><NetworkLink/></kml>"),
    "siec.kmz": ("external", packed({"doc.kml": kml("<NetworkLink/>")})),
    "model.kml": ("external", kml("<Model><Link><href>http://a.pl/a.dae</href></Link></Model>")),
    "ikona-unc.kml": ("external", kml("<Icon><href>\\\\serwer\\a.png</href></Icon>")),
    "cel.kml": ("external", kml("<a><targetHref>http://a.pl/b.kml</targetHref></a>")),
    "skrypt.kml": ("active", place("<![CDATA[Park <script>a()</script>]]>")),
    "skrypt-encja.kml": ("active", place("&lt;IMG src='a.png' onerror=a()&gt;")),
    "ramka.kml": ("active", place("<![CDATA[<iframe src='https://a.pl'></iframe>]]>")),
    "link.kml": ("active", place("<![CDATA[<a href='javascript:a()'>a</a>]]>")),
    "daleko.kml": ("active", place("Park. " * 50_000 + "&lt;script&gt;")),
    "skrypt.gpx": ("active", b"<gpx><wpt><desc>&lt;script&gt;</desc></wpt></gpx>"),
    "skrypt.rss": ("active", b"<rss><item><description>&lt;script&gt;</description></item></rss>"),
}


GOOD = {
    "umowa.xml": word(
        '<w:body><w:p><w:r><w:t>Umowa</w:t></w:r><w:hlink w:dest="https://www.leszno.pl/"/>'
        f"{FIELD.format(' PAGE ')}<w:pict><w:binData w:name='wordml://1.png'>{written(PNG)}"
        '</w:binData><v:shape><v:imagedata src="wordml://1.png"/></v:shape></w:pict></w:p></w:body>'
        '<w:attachedTemplate w:val="C:\\a\\Normal.dot"/>',
        'w:macrosPresent="no" w:embeddedObjPresent="no" w:ocxPresent="no"',
    ),
    "dane.xls.xml": excel(
        "ss:Formula='=SUM(R[-2]C:R[-1]C)+Rok!RC[-1]' ss:HRef='https://www.leszno.pl/'",
        "<x:WorksheetOptions><x:Print/></x:WorksheetOptions>"
        "<x:ConditionalFormatting><x:Value1>1</x:Value1></x:ConditionalFormatting>",
    ),
    "umowa.fodt": flat(
        MODULE.format("")
        + "<office:body><office:text><text:p><text:a xlink:href='https://www.leszno.pl/'>a</text:a>"
        + f"<draw:image><office:binary-data>{written(PNG)}</office:binary-data></draw:image>"
        + "</text:p></office:text></office:body>"
    ),
    "dane.fods": sheet("table:formula='of:=SUM([.A1:.A2])'"),
    "plaski.xml": package(
        (
            "/_rels/.rels",
            "a",
            f"<pkg:xmlData>{relation('officeDocument', 'word/document.xml', 'Internal')}"
            "</pkg:xmlData>",
        ),
        (
            "/word/document.xml",
            "a",
            "<pkg:xmlData><wx:document><wx:t>Umowa</wx:t></wx:document></pkg:xmlData>",
        ),
        ("/word/media/a.png", "image/png", f"<pkg:binaryData>{written(PNG)}</pkg:binaryData>"),
    ),
    "obraz-gzip.xml": word(
        f"<w:binData>{written(gzip.compress(METAFILE + bytes(99)))}</w:binData>"
    ),
    "panel.docx": panel(""),
    "warstwa.vrt.xml": layer("dane.csv"),
    "dziennik.xml": xml("a", "<SourceFilename>https://a.pl/a.csv</SourceFilename>"),
    "trasa.kml": kml("<a><targetHref></targetHref></a>"),
    "korespondencja.docx": part("wx:settings", MERGE.format("")),
    "rysunek.xlsx": part("xdr:wsDr", '<xdr:sp macro="" textlink=""/>'),
    "slajd.pptx": part("px:sld", '<px:cmd type="call" cmd="playFrom(0.0)"/>'),
    "schemat.vdx": xml("vx:VisioDocument", "<vx:Cell F='Width*0.5'/>"),
    "formularz.xml": xml(
        "a", before='<?mso-infoPathSolution name="urn:a" href="file:///C:\\a.xsn"?>'
    ),
    "gramatyka.xml": xml(
        "a", before='<!DOCTYPE a PUBLIC "-//W3C//DTD a//EN" "http://www.w3.org/TR/a.dtd">'
    ),
    "lokalna.xml": xml("a", before='<?xml-stylesheet href="a.xsl"?><!DOCTYPE a SYSTEM "a.dtd">'),
    "utf16.xml": b'<?xml version="1.0" encoding="utf-16"?><a>Leszno</a>',
    "teren.gml": xml("a", '<b xlink:href="http://inspire.ec.europa.eu/codelist/a"/>'),
    "wlaczany.xml": xml("a", '<xi:include href="b.xml"/>'),
    "przeksztalcenie.xml": xml(
        "xsl:stylesheet", "<xsl:template match='/'><p><xsl:value-of select='a'/></p></xsl:template>"
    ),
    "mapa.kml": kml(
        "<Style><IconStyle><Icon><href>http://maps.google.com/a.png</href></Icon></IconStyle></Style>"
        "<Placemark><description><![CDATA[<b>Park</b>, only = 5 <a href='https://a.pl'>a</a>"
        "<img src='https://a.pl/x.png'> JavaScript: kurs]]></description></Placemark>"
    ),
    "trasa.gpx": b"<gpx><wpt><desc>Kurs &lt;b&gt;JavaScript&lt;/b&gt;</desc></wpt></gpx>",
    "wiesci.rss": b"<rss><item><description>&lt;p&gt;Nabor&lt;/p&gt;</description></item></rss>",
}


@pytest.mark.parametrize("name", BAD)
def test_what_runs_or_fetches_something_is_refused_alone_and_in_an_archive(name):
    assert_refused(name, *BAD[name])


@pytest.mark.parametrize("name", GOOD)
def test_harmless_documents_pass(name):
    assert_taken(name, GOOD[name])
