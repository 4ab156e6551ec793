"""How hard the Polish of pages is: the FOG index, years of school that a text asks for.

FOG is 0.4 × (words in a sentence + percent of hard words); in Polish a word of four syllables or
more is hard (the Polish Language Workshop of the University of Wrocław counts so).
"""

import re

import pytest

from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

HARD_SYLLABLES = 4
MOST = 10
#: What is not read as sentences, and what is folded until somebody asks for it.
NOT_PROSE = "script, style, svg, table, form, .visually-hidden, details > :not(summary)"
BLOCKS = ("p", "li", "h1", "h2", "h3", "dt", "dd", "summary", "figcaption")
_WORD = re.compile(r"[^\W\d_]+")
# A soft "i" before another vowel makes no syllable of its own; "au" and "eu" are one.
_SYLLABLE = re.compile(r"i(?=[aeouóyąę])|(au|eu|[aeiouóyąę])", re.IGNORECASE)


def syllables(word):
    return len([vowel for vowel in _SYLLABLE.findall(word) if vowel])


def fog(text_blocks):
    """The index of some blocks of text, each of which ends its last sentence."""
    sentences = [s for block in text_blocks for s in re.split(r"(?<=[.!?])\s+", block)]
    spoken = [words for words in map(_WORD.findall, sentences) if words]
    words = [word for sentence in spoken for word in sentence]
    hard = [word for word in words if syllables(word) >= HARD_SYLLABLES]
    assert len(words) > 50, text_blocks
    return 0.4 * (len(words) / len(spoken) + 100 * len(hard) / len(words))


def prose(soup):
    main = soup.select_one("[role=main]")
    for element in main.select(NOT_PROSE):
        element.decompose()
    found = (e for e in main.find_all(BLOCKS) if not e.find(BLOCKS))
    return [" ".join(e.get_text(" ").split()) for e in found]


@pytest.mark.parametrize(
    ("word", "count"),
    [("dom", 1), ("ziemia", 2), ("organizacja", 5), ("autobus", 3), ("świeża", 2)],
)
def test_syllables(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize(
    "address", ["/", "/program", "/tekst-latwy-do-czytania", "/kontakt", "/polityka-prywatnosci"]
)
def test_pages_for_everybody_are_easy_to_read(address, page):
    records.create("programme", year="2026")
    records.create("event", start_date="2099-01-01")
    assert fog(prose(page(address))) <= MOST


def test_a_call_in_short_is_easy_to_read(page):
    call = records.create(
        "call-for-offers",
        open_date="2020-01-01",
        offers_deadline_date="2099-03-01T15:00",
        max_amount=1000,
        own_share_percent=10,
        task_start_date="2099-05-01",
        task_end_date="2099-12-01",
    )
    short = page(f"/call-for-offers/{call['name']}").select_one(".ln-in-short p").get_text()
    assert fog([short, short]) <= MOST
