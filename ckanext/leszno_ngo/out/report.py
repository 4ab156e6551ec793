"""The yearly report as a document: sections, paragraphs and tables, before any format.

The page and the DOCX are made of the same document, so they say the same. Every number that
counts or sums records leads to the search that finds them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import config, law, moments, polish, record_types, vocabularies
from ckanext.leszno_ngo.catalogue import figures, report
from ckanext.leszno_ngo.catalogue.computed import CITY, OUTSIDE
from ckanext.leszno_ngo.catalogue.figures import SOURCE, Filters, Line, Part
from ckanext.leszno_ngo.catalogue.report import (
    CALL,
    CONSULTATION,
    GRANT,
    PARTNERSHIP,
    Record,
    Sums,
    Year,
)
from ckanext.leszno_ngo.record_types import RecordType

#: Years that the trend shows, the report's own among them.
TREND = 5


@dataclass(frozen=True)
class Cell:
    """A cell of a table; ``value`` is its number where it has one, ``url`` is where it leads."""

    text: str
    url: str = ""
    value: float | None = None


@dataclass(frozen=True)
class Table:
    """A table.

    ``bar`` is the column that a chart shows, ``total`` is how many rows at the end sum the others,
    ``name`` is where an address on the same page leads.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bar: int | None = None
    total: int = 0
    name: str = ""

    @property
    def bars(self) -> list[tuple[str, str, float]]:
        """What the chart shows: label, number as text, length from 0 to 1."""
        if self.bar is None:
            return []
        shown = self.rows[: len(self.rows) - self.total]
        most = max((row[self.bar].value or 0 for row in shown), default=0)
        return [
            (row[0].text, row[self.bar].text, (row[self.bar].value or 0) / most)
            for row in shown
            if most
        ]

    @property
    def chart_text(self) -> str:
        """What a chart says to those who do not see it; its figures are the table's."""
        return tk._("Chart: %(caption)s. The table below has the same figures.") % {
            "caption": self.caption
        }


@dataclass(frozen=True)
class Section:
    """A part of the report; ``to_write`` is what an official may add to it.

    A paragraph is a cell too: its figures are those of the address it leads to.
    """

    name: str
    title: str
    paragraphs: tuple[Cell, ...] = ()
    tables: tuple[Table, ...] = ()
    to_write: str = ""


@dataclass(frozen=True)
class Report:
    """The whole report."""

    year: str
    title: str
    publisher: str
    sections: tuple[Section, ...]


def document(year: Year, lang: str, now: dt.datetime) -> Report:
    """Write the report.

    :param year: what was gathered
    :param lang: ``pl`` or ``en``; texts of the page are in the language of the request
    :param now: the moment that the figures are of
    """
    writer = _Writer(year, lang, moments.today(now))
    return Report(
        year=writer.code,
        title=tk._("Report on the programme of cooperation in %(year)s") % {"year": writer.code},
        publisher=config.publisher_name(),
        sections=writer.sections(),
    )


