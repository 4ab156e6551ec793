"""Programs, scripts and pages are told by content, however a text is written."""

import json
import time

import pytest

from ckanext.leszno_ngo import archives, file_kinds
from tests.content import files
from tests.pure.test_archives import MOST, packed


def is_taken(name, content):
    head = content[: file_kinds.HEAD]
    return not file_kinds.is_executable(head) and file_kinds.is_as_named(name, head)


@pytest.mark.parametrize("name", ["dane.csv", "opis.txt"])
def test_scripts_are_told_in_every_encoding_and_behind_a_first_line(name):
    taken = [content[:60] for content in files.DISGUISED if is_taken(name, content)]
    assert not taken


def test_good_texts_pass_in_every_encoding():
    texts = (files.POLISH, "# Opis\nimport danych\n\n<b>x</b> < y > z", "a;b\n'#!';<p>\n", "\n")
    for encoding in ("utf-8", *files.ENCODINGS):
        for text in texts:
            assert is_taken("dane.csv", text.encode(encoding)), (text, encoding)


def test_they_are_told_in_archives_too():
    content = "nazwa\n#!/bin/sh\nrm".encode("utf-16-le")
    with pytest.raises(archives.ArchiveError) as refused:
        archives.inspect(files.opened(packed({"dane/a.csv": content})), "dane.zip", MOST)
    assert (refused.value.code, refused.value.member) == ("program", "dane/a.csv")


def test_the_beginning_of_a_long_file_is_enough():
    """Whatever the first bytes that are looked at end in."""
    point = {"type": "Point", "coordinates": [16.5, -51.8e0]}
    feature = {"type": "Feature", "properties": {"n": "Żółw\n\\", "t": None}, "geometry": point}
    for ascii_ in (True, False):
        written = json.dumps(
            {"type": "FeatureCollection", "features": [feature] * 1000}, ensure_ascii=ascii_
        )
        for shift in range(150):
            text = written.replace("{", "{" + " " * shift, 1)
            assert is_taken("mapa.geojson", text.encode()), shift
        assert not is_taken("mapa.geojson", written.replace("Feature", 'Fea"ture', 9).encode())
    lines = "\n".join([json.dumps(feature)] * 1000)
    assert is_taken("dane.jsonl", lines.encode())
    assert not is_taken("dane.jsonl", lines.replace("\n", ",\n").encode())
    rows = "<żółw a='1'>ą &amp; b</żółw>" * 5000
    table = f"<?xml version='1.0'?><dane>{rows}</dane>"
    assert is_taken("dane.xml", table.encode())
    assert not is_taken("dane.xml", table.replace("</żółw>", "</zolw>", 1).encode())
    triples = '<http://a.pl/a> <http://a.pl/b> "ą" .\n' * 5000
    assert is_taken("dane.nt", triples.encode())
    assert is_taken("dane.ttl", triples.encode())


@pytest.mark.parametrize("encoding", ["utf-8", *files.ENCODINGS, "cp1250"])
def test_formats_are_told_in_every_encoding(encoding):
    for name, text in {
        "a.json": '{"a": "żółw"}',
        "a.geojson": '{"type": "Point", "n": "ą"}',
        "a.jsonl": '{"a": "ą"}\n[1]\n',
        "a.xml": '<?xml version="1.0"?><żółw a="ł"/>',
        "a.ttl": "<http://ł.pl> a <x> .",
        "a.ics": "BEGIN:VCALENDAR\r\nSUMMARY:ą\r\n",
    }.items():
        assert is_taken(name, text.encode(encoding)), name
        assert not is_taken(name, f"Opis: {text}".encode(encoding)), name


def test_nothing_costs_more_than_its_length():
    units = ("[", '{"a":', '"', "\\", "<a ", "<a>", "<!ENTITY a 'b'>", "&#1;", "_:a", "#\n", "1")
    for kind in ("json", "geojson", "jsonl", "xml", "ttl", "nt", "ics", "gif", "tif"):
        for unit in units:
            started = time.perf_counter()
            is_taken(f"a.{kind}", (unit * file_kinds.HEAD).encode())
            assert time.perf_counter() - started < 1, (kind, unit)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_white_space_before_a_script_hides_nothing(encoding):
    for before in ("\n", " ", "\r\n\t"):
        for script in ("#!/bin/sh\nls", "<?php phpinfo();", "import os\nimport sys\n\ndef a():\n"):
            content = (before * 9001)[:9001] + script
            assert not is_taken("dane.txt", content.encode(encoding)), (before, script)
