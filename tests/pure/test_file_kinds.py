"""Programs, scripts and pages are told by content, however a text is written."""

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
