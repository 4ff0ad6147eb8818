"""Spreadsheets to open in Excel: plain values in, XLSX out; nothing in a cell can ever be a formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

Value = str | int | date | datetime | None
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its headings and its rows. Moments must be without a zone, as Excel's are."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets in one XLSX file, headings frozen."""
    from bot.workbooks import written  # noqa: PLC0415 -- the library is loaded by the first workbook

    return written(sheets)


def harmless(text: str) -> str:
    """Text for a CSV cell: with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text
