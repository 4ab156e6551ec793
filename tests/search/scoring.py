"""How well the search page answers questions: figures over a file of questions.

A question of need has its right addresses; one of the first three links of the answer (pages that
answer, then entries) must be one of them. A question of nonsense must get no entries.

Against a portal that runs: ``python -m tests.search.scoring ADDRESS NAME …`` prints figures of
``questions/NAME.yaml``, and of a file whose name ends in ``tune`` what is wrong as well.
"""

from __future__ import annotations

import sys
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from bs4 import BeautifulSoup

FOLDER = Path(__file__).with_name("questions")
_FIRST = 3

#: What gives the page of an address: its HTML.
Fetch = Callable[[str], str]


@dataclass(frozen=True)
class Score:
    """What became of the questions of a file, and the faults (question, first links)."""

    asked: int
    right: int
    nothing: int
    wrong: int
    faults: tuple[tuple[str, tuple[str, ...]], ...]

    def share(self, number: int) -> float:
        """Return a number of questions in percent."""
        return 100 * number / self.asked

    def __str__(self) -> str:
        return (
            f"{self.asked} asked, right in {_FIRST} {self.share(self.right):.1f} %, "
            f"nothing {self.share(self.nothing):.1f} %, wrong {self.share(self.wrong):.1f} %"
        )


def questions(name: str) -> list[dict[str, Any]]:
    """Read a file of questions."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def score(asked: Iterable[dict[str, Any]], fetch: Fetch) -> Score:
    """Ask every question.

    :param asked: questions; those without ``right`` are nonsense, for which nothing is right
    :param fetch: gives the page of an address
    """
    right = nothing = wrong = 0
    faults: list[tuple[str, tuple[str, ...]]] = []
    for question in asked:
        links = shown(fetch(f"/szukaj?{urllib.parse.urlencode({'q': question['q']})}"))
        wanted = {_plain(address) for address in question.get("right", ())}
        is_right = bool(wanted & set(links[:_FIRST])) if wanted else not links
        right += is_right
        nothing += bool(wanted) and not links
        wrong += bool(links) and not is_right
        if not is_right:
            faults.append((question["q"], tuple(links[:_FIRST])))
    return Score(right + nothing + wrong, right, nothing, wrong, tuple(faults))


def figures(name: str, fetch: Fetch) -> tuple[float, float, float]:
    """Score a file of questions that nobody is to see.

    :returns: percent that are right, that find nothing, that are wrong; none of the questions, so
        that a test that fails does not tell them
    """
    found = score(questions(name), fetch)
    return found.share(found.right), found.share(found.nothing), found.share(found.wrong)


def shown(html: str) -> list[str]:
    """Return the addresses that a page of results leads to, answers first."""
    soup = BeautifulSoup(html, "html.parser")
    links = soup.select(".ln-answers h3 a, .ln-cards .ln-card h3 a")
    return list(dict.fromkeys(_plain(str(link["href"])) for link in links))


def _plain(address: str) -> str:
    """Return an address without language, query and last slash."""
    path = urllib.parse.urlsplit(address).path
    return path.removeprefix("/en").rstrip("/") or "/"


def _portal(base: str) -> Fetch:
    def fetch(address: str) -> str:
        with urllib.request.urlopen(base + address, timeout=60) as answer:
            return answer.read().decode()

    return fetch


def _lines(base: str, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        found = score(questions(name), _portal(base))
        yield f"{name}: {found}"
        if name.endswith("tune"):
            yield from (f"  {q}: {', '.join(links) or 'nothing'}" for q, links in found.faults)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in _lines(sys.argv[1], sys.argv[2:]))
