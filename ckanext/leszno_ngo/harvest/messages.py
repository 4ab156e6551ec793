"""Why a row was set aside or a run stopped, in words. Codes come from below, with their data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
import click
from flask import has_request_context
from flask_babel import force_locale

from ckanext.leszno_ngo import config, polish
from ckanext.leszno_ngo.harvest.doubts import Doubt, DoubtfulError
from ckanext.leszno_ngo.harvest.merge import Difference
from ckanext.leszno_ngo.harvest.model import MASKED, Mark, Refusal, SourceError, display_text
from ckanext.leszno_ngo.harvest.settings import Problem
from ckanext.leszno_ngo.harvest.source_kinds import own_text
from ckanext.leszno_ngo.languages import N_
from ckanext.leszno_ngo.record_types import RecordType, localised

#: Why a run stopped.
STOPS: Mapping[str, str] = {
    "running": N_("This source is being harvested already. Wait until that run ends"),
    "interrupted": N_("The run was interrupted. The next run goes on where this one stopped"),
    "database_away": N_(
        "The database stopped answering. The next run goes on where this one stopped"
    ),
    "database_full": N_(
        "The database is out of disk space. An administrator frees space on its server; the next "
        "run goes on where this one stopped"
    ),
    "database_busy": N_(
        "The database is out of connections. An administrator ends processes that are not needed, "
        "or raises max_connections; the next run goes on where this one stopped"
    ),
    "lost": N_(
        "The job was not started: it is in the queue no more, or never came into it. Start the "
        "harvest again"
    ),
    "queue_away": N_(
        "The harvest was not started: the queue of jobs does not answer. Try again later"
    ),
    "ended": N_("This job has ended already and does not run again"),
    "not_indexed": N_(
        "The search engine did not take %(records)s records. They are saved; the next run "
        "puts them into the search"
    ),
    "cancelled": N_("The run was stopped by hand. The next run goes on where this one stopped"),
    "fault": N_(
        "The run ended by a fault of the program; an administrator finds it in the server's log. "
        "The next run goes on where this one stopped"
    ),
    "refused_share": N_(
        "%(refused)s of %(rows)s rows are bad, so nothing was changed. Check whether this is the "
        "right file; the limit is max_refused_share = %(limit)s"
    ),
    "vanished_share": N_(
        "%(missing)s of %(known)s records known from this source are not in it any more, so "
        "nothing was changed. If that is right, raise max_vanished_share (now %(limit)s) for one "
        "run"
    ),
    "names_share": N_(
        "%(changed)s of %(known)s known records would get another name (the first in row "
        "%(row)s). Check whether a column was sorted alone, shifted or saved without Polish letters"
    ),
    "identifiers_share": N_(
        "%(changed)s of %(known)s known records would get another number or lose one (the first in "
        "row %(row)s). Check whether a column was sorted alone, shifted or cleared"
    ),
    "field_share": N_(
        "%(changed)s of %(known)s values of the field %(field)s would become others. Check whether "
        "headings were swapped or a column sorted alone"
    ),
    "emptied": N_(
        "%(changed)s of %(known)s values of the field %(field)s would be emptied. Check whether "
        "its column was cleared"
    ),
    "garbled": N_(
        "Letters were lost in %(rows)s rows (row %(row)s, %(field)s: %(value)s). Save the file "
        "again as UTF-8"
    ),
    "unreadable_share": N_(
        "%(rows)s of %(known)s rows have letters that cannot be read. Save the file again as UTF-8"
    ),
    "american_dates": N_(
        "The field %(field)s has %(sure)s dates with the month first, as in America (the first in "
        "row %(row)s), and %(unsure)s that can be read either way, so nothing was changed. Write "
        "dates as 2025-12-31, or set date_order"
    ),
    "either_dates": N_(
        "The field %(field)s has dates (%(unsure)s) of which nobody can tell whether the day or "
        "the month comes first, so nothing was changed. Write them as 2025-12-31, or set date_order"
    ),
    "no_rows": N_("The source has no rows, so nothing was changed"),
    "no_file": N_("There is no file %(name)s"),
    "by_hand": N_(
        "This source is a file that was loaded by hand. Give it a web address, or load the file "
        "with: ckan leszno-ngo harvest FILE"
    ),
    "record_type": N_("There is no record type %(name)s. Correct record_type"),
    "owner_org": N_("There is no organisation %(name)s. Correct owner_org"),
    "no_rights": N_(
        "The account that saved this source last may not edit entries of its department any more. "
        "Somebody who may has to open the source's form and save it"
    ),
    "other_owner": N_(
        "owner_org names another department than the source's own. A system administrator saves "
        "such a source, or owner_org is taken out"
    ),
    "no_owner": N_(
        "New records need an organisation. Choose one for the source, or give owner_org"
    ),
    "settings": N_("The configuration of the source is wrong: %(problems)s"),
    "address": N_("This address cannot be followed. Give one that begins with https:// or http://"),
    "address_secret": N_(
        "The address has a user's name or a password in it (…@), which everybody would see. Take "
        "it out; an administrator keeps it on the server: ckanext.leszno_ngo.harvest.credentials"
    ),
    "credentials": N_(
        "The file with passwords of other servers cannot be read. An administrator mends it: "
        "ckanext.leszno_ngo.harvest.credentials"
    ),
    "private_address": N_(
        "%(url)s has no public address: its name may be mistyped, or lead into a private network. "
        "Check it. An administrator can allow private networks with "
        "ckanext.leszno_ngo.harvest.allow_private_addresses"
    ),
    "redirect": N_(
        "%(url)s redirects to another server, %(to)s. If that is the right one, give its address"
    ),
    "redirects": N_("%(url)s redirects more than %(limit)s times"),
    "timeout": N_("%(url)s did not answer in time. Try again later"),
    "unreachable": N_("There was no connection with %(url)s. Try again later"),
    "not_found": N_("There is nothing at %(url)s (HTTP %(status)s). Check the address"),
    "forbidden": N_("%(url)s does not let us in (HTTP %(status)s)"),
    "empty": N_("The source is empty, so nothing was changed"),
    "rate_limited": N_("%(url)s asks for fewer requests (HTTP %(status)s). Try again later"),
    "server_error": N_("%(url)s has a fault (HTTP %(status)s). Try again later"),
    "http_status": N_("%(url)s answered HTTP %(status)s"),
    "html": N_("A web page came instead of data. Give the address of the file itself"),
    "content_type": N_("%(url)s sent %(found)s instead of a table or JSON"),
    "content_encoding": N_("%(url)s sent data packed in a way that cannot be read (%(found)s)"),
    "too_big": N_("The file is bigger than %(limit)s"),
    "too_many_rows": N_("The file has more than %(limit)s rows. Is it the right one?"),
    "time_limit": N_(
        "Reading and saving the source took longer than %(limit)s seconds, so it was stopped. "
        "What was saved stays, and the next run goes on. Give a smaller file, or raise "
        "ckanext.leszno_ngo.harvest.max_seconds"
    ),
    "memory_limit": N_(
        "The source took more than %(limit)s MB of memory, so it was stopped. What was saved "
        "stays. Give a smaller file, or raise ckanext.leszno_ngo.harvest.max_memory"
    ),
    "truncated": N_("The file is cut off, so nothing was changed. Fetch or save it again"),
    "xls": N_("This is an old Excel file (.xls). Save it as .xlsx or CSV"),
    "format": N_("This is not a table (CSV or XLSX) but %(found)s"),
    "json": N_("%(url)s sent JSON that cannot be read"),
    "binary": N_("The file is not a text, so it is no CSV"),
    "header": N_(
        "No row with headings was found in the first %(rows)s rows. The name and a number (KRS, "
        "REGON, NIP or the register's) must have a column; own headings can be given in columns"
    ),
    "header_duplicate": N_("Two columns mean the same field, %(field)s: %(headings)s"),
    "header_missing": N_("A column is missing: %(fields)s. Own headings can be given in columns"),
    "columns": N_("No table can give these fields: %(fields)s. Correct columns"),
    "line_too_long": N_("A line of the file is longer than %(limit)s characters"),
    "bomb": N_("The XLSX file is made to fill the memory: %(why)s. It was not opened"),
    "encrypted": N_("The XLSX file has a password. Save it without one"),
    "broken": N_("The XLSX file is damaged. Save it again"),
    "changed": N_("The other catalogue changed while it was read. Run the harvest again"),
}

#: What makes a file one that fills the memory.
_BOMBS: Mapping[str, str] = {
    "entries": N_("it holds too many files"),
    "size": N_("unpacked it is too big"),
    "ratio": N_("it is packed too well"),
    "doctype": N_("it declares words that grow"),
    "part": N_("its list of sheets or styles is too big"),
    "strings": N_("it has too many texts"),
}
#: What a file is that is no table.
_FORMATS: Mapping[str, str] = {
    "zip": N_("a ZIP archive"),
    "rar": N_("a RAR archive"),
    "7z": N_("a 7z archive"),
    "gzip": N_("a packed file (gzip)"),
    "pdf": "PDF",
    "rtf": "RTF",
    "xml": "XML",
    "json": N_("JSON of another kind"),
}
#: Reason → the part of its data that is a code, and the texts of that.
_CODES = {"bomb": ("why", _BOMBS), "format": ("found", _FORMATS)}

#: Why a row, or one of its fields, was set aside.
REASONS: Mapping[str, str] = {
    "repeated": N_("the row says again what row %(first)s says"),
    "repeated_differs": N_("row %(first)s is about the same organisation and says otherwise"),
    "shared_number": N_("another row or record has the same number, and it is not the same body"),
    "two_records": N_(
        "its numbers belong to two different records, so they were not merged: %(records)s"
    ),
    "other_number": N_(
        "%(record)s has %(stands)s here; nothing was changed. Correct the source or the record"
    ),
    "other_department": N_(
        "%(record)s is of another department; nothing was changed. A system administrator can let "
        "the source into it with departments"
    ),
    "invalid": N_("%(messages)s"),
    "no_identifier": N_("there is no KRS, REGON, NIP or register number"),
    "empty": N_("there is no value"),
    "checksum": N_("its control digit does not fit, so a digit is mistyped"),
    "length": N_("it has too many or too few digits"),
    "characters": N_("it has characters other than digits"),
    "structure": N_("no municipality has this number"),
    "too_long": N_("it is too long"),
    "personal_data": N_("it holds personal data, which is not published"),
    "may_be_person": N_(
        "it may name a person, so the row is not published. It waits on the desk (/panel) until "
        "an official accepts or rejects it"
    ),
    "masked": N_("the text went in, but this was masked in it: %(kinds)s"),
    "private_email": N_("this looks like a person's address, which is not published"),
    "mobile_phone": N_("this is a mobile number, which may be private"),
    "building_number": N_("this is not a building number"),
    "postal_code": N_("this is not a postal code"),
    "status": N_("this status is not known"),
    "voivodeship": N_("this voivodeship is not known"),
    "flag": N_("this is neither yes nor no"),
    "pkd": N_("this is not a PKD code"),
    "years": N_("this is not a year"),
    "email": N_("this is not an e-mail address"),
    "phone": N_("this is not a telephone number"),
    "website": N_("this is not a web address"),
    "edelivery_address": N_("this is not an address for electronic delivery"),
    "address": N_("the address cannot be taken apart"),
    "code": N_("this code is not known"),
    "ragged": N_("the row has %(cells)s cells instead of %(expected)s"),
    "quotes": N_("quotation marks in the row do not match"),
    "cell_too_long": N_("a cell is too long"),
    "encoding": N_("it has characters that cannot be read"),
    "formula": N_("it is a formula, not a value"),
    "cell_error": N_("the spreadsheet could not work it out"),
    "amount": N_("this is not a number"),
    "amount_range": N_("this number is too small or too large"),
    "whole_number": N_("this is not a whole number"),
    "percent": N_("this is not a number from 0 to 100"),
    "year": N_("this is not a year"),
    "degrees": N_("this is not a number of degrees"),
    "outside": N_("this place is outside Poland"),
    "not_found": N_("the register does not have this number"),
    "other_type": N_("this is a record of another type"),
    "format": N_("this is not a record"),
}

#: What is masked in a text (``personal_data.KINDS``).
KINDS: Mapping[str, str] = {
    "pesel": N_("PESEL number"),
    "private_email": N_("private e-mail address"),
    "mobile_phone": N_("mobile number"),
    "home_address": N_("home address"),
    "person": N_("person's name"),
    "erased": N_("data erased on request"),
}

_PROBLEMS: Mapping[str, str] = {
    "json": N_(
        "This is not JSON (line %(line)s). Write the options in braces, each name and text in "
        'double quotation marks: {"priority": 30}'
    ),
    "object": N_('Write the options in braces: {"priority": 30}'),
    "unknown_key": N_("%(key)s: there is no such option. There are: %(known)s"),
    "text": N_("%(key)s: give a text in quotation marks, at most 500 characters"),
    "flag": N_("%(key)s: give true or false, without quotation marks"),
    "whole_number": N_("%(key)s: give a whole number from %(low)s to %(high)s"),
    "year": N_("%(key)s: give a year from %(low)s to %(high)s, for example 2025"),
    "seconds": N_("%(key)s: give seconds, from %(low)s to %(high)s"),
    "share": N_("%(key)s: give a number from %(low)s to %(high)s, for example 0.2"),
    "choice": N_("%(key)s: give one of: %(choices)s"),
    "address": N_("%(key)s: give a web address that begins with http:// or https://"),
    "departments": N_(
        '%(key)s: give "all", or a list of names of organisations: ["wydzial-edukacji"]'
    ),
    "address_secret": N_("%(key)s: take the user's name and password out of the address"),
    "columns": N_(
        "%(key)s: give the heading of each column with the name of its field: "
        '{"Nr wpisu": "register_number"}'
    ),
    "record_type": N_("%(key)s: there is no such record type. There are: %(known)s"),
    "organisation": N_("%(key)s: there is no organisation of this name"),
    "vocabulary": N_("%(key)s: this code is not known. There are: %(known)s"),
}


@contextmanager
def portal_language() -> Iterator[None]:
    """Make texts come out in the portal's language, also where nobody's request is answered.

    What the harvest keeps for others to read must not depend on who started it. A worker of
    ckanext-harvest has no request: Flask's application is then the one of the ``ckan`` command.
    """
    language = tk.config["ckan.locale_default"]
    context = click.get_current_context(silent=True)
    app = context.find_root().meta.get("flask_app") if context else None
    if has_request_context():
        with force_locale(language):
            yield
    elif app is not None:
        with app.test_request_context(), force_locale(language):
            yield
    else:
        yield


def language() -> str:
    """Return the portal's language, ``pl`` or ``en``, for the texts kept in data files."""
    return config.language()


