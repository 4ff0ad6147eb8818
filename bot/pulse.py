"""What a process knows of itself: whether it leads, and when it last planned."""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Pulse:
    """planned_at: when this process last planned; only the leader does."""

    started_at: datetime
    leading: bool = False
    planned_at: datetime | None = None
