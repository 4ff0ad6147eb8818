"""A page to print or file: plain headings and lines in, PDF out."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from matplotlib import get_data_path

_FONTS = Path(get_data_path()) / "fonts" / "ttf"
_MARGIN = 14
_FAMILY = "DejaVu"


def paper(title: str, sections: Sequence[tuple[str, Sequence[str]]], foot: str, now: datetime) -> bytes:
    """An A4 paper, in smaller type where there is more on it; its font is embedded, so any name prints."""
    size = 10.0 if sum(len(said) for _, said in sections) <= 30 else 8.0
    page = FPDF(format="A4")
    page.set_creation_date(now)
    page.set_title(title)
    page.set_lang("en-GB")
    page.set_margin(_MARGIN)
    page.set_auto_page_break(auto=True, margin=_MARGIN)
    page.add_font(_FAMILY, "", _FONTS / "DejaVuSans.ttf")
    page.add_font(_FAMILY, "B", _FONTS / "DejaVuSans-Bold.ttf")
    page.add_page()
    _line(page, title, size + 4, "B")
    for heading, said in sections:
        page.ln(size / 5)
        _line(page, heading, size + 1, "B")
        for words in said:
            _line(page, f"•  {words}", size, "")
    page.ln(size / 3)
    _line(page, foot, size - 2, "")
    return bytes(page.output())


def _line(page: FPDF, words: str, size: float, style: str) -> None:
    page.set_font(_FAMILY, style, size)
    page.multi_cell(0, size * 0.5, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