def left_deleted(names: Iterable[str], more: int) -> str:
    """Say which records a person has deleted, so that no source makes them anew.

    :param names: what people call them
    :param more: how many there are beside these
    """
    said = ", ".join(names) + (tk._(" and %(count)s more") % {"count": more} if more else "")
    return tk._(
        "Deleted by a person and not made anew: %(records)s. "
        "To take one in again, restore it in the bin (/panel/kosz)"
    ) % {"records": said}


def stop(error: SourceError, record_type: RecordType | None = None) -> str:
    """Say why a run stopped.

    :param error: the reason
    :param record_type: for the labels of fields
    """
    text = STOPS.get(error.code) or own_text(error.code)
    if text is None:
        return str(error)
    return _filled(text, _in_words(error.code, _with_label(error.detail, record_type)))


def _in_words(code: str, detail: Mapping[str, Any]) -> Mapping[str, Any]:
    """Say in words what an error has as codes, and bytes as megabytes."""
    if code == "too_big" and isinstance(detail.get("limit"), int):
        return {**detail, "limit": _megabytes(detail["limit"])}
    name, texts = _CODES.get(code, ("", {}))
    return {**detail, name: tk._(texts[detail[name]])} if detail.get(name) in texts else detail


def _megabytes(size: int) -> str:
    megabytes = size / 1_000_000
    decimals = 0 if megabytes >= 10 or megabytes == round(megabytes) else 1
    return f"{polish.format_number(megabytes, language(), decimals)} MB"