@dataclass(frozen=True)
class _Writer:
    """Writes the sections, in the order of published reports of municipalities."""

    year: Year
    lang: str
    day: dt.date

    @property
    def code(self) -> str:
        """The year, four digits."""
        return self.year.figures.year

    def sections(self) -> tuple[Section, ...]:
        """All sections."""
        return (
            self._introduction(),
            self._making(),
            self._money(),
            self._calls(),
            *(self._mode(name, title) for name, title in self._single_modes()),
            self._organisations(),
            self._goals(),
            self._without_money(),
            self._partnerships(),
            self._consultations(),
            self._trend(),
            self._conclusions(),
        )

    # ------------------------------------------------------------------ words
    def _introduction(self) -> Section:
        plan = self.year.plan or {}
        paragraphs = [
            tk._(
                "This report is made under art. 5a(3) of the act of 24 April 2003 on public "
                "benefit and volunteering. It is presented to the City Council and published in "
                "the Public Information Bulletin by 31 May of the next year."
            )
        ]
        if plan:
            said = [plan["title"], plan.get("resolution"), self._on(plan.get("adopted_date"))]
            paragraphs.append(
                tk._("The year's programme: %(programme)s.")
                % {"programme": ", ".join(filter(None, said))}
            )
        else:
            paragraphs.append(tk._("The catalogue has no record of this year's programme."))
        paragraphs.append(
            tk._(
                "The figures are counted from the catalogue's public records as of %(day)s. Each "
                "number leads to the records behind it."
            )
            % {"day": polish.format_date(self.day, self.lang)}
        )
        return Section("introduction", tk._("Introduction"), _words(*paragraphs))

    def _on(self, day: str | None) -> str:
        if not day:
            return ""
        return tk._("adopted on %(day)s") % {"day": polish.format_date(moments.day(day), self.lang)}

    def _making(self) -> Section:
        plan = self.year.plan or {}
        consulted = plan.get("consulted_date")
        paragraphs = [plan.get("consultation_note") or ""]
        if consulted:
            day = polish.format_date(moments.day(consulted), self.lang)
            paragraphs.append(tk._("The consultations ended on %(day)s.") % {"day": day})
        if plan.get("priorities"):
            paragraphs.append(
                tk._("Priority tasks: %(tasks)s") % {"tasks": plan["priorities"].strip()}
            )
        return Section(
            "making",
            tk._("How the programme was made"),
            _words(*filter(None, paragraphs)),
            to_write=tk._("Who was consulted, how many remarks came and how many were accepted."),
        )

    def _conclusions(self) -> Section:
        said = (self.year.plan or {}).get("conclusions")
        return Section(
            "conclusions",
            tk._("Conclusions"),
            _words(said) if said else (),
            to_write="" if said else tk._("What went well, what did not, what changes next year."),
        )

    # ------------------------------------------------------------------ money
    def _money(self) -> Section:
        own, planned = self.year.own, (self.year.plan or {}).get("planned_amount")
        paragraphs = []
        if planned:
            percent = polish.format_number(100 * own.granted / planned, self.lang, 1)
            said = tk._("Planned: %(planned)s. Granted: %(percent)s%% of the plan.") % {
                "planned": self._zloty(planned),
                "percent": percent,
            }
            paragraphs.append(Cell(said, self._plan_page()))
        said = tk._(
            "The plan is compared with the City's own money. Money of other funders, and grants "
            "that an operator passed on from a grant of its own, stand beside it and are not "
            "added to it."
        )
        paragraphs.append(Cell(said))
        tables = (self._by_source(), self._by_mode(), self._by_sphere(), self._by_status())
        return Section("money", tk._("Money planned and granted"), tuple(paragraphs), tables)

    def _plan_page(self) -> str:
        return self._page(self.year.plan) if self.year.plan else ""

    def _by_source(self) -> Table:
        headings = (tk._("Whose money"), *_sum_headings())
        return Table(tk._("Grants by whose money it is"), headings, self._source_rows())

    def _source_rows(self) -> tuple[tuple[Cell, ...], ...]:
        return tuple(
            (
                Cell(self._source_label(code)),
                *self._sum_cells(report.of_source(self.year.grants, code), {SOURCE: [code]}),
            )
            for code in _sources()
        )

    def _source_label(self, code: str) -> str:
        return vocabularies.get(SOURCE).label(code, self.lang)

    def _granted_by_source(self, grants: Sequence[Record], filters: Filters) -> tuple[Cell, ...]:
        """What was granted, the money of different bodies apart."""
        return tuple(
            self._amount(
                report.sums(report.of_source(grants, code)).granted,
                GRANT,
                {**filters, SOURCE: [code]},
            )
            for code in _sources()
        )

    def _granted_headings(self) -> tuple[str, ...]:
        return tuple(
            tk._("Granted: %(source)s") % {"source": self._source_label(code)}
            for code in _sources()
        )

    def _by_mode(self) -> Table:
        rows = [
            (
                Cell(vocabularies.get("call_mode").label(code, self.lang)),
                self._number(self._calls_in(code), CALL, {"mode": [code]}),
                *self._sum_cells(self._grants_with("mode", code), {"mode": [code]}),
            )
            for code in vocabularies.get("call_mode").codes
        ]
        totals = [
            (
                row[0],
                self._number(self._calls_of(code), CALL, {SOURCE: [code]}),
                *row[1:],
            )
            for code, row in zip(_sources(), self._source_rows(), strict=True)
        ]
        headings = (tk._("Mode"), tk._("Calls"), *_sum_headings())
        rows += totals
        return Table(tk._("Grants by mode"), headings, tuple(rows), bar=5, total=len(totals))

    def _calls_of(self, source: str) -> int:
        return len(report.of_source(self.year.records[CALL], source))

    def _calls_in(self, mode: str) -> int:
        return sum(call.get("mode") == mode for call in self.year.records[CALL])

    def _by_sphere(self) -> Table:
        planned: dict[str, float] = {}
        for row in (self.year.plan or {}).get("planned_by_sphere") or ():
            sphere = row.get("sphere") or ""
            planned[sphere] = planned.get(sphere, 0) + float(row.get("amount") or 0)
        rows = []
        for code in vocabularies.get("spheres").codes:
            grants = [g for g in self.year.grants if code in (g.get("spheres") or ())]
            if not grants and code not in planned:
                continue
            filters = {"spheres": [code]}
            rows.append(
                (
                    Cell(vocabularies.get("spheres").label(code, self.lang)),
                    self._planned(planned.get(code, 0)),
                    self._number(len(grants), GRANT, filters),
                    *self._granted_by_source(grants, filters),
                )
            )
        headings = (
            tk._("Sphere"),
            tk._("Planned"),
            tk._("Grants"),
            *self._granted_headings(),
        )
        caption = tk._("Grants by sphere of public tasks (a grant in two spheres counts in both)")
        return Table(caption, headings, tuple(rows), bar=3)

    def _by_status(self) -> Table:
        vocabulary = vocabularies.get("grant_status")
        rows = []
        for code in vocabulary.codes:
            grants, filters = self._grants_with("status", code), {"status": [code]}
            cells = (
                self._number(len(grants), GRANT, filters),
                *self._granted_by_source(grants, filters),
            )
            rows.append((Cell(vocabulary.label(code, self.lang)), *cells))
        headings = (tk._("Stage"), tk._("Grants"), *self._granted_headings())
        return Table(tk._("Grants by stage"), headings, tuple(rows))

    def _grants_with(self, name: str, code: str) -> list[Record]:
        return [grant for grant in self.year.grants if grant.get(name) == code]

    def _sum_cells(self, grants: Sequence[Record], filters: Filters) -> tuple[Cell, ...]:
        added = report.sums(grants)
        return (
            self._number(added.grants, GRANT, filters),
            self._number(added.contracts, GRANT, {**filters, "status": report.signed_stages()}),
            *(self._amount(amount, GRANT, filters) for amount in _amounts(added)),
        )

    # ------------------------------------------------------------------ calls and tasks
    def _calls(self) -> Section:
        rows = [self._call(call) for call in self.year.records[CALL]]
        headings = (
            tk._("Call"),
            tk._("Offers"),
            tk._("With formal errors"),
            *_sum_headings(),
        )
        table = Table(tk._("Calls and their results"), headings, tuple(rows))
        paragraphs = () if rows else _words(tk._("There were no calls."))
        return Section("calls", tk._("Calls for offers"), paragraphs, (table,) if rows else ())

    def _call(self, call: Record) -> tuple[Cell, ...]:
        grants = self.year.of_calls.get(call["id"], ())
        added, refused = report.sums(grants), call.get("refused_offers") or ()
        asked = added.asked + sum(float(offer.get("asked_amount") or 0) for offer in refused)
        page = self._page(call)
        return (
            Cell(call["title"], page),
            self._told(call.get("offers_number"), page),
            self._told(call.get("formal_errors_number"), page),
            self._at(page, added.grants),
            self._at(page, added.contracts),
            Cell(self._zloty(asked), page, asked),
            *(Cell(self._zloty(a), page, a) for a in _amounts(added)[1:]),
        )

    def _told(self, number: Any, page: str) -> Cell:
        """A number that an official gave, a dash where nobody did."""
        return Cell("–") if number in (None, "") else self._at(page, float(number))

    def _at(self, page: str, number: float) -> Cell:
        return Cell(self._digits(number), page, number)

    def _single_modes(self) -> tuple[tuple[str, str], ...]:
        return (
            ("small_grant", tk._("Small grants without a call (art. 19a)")),
            ("local_initiative", tk._("Local initiatives (art. 19b)")),
            ("regranting", tk._("Regranting (art. 16a)")),
        )

    def _mode(self, mode: str, title: str) -> Section:
        grants = self._grants_with("mode", mode)
        if not grants:
            return Section(mode, title, _words(tk._("There were none.")))
        rows = [
            (self._recipient(g), Cell(g["title"], self._page(g)), self._granted(g)) for g in grants
        ]
        added, filters = report.sums(grants), {"mode": [mode]}
        rows.append(
            (
                Cell(tk._("Together")),
                self._number(added.grants, GRANT, filters),
                self._amount(added.granted, GRANT, filters),
            )
        )
        headings = (tk._("Organisation"), tk._("Task"), tk._("Granted"))
        table = Table(title, headings, tuple(rows), total=1)
        return Section(mode, title, self._share(mode, grants), (table,))

    def _share(self, mode: str, grants: Sequence[Record]) -> tuple[Cell, ...]:
        """Art. 19a ust. 7: small grants and the part of the year's money that they may take."""
        planned = (self.year.plan or {}).get("planned_amount")
        limits = law.limits(config.law_limits_path())
        limit = limits.on("small_grant_max_year_share", dt.date(int(self.code), 12, 31))
        if mode != "small_grant" or not (planned and limit):
            return ()
        text = tk._(
            "Small grants took %(percent)s%% of the planned money; the law allows %(most)s%% "
            "(%(article)s)."
        )
        added = report.sums(report.of_source(grants, CITY))
        said = text % {
            "percent": polish.format_number(100 * added.granted / planned, self.lang, 1),
            "most": polish.format_number(limit.value, self.lang),
            "article": limit.article,
        }
        return (Cell(said, self._search(GRANT, {"mode": [mode], SOURCE: [CITY]})),)

    def _organisations(self) -> Section:
        grants = sorted(
            self.year.grants,
            key=lambda g: (polish.sort_key(g.get("recipient_name") or ""), g["title"]),
        )
        rows = [
            (
                self._recipient(grant),
                Cell(grant["title"], self._page(grant)),
                Cell(vocabularies.get("call_mode").label(grant["mode"], self.lang)),
                self._granted(grant),
            )
            for grant in grants
        ]
        headings = (tk._("Organisation"), tk._("Task"), tk._("Mode"), tk._("Granted"))
        caption = tk._("Organisations, their tasks and grants")
        number = len({grant.get("recipient_name") for grant in grants})
        said = tk._("Organisations with a grant: %(count)s.") % {"count": self._digits(number)}
        tables = (Table(caption, headings, tuple(rows)),) if rows else ()
        words = (Cell(said, self._search(GRANT, {})),)
        return Section("organisations", tk._("Organisations and tasks"), words, tables)

    def _recipient(self, grant: Record) -> Cell:
        name = grant.get("recipient_name") or ""
        filters = {"recipient_name": [name]}
        return Cell(name, self._search(GRANT, filters) if name else "")

    def _granted(self, grant: Record) -> Cell:
        amount = float(grant.get("granted_amount") or 0)
        return Cell(self._zloty(amount), self._page(grant), amount)

    # ------------------------------------------------------------------ goals and forms
    def _goals(self) -> Section:
        rows = [
            (
                Cell(f"{goal.code} {goal.term.label(self.lang)}" if goal.term else goal.code),
                Cell(self._digits(goal.count), f"#{goal.code}", goal.count),
                *self._line_granted(goal),
            )
            for goal in self.year.figures.goals
        ]
        headings = (tk._("Goal"), tk._("Records"), *self._granted_headings())
        summary = Table(tk._("Records by goal of the programme"), headings, tuple(rows), bar=1)
        return Section(
            "goals",
            tk._("Goals and forms of cooperation"),
            _words(
                tk._(
                    "A record that serves several forms counts in each of them, and one that runs "
                    "for several years in each of them. The register of organisations, premises "
                    "and guides are counted as they stand today."
                )
            ),
            (summary, *(self._forms_of(goal) for goal in self.year.figures.goals)),
        )

    def _forms_of(self, goal: Line) -> Table:
        rows = [
            row
            for form in self.year.figures.forms
            if goal.code in form.goals
            for row in self._form(form)
        ]
        headings = (tk._("Form"), tk._("Kind of record"), tk._("Records"), tk._("Money"))
        caption = f"{goal.code} {goal.term.label(self.lang) if goal.term else ''}"
        return Table(caption, headings, tuple(rows), name=goal.code)

    def _form(self, form: Line) -> list[tuple[Cell, ...]]:
        title = Cell(f"{form.code} {form.term.label(self.lang) if form.term else ''}")
        if not form.parts:
            return [(title, Cell("–"), Cell("0", value=0), Cell("–"))]
        return [
            (
                title,
                Cell(label),
                Cell(self._digits(part.count), self._url(part.search), part.count),
                self._part_money(part),
            )
            for label, part in self._split(form.parts)
        ]

    def _split(self, parts: Iterable[Part]) -> Iterator[tuple[str, Part]]:
        """The parts, those that tell whose money it is divided by it."""
        for part in parts:
            label = record_types.localised(part.type.label_plural, self.lang)
            if not part.sources:
                yield label, part
            for code, source in part.sources.items():
                yield f"{label}: {self._source_label(code)}", source

    def _part_money(self, part: Part) -> Cell:
        role = next((r for r in ("amount", "planned") if part.money.get(r)), None)
        if role is None:
            return Cell("–")
        amount = part.money[role]
        return Cell(self._zloty(amount), self._url(part.search), amount)

    def _line_granted(self, line: Line) -> tuple[Cell, ...]:
        part = line.part(GRANT)
        return tuple(self._source_amount(part, code, "amount") for code in _sources())

    def _source_amount(self, part: Part | None, code: str, role: str) -> Cell:
        source = part.sources.get(code) if part else None
        if source is None or role not in source.money:
            return Cell("–")
        return Cell(self._zloty(source.money[role]), self._url(source.search), source.money[role])

    # ------------------------------------------------------------------ without money
    def _without_money(self) -> Section:
        rows = [
            row
            for part in self.year.figures.total.parts
            if not part.type.money
            for row in self._kinds(part)
        ]
        headings = (
            tk._("Kind of record"),
            tk._("Kind"),
            tk._("Records"),
            tk._("People reached"),
        )
        table = Table(tk._("Cooperation without money, by kind"), headings, tuple(rows))
        return Section(
            "without-money",
            tk._("Cooperation without money"),
            () if rows else _words(tk._("There were none.")),
            (table,) if rows else (),
        )

    def _kinds(self, part: Part) -> list[tuple[Cell, ...]]:
        label = Cell(record_types.localised(part.type.label_plural, self.lang))
        buckets = {b["val"]: b for b in (part.more.get("kinds") or {}).get("buckets", ())}
        vocabulary = _vocabulary(part.type, "kind")
        if not buckets or vocabulary is None:
            number = Cell(self._digits(part.count), self._url(part.search), part.count)
            return [(label, Cell("–"), number, Cell("–"))]
        return [
            (
                label,
                Cell(vocabulary.label(code, self.lang)),
                self._number_in(part.type, buckets[code]["count"], {"kind": [code]}),
                self._number_in(
                    part.type, round(buckets[code].get("reached") or 0), {"kind": [code]}
                ),
            )
            for code in vocabulary.codes
            if code in buckets
        ]

    def _partnerships(self) -> Section:
        vocabulary = vocabularies.get("partnership_kind")
        rows = [
            (
                Cell(record["title"], self._page(record)),
                Cell(vocabulary.label(record["kind"], self.lang)),
                self._at(self._page(record), len(record.get("parties") or ())),
                self._optional_amount(record.get("total_amount"), self._page(record)),
            )
            for record in self.year.records[PARTNERSHIP]
        ]
        headings = (tk._("Partnership"), tk._("Kind"), tk._("Partners"), tk._("Value"))
        table = Table(tk._("Partnerships that ran in the year"), headings, tuple(rows))
        return Section(
            "partnerships",
            tk._("Partnerships"),
            () if rows else _words(tk._("There were none.")),
            (table,) if rows else (),
        )

    def _consultations(self) -> Section:
        rows = [
            (
                Cell(record["title"], self._page(record)),
                self._told(record.get("comments_number"), self._page(record)),
                self._told(record.get("comments_accepted_number"), self._page(record)),
            )
            for record in self.year.records[CONSULTATION]
        ]
        headings = (tk._("Consultation"), tk._("Comments"), tk._("Accepted"))
        table = Table(tk._("Consultations and their results"), headings, tuple(rows))
        return Section(
            "consultations",
            tk._("Consultations"),
            () if rows else _words(tk._("There were none.")),
            (table,) if rows else (),
        )

    # ------------------------------------------------------------------ trend
    def _trend(self) -> Section:
        by_code = {line.code: line for line in self.year.figures.years}
        codes = [str(int(self.code) - back) for back in reversed(range(TREND))]
        years = [by_code.get(code, Line(code, None, ())) for code in codes]
        tables = (self._indicators(years), self._counts(years))
        return Section("trend", tk._("Indicators against the previous years"), (), tables)

    def _indicators(self, years: Iterable[Line]) -> Table:
        headings = (
            tk._("Year"),
            tk._("Calls"),
            tk._("Offers"),
            tk._("Share with formal errors"),
            tk._("Grants"),
            tk._("Organisations"),
            tk._("Asked of the City"),
            tk._("Granted by the City"),
            tk._("Returned to the City"),
            tk._("Granted by other funders"),
        )
        rows = tuple(self._indicator(line) for line in years)
        return Table(tk._("Calls and grants by year"), headings, rows, bar=7)

    def _indicator(self, line: Line) -> tuple[Cell, ...]:
        calls, grants = line.part(CALL), line.part(GRANT)
        offers = calls.more.get("offers", 0) if calls else 0
        wrong = calls.more.get("formal_errors", 0) if calls else 0
        asked_at = self._url(calls.search) if calls else ""
        share = self._percent(100 * wrong / offers, asked_at) if offers else Cell("–")
        url = self._url(grants.search) if grants else ""
        organisations = grants.more.get("organisations", 0) if grants else 0
        return (
            Cell(line.code),
            self._part_count(calls),
            Cell(self._digits(offers), asked_at, offers),
            share,
            self._part_count(grants),
            Cell(self._digits(organisations), url, organisations),
            *(self._source_amount(grants, CITY, role) for role in ("asked", "amount", "returned")),
            self._source_amount(grants, OUTSIDE, "amount"),
        )

    def _counts(self, years: Sequence[Line]) -> Table:
        types = [
            t
            for t in record_types.all_types()
            if t.programme_forms and figures.is_yearly(t) and t.name not in (CALL, GRANT)
        ]
        headings = (
            tk._("Year"),
            *(record_types.localised(t.label_plural, self.lang) for t in types),
            tk._("People reached"),
        )
        rows = tuple(
            (
                Cell(line.code),
                *(self._part_count(line.part(t.name)) for t in types),
                self._reached(line),
            )
            for line in years
        )
        return Table(tk._("Other cooperation by year"), headings, rows)

    def _reached(self, line: Line) -> Cell:
        reached = round(sum(part.more.get("reached", 0) for part in line.parts))
        address = tk.url_for("leszno_ngo_records.szukaj", year=line.code, _external=True)
        return Cell(self._digits(reached), address if reached else "", reached)

    def _part_count(self, part: Part | None) -> Cell:
        if part is None:
            return Cell("0", value=0)
        return Cell(self._digits(part.count), self._url(part.search), part.count)

    # ------------------------------------------------------------------ cells and addresses
    def _percent(self, number: float, url: str) -> Cell:
        return Cell(f"{polish.format_number(number, self.lang, 1)}%", url, number)

    def _planned(self, amount: float) -> Cell:
        return Cell(self._zloty(amount), self._plan_page(), amount)

    def _number(self, number: int, type_name: str, filters: Filters) -> Cell:
        return Cell(self._digits(number), self._search(type_name, filters), number)

    def _number_in(self, record_type: RecordType, number: int, filters: Filters) -> Cell:
        return Cell(self._digits(number), self._search(record_type.name, filters), number)

    def _amount(self, amount: float, type_name: str, filters: Filters) -> Cell:
        return Cell(self._zloty(amount), self._search(type_name, filters), amount)

    def _optional_amount(self, amount: Any, url: str) -> Cell:
        return Cell(self._zloty(float(amount)), url, float(amount)) if amount else Cell("–")

    def _search(self, type_name: str, filters: Filters) -> str:
        record_type = record_types.get(type_name)
        assert record_type
        in_year = {figures.YEAR: [self.code]} if figures.is_yearly(record_type) else {}
        return self._url(figures.search_address(record_type, {**filters, **in_year}))

    def _url(self, address: str) -> str:
        """The whole address, in the language of the page: the report leaves the portal."""
        path, _mark, query = address.partition("?")
        name = f"{path.strip('/')}.search"
        return tk.url_for(name, _external=True) + (f"?{query}" if query else "")

    def _page(self, record: Record) -> str:
        return tk.url_for(f"{record['type']}.read", id=record["name"], _external=True)

    def _digits(self, number: float) -> str:
        return polish.format_number(number, self.lang)

    def _zloty(self, amount: float) -> str:
        return polish.format_money(amount, self.lang)


def _words(*texts: str) -> tuple[Cell, ...]:
    return tuple(map(Cell, texts))


def _sources() -> tuple[str, ...]:
    return vocabularies.get(SOURCE).codes


def _amounts(added: Sums) -> tuple[float, ...]:
    return (added.asked, added.granted, added.settled, added.returned)


def _sum_headings() -> tuple[str, ...]:
    return (
        tk._("Grants"),
        tk._("Contracts"),
        tk._("Asked"),
        tk._("Granted"),
        tk._("Settled"),
        tk._("Returned"),
    )


def _vocabulary(record_type: RecordType, name: str) -> vocabularies.Vocabulary | None:
    found = next((f.vocabulary for f in record_type.fields if f.name == name), None)
    return vocabularies.get(found) if found else None
