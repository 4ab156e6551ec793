"""Identifiers in every spelling that registers and people use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import identifiers as ids

CITY_NIP, CITY_REGON, CITY_TERYT = "6970020756", "000660995", "3063011"


def refused(function, value):
    with pytest.raises(ids.IdentifierError) as caught:
        function(value)
    assert caught.value.value == value
    assert caught.value.code in ids.ERROR_CODES
    return caught.value.code


@pytest.mark.parametrize(
    "spelling",
    ["0000031247", "31247", "KRS: 0000031247", "krs 31247", "KRS nr 0000031247", "0000-031-247",
     " 0000 031 247 ", "0000031247\u00a0", "31247.0", "\uff10\uff10\uff10\uff10031247", "nr 31247"],
)  # fmt: skip
def test_krs_spellings(spelling):
    assert ids.normalise_krs(spelling) == "0000031247"


@pytest.mark.parametrize(
    ("value", "code"),
    [("", "empty"), ("  ", "empty"), ("-", "empty"), ("KRS", "empty"), ("0000000000", "empty"),
     ("0", "empty"), ("00000312471", "length"), ("3124a", "characters"), ("brak", "characters"),
     ("NIP 6970020756", "characters"), ("\u0663\u0661", "characters"), ("3,1", "characters")],
)  # fmt: skip
def test_krs_refusals(value, code):
    assert refused(ids.normalise_krs, value) == code


@pytest.mark.parametrize(
    ("value", "canonical"),
    [("000660995", CITY_REGON), ("660995", CITY_REGON), ("00066099500000", CITY_REGON),
     ("REGON 000-660-995", CITY_REGON), ("37109197200000", "371091972"),
     ("831970186", None), ("12345678512347", "12345678512347")],
)  # fmt: skip
def test_regon_spellings(value, canonical):
    if canonical is None:
        assert refused(ids.normalise_regon, value) == "checksum"
    else:
        assert ids.normalise_regon(value) == canonical


def test_regon_padded_by_krs_is_cut_before_the_check():
    # 18 % of padded numbers pass the 14-digit check too: they must not stay 14 digits long.
    from stdnum.pl import regon

    padded = [f"{n:09}00000" for n in range(371000000, 371003000) if regon.is_valid(f"{n:09}00000")]
    assert padded
    assert all(ids.normalise_regon(value) == value[:9] for value in padded)


@pytest.mark.parametrize(
    ("value", "code"),
    [("", "empty"), ("000000000", "empty"), ("12345", "length"), ("1234567890", "length"),
     ("123456789012345", "length"), ("371091973", "checksum"), ("12345678512348", "checksum"),
     ("37109197X", "characters")],
)  # fmt: skip
def test_regon_refusals(value, code):
    assert refused(ids.normalise_regon, value) == code


@pytest.mark.parametrize(
    "spelling",
    ["6970020756", "697-00-20-756", "697 002 07 56", "PL6970020756", "PL 697-00-20-756",
     "NIP: 6970020756", "NIP PL 6970020756", "pl6970020756", "6970020756.0"],
)  # fmt: skip
def test_nip_spellings(spelling):
    assert ids.normalise_nip(spelling) == CITY_NIP


@pytest.mark.parametrize(
    ("value", "code"),
    [("", "empty"), ("PL", "characters"), ("0000000000", "empty"), ("697002075", "length"),
     ("6970020757", "checksum"), ("DE6970020756", "characters")],
)  # fmt: skip
def test_nip_refusals(value, code):
    assert refused(ids.normalise_nip, value) == code


@pytest.mark.parametrize(
    ("value", "canonical"),
    [("3063011", CITY_TERYT), ("306301 1", CITY_TERYT), ("201011", "0201011"),
     ("1465011", "1465011"), ("1465108", "1465108")],
)  # fmt: skip
def test_teryt_spellings(value, canonical):
    assert ids.normalise_teryt(value) == canonical


@pytest.mark.parametrize(
    ("value", "code"),
    [("3163011", "structure"), ("3463011", "structure"), ("0063011", "structure"),
     ("3000011", "structure"), ("3063001", "structure"), ("3063016", "structure"),
     ("30630", "length"), ("30630111", "length"), ("306301a", "characters"), ("", "empty")],
)  # fmt: skip
def test_teryt_refusals(value, code):
    assert refused(ids.normalise_teryt, value) == code


@given(st.integers(1, 9_999_999_999), st.sampled_from(["", " ", "-", "\u00a0"]))
def test_krs_is_whole_whatever_breaks_it(number, gap):
    canonical = f"{number:010}"
    assert ids.normalise_krs(str(number)) == canonical
    assert ids.normalise_krs(gap.join(canonical)) == canonical


@pytest.mark.parametrize("kind", ids.KINDS)
@given(text=st.text() | st.text(alphabet="0123456789 -.PLKRSNIGO:", max_size=30))
def test_a_text_is_normalised_or_refused_and_never_breaks_the_reader(kind, text):
    normalise = ids.NORMALISERS[kind]
    try:
        canonical = normalise(text)
    except ids.IdentifierError:
        return
    assert canonical.isascii()
    assert canonical.isdigit()
    assert normalise(canonical) == canonical


@given(st.text(alphabet="0123456789 -PLKRSNIGO:", max_size=40))
def test_what_is_guessed_is_canonical(text):
    found = ids.guess(text)
    assert len(found) == len(set(found))
    assert all(ids.NORMALISERS[kind](number) == number for kind, number in found)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("697-00-20-756", [("nip", CITY_NIP)]),
        ("PL 697 002 07 56", [("nip", CITY_NIP)]),
        ("31247", [("krs", "0000031247")]),
        ("0000031247", [("krs", "0000031247")]),
        ("KRS 31247", [("krs", "0000031247")]),
        ("krs: 0000031247 nip 6970020756", [("krs", "0000031247"), ("nip", CITY_NIP)]),
        ("000660995", [("regon", CITY_REGON), ("krs", "0000660995")]),
        ("37109197200000", [("regon", "371091972")]),
        ("Fundacja Odzew 0000076552", [("krs", "0000076552")]),
        ("Lions Club Leszno 2000", []),
        ("szkoła nr 4", []),
        ("12", []),
        ("", []),
    ],
)
def test_guess(words, found):
    assert ids.guess(words) == found


def test_display_forms():
    assert ids.format_nip(CITY_NIP) == "697-00-20-756"
    assert ids.format_regon(CITY_REGON) == CITY_REGON
    assert ids.format_regon("12345678512347") == "123456785 12347"


def test_links_lead_to_the_official_registers():
    keys = dict(ids.register_links({"krs": "0000031247", "nip": CITY_NIP, "opp": True}))
    assert set(keys) == {"krs_search", "krs_api", "opp_reports", "regon_search"}
    assert "/OdpisAktualny/0000031247?rejestr=S&format=json" in keys["krs_api"]
    assert "opp_reports" not in dict(ids.register_links({"krs": "0000031247", "opp": False}))
    assert [key for key, _ in ids.register_links({"regon": CITY_REGON})] == ["regon_search"]
    assert ids.register_links({}) == []


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"krs": "0000030897", "nip": CITY_NIP}, "PL-KRS-0000030897"),
        ({"krs": "", "regon": CITY_REGON, "nip": CITY_NIP}, "PL-REGON-000660995"),
        ({"nip": CITY_NIP}, "PL-NIP-6970020756"),
        ({"title": "x"}, None),
    ],
)
def test_org_id(record, expected):
    assert ids.org_id(record) == expected
