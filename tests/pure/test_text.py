"""Texts from outside and cells of spreadsheets."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import text


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        (None, ""),
        ("", ""),
        ("  Fundacja \t Odzew\n", "Fundacja Odzew"),
        ("a\x00b\x07c", "abc"),
        ("abc\u202etxt.exe\u202c", "abctxt.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("<b>Cele</b> <script>alert(1)</script>statutowe", "Cele statutowe"),
        ("<SCRIPT>a</SCRIPT>b<style>c{}</style>d", "bd"),
        ("<script>never closed", ""),
        ("&lt;img src=x onerror=alert(1)&gt;tak", "tak"),
        ("FUNDACJA &quot;ODZEW&quot; &amp; S-ka", 'FUNDACJA "ODZEW" & S-ka'),
        ("2 < 3 i 5 > 4", "2 < 3 i 5 > 4"),
        ("a<b> &lt;/b&gt;c<o:p></o:p><P class=x>d<!-- e --><br/>f", "a c d f"),
        ("<img src='x' onerror=alert(1)><svg/onload=alert(1)>g", "g"),
        ("Z\u0307o\u0301\u0142w", "Żółw"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("raz\u00a0dwa\u2003trzy", "raz dwa trzy"),
    ],
)
def test_clean(raw, cleaned):
    assert text.clean(raw, 200) == cleaned


LOOKS_LIKE_MARKUP = [
    "kwota < 500 zł i > 100 zł",
    "kwota <500 zł i >100 zł",
    "Jan <jan@x.pl>, <biuro@leszno.pl>",
    "<https://www.leszno.pl/strona>",
    "x<y i y>z, a <b i c> d, a<bc>d",
    "<nazwa> wpisz <data> <tu> </tu> <!> <?> <-> <3",
    "wiek <p = 5> i <style retro",
    "<<",
    "<",
    "a<",
    "</>",
    "< b >",
]


@pytest.mark.parametrize("written", LOOKS_LIKE_MARKUP)
def test_what_only_looks_like_a_tag_stays(written):
    assert text.clean(written, 200) == written
    assert not text.markup(written)


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("Klub <b>Sportowy</b>", "<b>"),
        ("tak</p >", "</p >"),
        ("<script>alert(1)", "<script>"),
        ("a &lt;img src=x&gt;", "<img src=x>"),
        ("a &amp;lt;i&amp;gt;", "<i>"),
        ("<\u200bi>", "<i>"),
        ("<!-- a -->", "<!-- a -->"),
        ("<input disabled>", "<input disabled>"),
        ("<BR />", "<BR />"),
    ],
)
def test_a_tag_is_named(written, tag):
    assert text.markup(written) == tag


def test_lines_are_kept_on_request():
    aims = "1. POMOC,  \r\n2. SPORT\u2028\n\n\n\n3. KULTURA<br>4. <li>INNE"
    expected = "1. POMOC,\n2. SPORT\n\n3. KULTURA\n4.\nINNE"
    assert text.clean(aims, 200, lines=True) == expected
    assert text.clean(aims, 200) == "1. POMOC, 2. SPORT 3. KULTURA 4. INNE"


def test_a_long_text_is_cut():
    assert text.clean("abc def ghi", 11) == "abc def ghi"
    assert text.clean("abc def ghi", 9) == "abc def…"
    assert text.clean("abc", 1) == "…"
    assert text.clean("abc", 0) == ""


@pytest.mark.parametrize(
    "hostile", ["<script" * 40000, "&amp;" + "amp;" * 60000, "<" * 200000, "</style><style" * 20000]
)
def test_hostile_markup_takes_no_time(hostile):
    start = time.perf_counter()
    text.clean(hostile, 20000, lines=True)
    assert time.perf_counter() - start < 5


@given(st.text(), st.integers(0, 50))
def test_cleaned_text_is_clean(raw, limit):
    for lines in (False, True):
        cleaned = text.clean(raw, limit, lines=lines)
        assert len(cleaned) <= limit
        assert cleaned == unicodedata.normalize("NFC", cleaned.strip())
        assert not {unicodedata.category(c) for c in cleaned if c != "\n"} & {"Cc", "Cf", "Cs"}
        assert "  " not in cleaned
        cleaned.encode()
        assert not text.markup(cleaned[:-1] if cleaned.endswith("…") else cleaned)


@pytest.mark.parametrize(
    ("raw", "cell"),
    [
        (None, ""),
        ("", ""),
        ("Fundacja", "Fundacja"),
        ("=1+1", "'=1+1"),
        ("  =HYPERLINK(1)", "'  =HYPERLINK(1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\n'=1"),
        ("x;=1+1", "x;'=1+1"),
        ("\tok", "'\tok"),
        ("+48 65 529 81 00", "'+48 65 529 81 00"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\u200b=1", "'=1"),
        ("\x00=1", "'=1"),
        ("-12,5", "-12,5"),
        (-12.5, "-12.5"),
        (7, "7"),
        ("a\nb", "a\nb"),
        ("- myślnik", "'- myślnik"),
    ],
)
def test_safe_cell(raw, cell):
    assert text.safe_cell(raw) == cell


@given(st.text(min_size=1))
def test_no_cell_begins_a_formula(raw):
    cell = text.safe_cell("=" + raw)
    assert cell.startswith("'=")