def other_sheets(titles: Iterable[str]) -> str:
    """Say which sheets of a file were not read."""
    return tk._(
        "Sheets that are not read: %(names)s. Only the first sheet with headings is; move rows of "
        "others there"
    ) % {"names": ", ".join(titles)}


def doubt(found: Doubt, record_type: RecordType | None) -> str:
    """Say what a person has to confirm before a run changes anything."""
    return _filled(STOPS[found.code], _with_label(found.detail, record_type))


_LEFT: Mapping[str, str] = {
    "edited": N_("changed by hand since"),
    "later_run": N_("a later run has fetched it; undo that one first"),
    "other_source": N_("another source has it too"),
    "linked": N_("other entries point at it"),
    "gone": N_("deleted since"),
    "refused": N_("the values of before are not accepted any more"),
    "not_yours": N_("you may not change it"),
}


def left(record_type: RecordType | None, title: str, reason: str, fields: Iterable[str]) -> str:
    """Say what of a run was not undone, and why."""
    names = ", ".join(field_label(record_type, name) for name in fields)
    return f"{title}{f' ({names})' if names else ''}: {tk._(_LEFT.get(reason, reason))}"


def how_to_confirm(error: DoubtfulError) -> str:
    """Say how a doubtful plan is confirmed."""
    return tk._(
        "Nothing was changed. If all of this is right, confirm it: with the button on the page of "
        "this job, or by the same command with --confirm %(plan)s"
    ) % {"plan": error.plan}


