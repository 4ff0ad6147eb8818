"""Figures of a period as files: CSV for a reply, JSON for a machine."""

import csv
import io
import json

from bot.rules.disclosure import FEW
from bot.services.period_figures import Figures

EXPLAINED = (
    f"{FEW} stands for every count from 0 to 4. A total is left out where it would give one of them away. "
    "Two answers for periods that overlap can be subtracted from each other: give one, or check both."
)
HEADINGS = ("group", "what", "count", "note")


def as_csv(found: Figures) -> str:
    """A line a count, and one for each total that is given."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(HEADINGS)
    for group in found.groups:
        for what, count in group.counts.items():
            lines.writerow((group.name, what, count, group.note))
        if group.total is not None:
            lines.writerow((group.name, "all", group.total, group.note))
    return out.getvalue()


def as_json(found: Figures) -> str:
    """Groups in their order; a total is null where it is left out."""
    made = {
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        "made_at": found.made_at.isoformat(),
        "explained": EXPLAINED,
        "groups": [
            {"group": group.name, "counts": dict(group.counts), "total": group.total, "note": group.note}
            for group in found.groups
        ],
    }
    return json.dumps(made, ensure_ascii=False, indent=1)
