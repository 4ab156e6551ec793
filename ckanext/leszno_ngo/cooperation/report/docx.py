"""The yearly report as DOCX (Office Open XML): what an official opens, edits and signs.

Real headings, table headings that repeat on every page, the language set, links on numbers and
charts with a text for those who do not see them, so that the document is accessible and its
figures can be checked.
"""

from __future__ import annotations

import io
from typing import Any

import ckan.plugins.toolkit as tk
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from ckanext.leszno_ngo.cooperation.report import charts
from ckanext.leszno_ngo.cooperation.report.model import Cell, Report, Section, Table

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_LANGUAGES = {"pl": "pl-PL", "en": "en-GB"}
_LINK = RGBColor(0x0B, 0x4F, 0x8A)
_A4 = (Cm(29.7), Cm(21.0))
_CHART = Cm(22)


def write(report: Report, lang: str) -> bytes:
    """Write the report.

    :param report: the document
    :param lang: ``pl`` or ``en``: the language that readers and spelling checkers are told
    :returns: the file
    """
    document = Document()
    _set_up(document, report, lang)
    document.add_heading(report.title, level=0)
    document.add_paragraph(report.publisher)
    for section in report.sections:
        _section(document, section)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_up(document: Any, report: Report, lang: str) -> None:
    # Tables of nine columns need the width.
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = _A4
    page.left_margin = page.right_margin = Cm(2)
    style = document.styles["Normal"]
    style.font.size = Pt(10.5)
    code = _LANGUAGES[lang]
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), code)
    style.element.get_or_add_rPr().append(language)
    properties = document.core_properties
    properties.title, properties.author, properties.language = report.title, report.publisher, code


def _section(document: Any, section: Section) -> None:
    document.add_heading(section.title, level=1)
    for words in section.paragraphs:
        _cell(document.add_paragraph(), words, bold=False)
    for table in section.tables:
        document.add_heading(table.caption, level=2)
        if table.bars:
            _chart(document, table)
        _table(document, table)
    if section.to_write:
        document.add_paragraph().add_run(f"[{section.to_write}]").italic = True


def _chart(document: Any, table: Table) -> None:
    document.add_picture(io.BytesIO(charts.png(table.bars)), width=_CHART)
    properties = document.element.body.xpath(".//wp:docPr")[-1]
    properties.set("descr", table.chart_text)
    properties.set("title", table.caption)
    # The figures of a chart stand directly under it, on the same page.
    document.paragraphs[-1].paragraph_format.keep_with_next = True


def _table(document: Any, table: Table) -> None:
    if not table.rows:
        document.add_paragraph(tk._("There were none."))
        return
    made = document.add_table(rows=1, cols=len(table.headings), style="Table Grid")
    for cell, text in zip(made.rows[0].cells, table.headings, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    document.element.body.tbl_lst[-1].tr_lst[0].get_or_add_trPr().append(repeated)
    for number, row in enumerate(table.rows):
        bold = number >= len(table.rows) - table.total
        # Asking a row for its cells walks the table each time, so it is asked once.
        for cell, content in zip(made.add_row().cells, row, strict=True):
            _cell(cell.paragraphs[0], content, bold=bold)
    document.add_paragraph()


def _cell(paragraph: Paragraph, content: Cell, *, bold: bool) -> None:
    if content.value is not None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(content.text)
    run.bold = bold
    # An address inside the page leads nowhere in a file.
    if content.url.startswith(("http://", "https://")):
        _link(paragraph, run, content.url)


def _link(paragraph: Paragraph, run: Any, url: str) -> None:
    """Put a run into a link; python-docx reads links and makes none."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, True))
    run.font.color.rgb, run.font.underline = _LINK, True
    link.append(run.element)
    paragraph.paragraph_format.element.append(link)
