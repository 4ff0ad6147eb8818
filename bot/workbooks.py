"""Writes workbooks: what bot.spreadsheets describes, as XLSX."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.spreadsheets import STARTS_A_FORMULA, Sheet, Value

_DAY = "ddd d mmm yyyy"
_MOMENT = "ddd d mmm yyyy hh:mm"
_NARROWEST, _WIDEST = 10, 60


def written(sheets: Sequence[Sheet]) -> bytes:
    """The sheets in one XLSX file, headings frozen."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title), sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(page: Worksheet, sheet: Sheet) -> None:
    for number, values in enumerate((sheet.headings, *sheet.rows), 1):
        for column, value in enumerate(values, 1):
            _put(page.cell(number, column), value)
    for cell in page[1]:
        cell.font = Font(bold=True)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    for column, heading in enumerate(sheet.headings):
        longest = max((len(_shown(row[column])) for row in sheet.rows), default=0)
        width = min(max(longest, len(heading), _NARROWEST), _WIDEST) + 2
        page.column_dimensions[get_column_letter(column + 1)].width = width


def _put(cell: Cell, value: Value) -> None:
    cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"  # never "f", whatever it begins with
        cell.quotePrefix = value.startswith(STARTS_A_FORMULA)
        return
    cell.value = value
    if isinstance(value, date):
        cell.number_format = _MOMENT if isinstance(value, datetime) else _DAY


def _shown(value: Value) -> str:
    if isinstance(value, date):
        return _MOMENT if isinstance(value, datetime) else _DAY
    return "" if value is None else str(value)
