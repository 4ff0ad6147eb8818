"""CSV and XLSX files as rows of text, whatever their columns are called."""

import csv
import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from bot.rules.errors import Refusal
from bot.services.importing.days import from_serial
from bot.services.importing.lines import COLUMNS, OPTIONAL
from bot.services.importing.mapping import OURS, Words

MOST_LINES = 200_000
_MOST_BYTES = 400_000_000
"""How much a workbook may unpack to: several times what MOST_LINES lines take."""
_NO_WORKBOOK = "That file can't be read as a workbook. Save it as .xlsx or “CSV UTF-8”."
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
Cells = tuple[int, list[Any]]
"""A line's number in the file, and its cells."""
Row = tuple[int, dict[str, str]]


def read_rows(data: bytes, words: Words = OURS) -> list[Row]:
    """Each line's number and fields, in our names; raises Refusal for what is no such table."""
    if data.startswith(_OLD_EXCEL):
        raise Refusal("That is an old Excel file (.xls). Save it as .xlsx, or as “CSV UTF-8”.")
    table = _workbook_rows(data, words) if data.startswith(b"PK") else _csv_rows(data)
    return list(_rows(table, words))


def _rows(table: Iterable[Cells], words: Words) -> Iterator[Row]:
    """Skips what stands above the headings, and empty lines."""
    names: list[str] | None = None
    count = 0
    for number, cells in table:
        if number < words.heading_line:
            continue
        if names is None:
            names = _names(cells, words)
            continue
        texts = [_text(cell, name) for name, cell in zip(names, cells, strict=False)]
        if not any(texts):
            continue
        count += 1
        if count > MOST_LINES:
            raise Refusal(f"The file has more than {MOST_LINES:,} lines. Split it.")
        yield number, words.fields(dict(zip(names, texts, strict=False)))
    if names is None:
        raise Refusal(f"There is nothing on line {words.heading_line}, which must name the columns.")


def _names(cells: Sequence[Any], words: Words) -> list[str]:
    headings = [str(cell).strip() for cell in cells if cell is not None and str(cell).strip()]
    names = [words.column(str(cell)) if cell is not None else "" for cell in cells]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        given = ", ".join(headings)[:200]
        raise Refusal(
            f"No column for {', '.join(missing)}. Line {words.heading_line} has: {given or 'nothing'}. "
            f"Accepted: {', '.join(COLUMNS)} and, if you have them, {', '.join(OPTIONAL)}; "
            "or a mapping that says what yours are called."
        )
    twice = [name for name in (*COLUMNS, *OPTIONAL) if names.count(name) > 1]
    if twice:
        raise Refusal(f"More than one column is called {twice[0]}. Accepted: one.")
    return names


def _csv_rows(data: bytes) -> Iterator[Cells]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("The file is not UTF-8: save it as “CSV UTF-8”, or as .xlsx.") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, list(cells)
    except csv.Error as error:
        raise Refusal(f"Line {reader.line_num} is not readable as CSV: {error}.") from None


def _workbook_rows(data: bytes, words: Words) -> Iterator[Cells]:
    workbook = _opened(data)
    try:
        sheet = workbook[words.sheet] if words.sheet else workbook.worksheets[0]
    except (KeyError, IndexError):
        accepted = ", ".join(workbook.sheetnames)
        raise Refusal(f"No sheet called “{words.sheet}”. Accepted: {accepted}.") from None
    sheet.reset_dimensions()  # what some systems write there is wrong
    day_zero = workbook.epoch.date()
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, [_Number(cell, day_zero) if type(cell) in (int, float) else cell for cell in cells]
    except (ParseError, BadZipFile):
        raise Refusal(_NO_WORKBOOK) from None


class _Number:
    """A number in a cell, with the day from which its workbook counts days."""

    def __init__(self, value: float, day_zero: date) -> None:
        self.value, self.day_zero = value, day_zero

    def __str__(self) -> str:
        return f"{self.value:.15g}"


def _opened(data: bytes) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415 -- loaded by the first workbook, not at the start
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 -- likewise

    try:
        with ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_BYTES:
                raise Refusal("That workbook is too large. Save the one sheet as “CSV UTF-8”.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and the like, which are not read
            return load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise Refusal(_NO_WORKBOOK) from None


def _text(cell: Any, name: str) -> str:
    """A cell as somebody would type it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, _Number):
        return _day_number(cell) if name == "date" else str(cell)
    if isinstance(cell, datetime):
        return _moment(cell.date(), cell.time())
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return str(cell).strip()


def _day_number(cell: _Number) -> str:
    try:
        day, clock = from_serial(cell.value, cell.day_zero)
    except (OverflowError, ValueError):
        return str(cell)
    return _moment(day, clock)


def _moment(day: date, clock: time) -> str:
    return day.isoformat() if clock == time(0) else f"{day.isoformat()} {clock:%H:%M}"
