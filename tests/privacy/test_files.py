"""A person in a file is found, or the file is told as one that people have to open."""

import io
import zipfile

import pytest

from ckanext.leszno_ngo.privacy import storage
from ckanext.leszno_ngo.privacy.patterns import pattern

NAME = "Łucja Brzęczyszczykiewicz"
CHANGE = storage.masking(pattern([NAME]).python)
W = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"


def packed(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return file.getvalue()


def document(body):
    return packed(document_xml=f"<w:document {W}><w:body>{body}</w:body></w:document>")


def nested(depth):
    content = packed(a_txt=NAME)
    for _ in range(depth):
        content = packed(w_zip=content)
    return content


RUNS = "<w:p><w:r><w:t>Prezes</w:t></w:r></w:p><w:p><w:r><w:t>Łucja Brzęczy</w:t></w:r>" \
    "<w:proofErr/><w:r><w:rPr><w:b/></w:rPr><w:t>szczykiewicz</w:t></w:r></w:p><w:p/>"  # fmt: skip
ESCAPED = "".join(f"\\u{ord(sign):04x}" for sign in NAME)
#: Files that have the name in a way that is read.
READ = {
    "text": NAME.encode(),
    "cp1250": NAME.encode("cp1250"),
    "utf-16": f"nr;osoba\n1;{NAME}\n".encode("utf-16"),
    "csv in utf-16 in a zip": packed(a_csv=f"1;{NAME}".encode("utf-16")),
    "zip in a zip": nested(3),
    "name of a member": packed(**{f"{NAME}_txt": "x"}),
    "docx, two runs": document(RUNS),
    "docx, a tab between": document(
        "<w:r><w:t>Łucja</w:t><w:tab/><w:t>Brzęczyszczykiewicz</w:t></w:r>"
    ),  # fmt: skip
    "docx, entities": document(f"<w:t>{NAME.replace('Ł', '&#321;').replace('ę', '&#x119;')}</w:t>"),
    "xlsx, rich text": packed(
        a_xml="<si><r><t>Łucja </t></r><r><t>Brzęczyszczy</t></r><r><t>kiewicz</t></r></si>"
    ),  # fmt: skip
    "table of xml": "<o><a>Łucja</a><b>Brzęczyszczykiewicz</b></o>".encode(),
    "html": "<p>Łucja&nbsp;<b>Brz&eogon;czy</b>szczykiewicz".encode(),
    "calendar, a folded line": (
        "BEGIN:VCALENDAR\r\nSUMMARY:Łucja Brzęczyszczy\r\n kiewicz\r\n".encode()
    ),  # fmt: skip
    "json, escaped": f'{{"o": "{ESCAPED}"}}'.encode(),
    "json, a letter escaped": r'{"o": "Łucja Brz\u0119czyszczy\u006biewicz"}'.encode(),
    "turtle, escaped": f'<a> <b> "{ESCAPED}", "\\U00000141ucja".'.encode(),
    "in an attribute": "<a t='Łucja Brz&#281;czyszczykiewicz'/>".encode(),
}
DAMAGED = packed(a_txt=NAME)
#: Files that nothing can be told of.
CLOSED = {
    "pdf": b"%PDF-1.4\nstream x\x9c\nendstream",
    "pdf in a zip": packed(skan_pdf=b"%PDF-1.7\n1 0 obj\x00"),
    "picture in a document": packed(document_xml="<w:t>x</w:t>", image_png=b"\x89PNG\r\n\x1a\n\0"),
    "utf-16 without a mark in a zip": packed(a_csv=NAME.encode("utf-16-le")),
    "rtf": rb"{\rtf1 \u321?ucja Brz\'eaczyszczykiewicz}",
    "too many archives in each other": nested(9),
    "damaged": DAMAGED[:40] + b"\xff\xff" + DAMAGED[42:],
    "locked": packed(a_txt=NAME).replace(
        b"PK\x01\x02\x14\x03\x14\0\0", b"PK\x01\x02\x14\x03\x14\0\1"
    ),  # fmt: skip
    "behind a program": b"MZ\0" + packed(a_txt=NAME),
}


@pytest.fixture
def scanned(tmp_path):
    def scan(content):
        (tmp_path / "a").write_bytes(content)
        return storage.scan(tmp_path, CHANGE), tmp_path / "a"

    return scan


@pytest.mark.parametrize("what", READ)
def test_it_is_found_and_taken_out(scanned, what):
    found, path = scanned(READ[what])
    assert found.files == [path]
    storage.rewrite(path, CHANGE)
    left, path = scanned(path.read_bytes())
    assert not left.files
    assert not left.closed


@pytest.mark.parametrize("what", CLOSED)
def test_what_cannot_be_read_is_told(scanned, what):
    found, path = scanned(CLOSED[what])
    assert found.closed == [path]
    storage.rewrite(path, CHANGE)
    assert path.read_bytes() == CLOSED[what]


@pytest.mark.parametrize("text", [
    CLOSED["rtf"], rb"{\rtf1 \u321?\b u\'63ja\par Brz\u281\'eaczyszczy{\i kie}\r\nwicz}",
])  # fmt: skip
def test_rtf_that_has_it_is_named(scanned, text):
    found, path = scanned(text.replace(rb"\r\n", b"\r\n"))
    assert found.likely == [path]
    assert scanned(rb"{\rtf1 Brz\'eaczyszcz}")[0].likely == []


def test_what_is_changed_stays_what_it_is(scanned):
    _, path = scanned(READ["calendar, a folded line"])
    storage.rewrite(path, CHANGE)
    assert path.read_bytes() == "BEGIN:VCALENDAR\r\nSUMMARY:[…]\r\n \r\n".encode()
    told = storage.masking(pattern(["601 234 567", NAME]).python)
    _, path = scanned(f'\n[{{"tel": 601234567, "o": "{ESCAPED}"}}, 1.50]'.encode())
    storage.rewrite(path, told)
    assert path.read_text("utf-8") == '\n[{"tel": null, "o": "[\\u2026]"}, 1.50]'


def test_what_is_too_large_unpacked_is_told(scanned, monkeypatch):
    monkeypatch.setattr(storage._Room, "__init__", lambda room: vars(room).update(size=9, depth=5))
    found, path = scanned(packed(a_txt=NAME))
    assert (found.files, found.closed) == ([], [path])


def test_tags_stay_and_words_beside_too(scanned):
    _, path = scanned(READ["docx, two runs"])
    storage.rewrite(path, CHANGE)
    with zipfile.ZipFile(path) as archive:
        said = archive.read("document.xml").decode()
    assert RUNS.replace("Łucja Brzęczy", "[…]").replace("szczykiewicz", "") in said


def test_a_file_may_be_both(scanned):
    found, path = scanned(packed(a_xml=f"<p>{NAME}</p>", b_png=b"\x89PNG\r\n\x1a\n\0"))
    assert (found.files, found.closed) == ([path], [path])


def test_other_files_are_left_as_they_are(scanned):
    for content in (b"", b"a;b\n", "Łucja Brzęk".encode(), packed(a_xml="<p>Anna</p>"),
                    packed(a_csv="ą;ę".encode("utf-16-be"))):  # fmt: skip
        found, path = scanned(content)
        assert found.files == []
        storage.rewrite(path, CHANGE)
        assert path.read_bytes() == content