def _with_label(detail: Mapping[str, Any], record_type: RecordType | None) -> Mapping[str, Any]:
    if record_type is None or "field" not in detail:
        return detail
    return {**detail, "field": field_label(record_type, str(detail["field"]))}


def reason(refusal: Refusal) -> str:
    """Say why a row or a value was set aside."""
    if refusal.code == MASKED:
        kinds = Counter(refusal.detail.get("kinds", ()))
        words = (f"{tk._(KINDS[kind])} ({number})" for kind, number in kinds.items())
        return tk._(REASONS[MASKED]) % {"kinds": ", ".join(words)}
    code = "date" if refusal.code.startswith("date_") else refusal.code
    if code == "date":
        return tk._("this is not a date")
    if code in REASONS:
        return _filled(REASONS[code], refusal.detail)
    # A request for one record can fail for every reason a whole source can.
    stopped = own_text(code) or STOPS.get(code, code.replace("%", ""))
    return _filled(stopped, _in_words(code, refusal.detail))


def refusal(record_type: RecordType | None, refused: Refusal) -> str:
    """Say in one line which row and field was set aside, and why."""
    parts = [tk._("Row %(row)s") % {"row": refused.row}]
    if refused.field:
        parts.append(field_label(record_type, refused.field))
    if refused.value:
        parts.append(f"„{refused.value}”" if language() == "pl" else f"“{refused.value}”")
    return f"{', '.join(parts)}: {reason(refused)}"


