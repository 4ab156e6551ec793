"""How numbers, money and addresses are written in every part of the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import polish, record_types, vocabularies
from ckanext.leszno_ngo.catalogue.money import MEASURES, Sum
from ckanext.leszno_ngo.cooperation import figures
from ckanext.leszno_ngo.cooperation.figures import SOURCE, Filters, Part
from ckanext.leszno_ngo.cooperation.report import records as report
from ckanext.leszno_ngo.cooperation.report.model import Cell
from ckanext.leszno_ngo.cooperation.report.records import GRANT, Record, Sums, Year
from ckanext.leszno_ngo.exports import display_values
from ckanext.leszno_ngo.record_types import RecordType


@dataclass(frozen=True)
class Writer:
    """Writes cells: numbers and money in the page's language, and where they lead."""

    year: Year
    lang: str
    day: dt.date

    @property
    def code(self) -> str:
        """The year, four digits."""
        return self.year.figures.year

    def plan_page(self) -> str:
        """The address of the programme's own record; empty without one."""
        return self.page(self.year.plan) if self.year.plan else ""

    def source_label(self, code: str) -> str:
        """A source of money in words."""
        return vocabularies.get(SOURCE).label(code, self.lang)

    def granted_by_source(self, grants: Sequence[Record], filters: Filters) -> tuple[Cell, ...]:
        """What was granted, the money of different bodies apart."""
        return tuple(
            self.amount(
                report.sums(report.of_source(grants, code)).granted,
                GRANT,
                {**filters, SOURCE: [code]},
            )
            for code in sources()
        )

    def granted_headings(self) -> tuple[str, ...]:
        """Headings over ``granted_by_source``."""
        return tuple(
            tk._("Granted: %(source)s") % {"source": self.source_label(code)} for code in sources()
        )

    def grants_with(self, name: str, code: str) -> list[Record]:
        """The year's grants whose field ``name`` has ``code``."""
        return [grant for grant in self.year.grants if grant.get(name) == code]

    def told(self, number: Any, page: str) -> Cell:
        """A number that an official gave, a dash where nobody did."""
        return Cell("–") if number in (None, "") else self.at(page, float(number))

    def at(self, url: str, number: float) -> Cell:
        """A number that leads to an address; no address leads nowhere."""
        return Cell(self.digits(number), url, number)

    def money_at(self, url: str, amount: float) -> Cell:
        """Money, in złoty, that leads to an address."""
        return Cell(self.zloty(amount), url, amount)

    def recipient(self, grant: Record) -> Cell:
        """Who got a grant, with everything that they got in the year."""
        name = grant.get("recipient_name") or ""
        filters = {"recipient_name": [name]}
        return Cell(name, self.search(GRANT, filters) if name else "")

    def granted(self, grant: Record) -> Cell:
        """What a grant amounts to, with its page."""
        added = report.sums([grant])
        return self.sum_at(self.page(grant), added.granted)

    def stage(self, grant: Record) -> Cell:
        """What has become of a grant."""
        code = grant.get("status") or ""
        return Cell(vocabularies.get("grant_status").label(code, self.lang) if code else "–")

    def source_amount(self, part: Part | None, code: str, role: str) -> Cell:
        """Money of one source in one role; a dash where there is none."""
        source = part.sources.get(code) if part else None
        if source is None or role not in source.sums:
            return Cell("–")
        return self.sum_at(self.url(source.search), source.sums[role])

    def part_count(self, part: Part | None) -> Cell:
        """How many records of a type there are, with the search that finds them."""
        if part is None:
            return Cell("0", value=0)
        return self.at(self.url(part.search), part.count)

    def number(self, number: int, type_name: str, filters: Filters) -> Cell:
        """A number of records, with the search of the year that finds them."""
        return self.at(self.search(type_name, filters), number)

    def sum_at(self, url: str, money: Sum, of: RecordType | None = None) -> Cell:
        """A sum that leads to an address: a dash for nothing known, else what it is made of."""
        if money.amount is None:
            return Cell("–")
        note = display_values.made_of(money, of, self.lang)
        text = self.zloty(money.amount)
        return Cell(f"{text} ({note})" if note else text, url, float(money.amount))

    def amount(self, money: Sum, type_name: str, filters: Filters) -> Cell:
        """Money of records, with the search of the year that finds them."""
        of = record_types.get(type_name)
        return self.sum_at(self.search(type_name, filters), money, of)

    def search(self, type_name: str, filters: Filters) -> str:
        """The address of a search; a type that has years is asked for the report's."""
        record_type = record_types.get(type_name)
        assert record_type
        in_year = {figures.YEAR: [self.code]} if figures.is_yearly(record_type) else {}
        return self.url(figures.search_address(record_type, {**filters, **in_year}))

    def url(self, address: str) -> str:
        """The whole address, in the language of the page: the report leaves the portal."""
        path, _mark, query = address.partition("?")
        name = f"{path.strip('/')}.search"
        return tk.url_for(name, _external=True) + (f"?{query}" if query else "")

    def page(self, record: Record) -> str:
        """The whole address of a record's page."""
        return tk.url_for(f"{record['type']}.read", id=record["name"], _external=True)

    def digits(self, number: float) -> str:
        """A number in the language of the page."""
        return polish.format_number(number, self.lang)

    def zloty(self, amount: Decimal | float) -> str:
        """Money in the language of the page."""
        return polish.format_money(amount, self.lang)


def sources() -> tuple[str, ...]:
    """Whose money there is: codes of ``money_source``."""
    return vocabularies.get(SOURCE).codes


def amounts(added: Sums) -> tuple[Sum, ...]:
    """The money of sums, in the order of ``sum_headings``."""
    return tuple(added.money[measure] for measure in MEASURES)


def sum_headings() -> tuple[str, ...]:
    """Headings over sums of grants."""
    return (
        tk._("Grants"),
        tk._("Contracts"),
        tk._("Asked"),
        tk._("Granted"),
        tk._("Paid"),
        tk._("Settled"),
        tk._("Returned"),
        tk._("Declined"),
    )
