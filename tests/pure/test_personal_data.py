"""Personal data in texts. The PESEL numbers are made up: right in form, of nobody known."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import personal_data

WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)


def pesel(first_ten):
    total = sum(int(digit) * weight for digit, weight in zip(first_ten, WEIGHTS, strict=True))
    return f"{first_ten}{-total % 10}"


GOOD = pesel("4405140135")
AFTER_2000 = pesel("0231010135")


@pytest.mark.parametrize(
    "text",
    [GOOD, f"PESEL:{GOOD}.", f"Prezes (PESEL {GOOD}), tel. 655298100", f"{GOOD[:6]} {GOOD[6:]}",
     f"{GOOD[:6]}-{GOOD[6:]}", f"nr{AFTER_2000}", f"a\u00a0{GOOD[:6]}\u00a0{GOOD[6:]}"],
)  # fmt: skip
def test_a_pesel_is_found(text):
    assert [finding.kind for finding in personal_data.find(text)] == ["pesel"]
    redacted = personal_data.redact(text)
    assert "[…]" in redacted
    assert GOOD[6:] not in redacted


@pytest.mark.parametrize(
    "text",
    ["", "brak", "0000031247", "6970020756", "37109197200000", "48655298100",
     GOOD[:-1] + str((int(GOOD[-1]) + 1) % 10), pesel("4413140135"), pesel("4402300135"),
     pesel("4485140135"), "1" + GOOD, GOOD + "1", "61 1090 1014 0000 0712 1981 2874",
     "PL61109010140000071219812874", "biuro@leszno.pl", "a@b"],
)  # fmt: skip
def test_other_numbers_are_let_be(text):
    assert personal_data.find(text) == []
    assert personal_data.redact(text) == text


@given(st.uuids(), st.sampled_from(["{}", "owner_org: {}.", "https://x.pl/a/{}/b", "({})", "{}_a"]))
def test_nothing_is_found_in_an_identifier(identifier, around):
    for spelling in (str(identifier), identifier.hex, str(identifier).upper()):
        if any(sign.isalpha() for sign in spelling):
            assert personal_data.find(around.format(spelling)) == []


@pytest.mark.parametrize(
    "identifier",
    ["00a9fd3e-3eb2-463e-8c63-7b791381427c", "791381427ab31f0c4d5e6f708192a3b4"],
)  # fmt: skip
def test_digits_of_an_identifier_are_no_telephone(identifier):
    assert personal_data.find(identifier) == []
    assert personal_data.redact(f"{identifier} 791 381 427") == f"{identifier} […]"


def test_private_mailboxes_are_found():
    text = "Pisz: Ktos.Tam@Gmail.com, biuro@fundacja-odzew.pl lub x@op.pl."
    places = [text[f.start : f.end] for f in personal_data.find(text)]
    assert places == ["Ktos.Tam@Gmail.com", "x@op.pl"]
    assert personal_data.is_private_email("ktos@WP.PL")
    assert not personal_data.is_private_email("um@leszno.pl")


def test_redaction_can_be_of_one_kind():
    text = f"{GOOD} ktos@gmail.com"
    assert personal_data.redact(text, "X", ["pesel"]) == "X ktos@gmail.com"
    assert personal_data.redact(text, "X") == "X X"


@given(st.text(), st.dates(dt.date(1900, 1, 1), dt.date(1999, 12, 31)), st.integers(0, 9999))
def test_a_pesel_is_found_in_any_text(around, born, serial):
    number = pesel(f"{born:%y%m%d}{serial:04}")
    around = around.rstrip("0123456789-").replace("@", "")
    assert "pesel" in {f.kind for f in personal_data.find(f"{around} {number} ok")}
    assert number not in personal_data.redact(f"{around} {number} ok")