def difference(record_type: RecordType | None, found: Difference) -> str:
    """Say which field a person changed, with both values."""
    return tk._(
        "%(field)s was changed by hand and stays. In the source: %(source)s. "
        "In the catalogue: %(catalogue)s"
    ) % {
        "field": field_label(record_type, found.field),
        "source": found.source or tk._("nothing"),
        "catalogue": found.catalogue or tk._("nothing"),
    }


def problem(found: Problem) -> str:
    """Say what is wrong with a source's configuration, and what to do."""
    # The data but for the key are ours, and may be long.
    text = _PROBLEMS.get(found.code) or own_text(found.code) or found.code
    return tk._(text) % _Data({**found.detail, "key": display_text(found.key)})


def field_label(record_type: RecordType | None, name: str) -> str:
    """Return a field's label, its name where the type has no such field."""
    fields = record_type.fields if record_type else ()
    return next((localised(f.label, language()) for f in fields if f.name == name), name)


class _Data(dict):
    """The data of a message; a part that is not there is left out."""

    def __missing__(self, key: str) -> str:
        return "…"


def _filled(text: str, data: Mapping[str, Any]) -> str:
    return tk._(text) % _Data({key: _word(value) for key, value in data.items()})


def _word(value: Any) -> str:
    if isinstance(value, Mark):
        return value
    if isinstance(value, (list, tuple)):
        return ", ".join(display_text(entry) for entry in value)
    return display_text(value)
