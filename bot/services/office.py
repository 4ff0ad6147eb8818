"""What every service needs besides the database: content, calendar, zone and the form of references."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.finding import EntryText, Finder, Models, shipped_models
from bot.rules.calendar import WorkCalendar
from bot.rules.guidance import Entry
from bot.rules.library import Library
from bot.rules.redaction import vocabulary_of
from bot.rules.references import ReferencePattern
from bot.rules.retention import Retention


@dataclass(frozen=True)
class Notice:
    """What /privacy says of this installation: who runs it, whom to ask, how long each kind is kept."""

    run_by: str = "your council"
    contact: str = "your administrator"
    retention: Retention = field(default_factory=Retention)


@dataclass(frozen=True)
class Office:
    """Built once at start, never changed."""

    library: Library
    finder: Finder
    calendar: WorkCalendar
    zone: ZoneInfo
    references: ReferencePattern
    vocabulary: frozenset[str]
    """The words that may be kept of a question."""
    web_address: str = ""
    """Where people reach the web part; empty where it isn't served."""
    notice: Notice = field(default_factory=Notice)
    mails: bool = False
    """Whether there is a mail server for people whom Telegram can't reach."""

    @classmethod
    def open(
        cls,
        library: Library,
        calendar: WorkCalendar,
        zone: ZoneInfo,
        references: ReferencePattern,
        web_address: str = "",
        notice: Notice | None = None,
        *,
        mails: bool = False,
        models: Models | None = None,
    ) -> "Office":
        """An office around checked content. models: the search's, where they are loaded already."""
        texts = [text for entry in library.guidance.entries for text in _texts(entry)]
        entries = (
            EntryText(
                slug=entry.id,
                title=entry.title,
                questions=entry.header.questions,
                body="\n".join(line for lines in entry.sections.values() for line in lines),
            )
            for entry in library.guidance.entries
        )
        finder = Finder.load(entries, *(models or shipped_models()))
        vocabulary = vocabulary_of(texts)
        return cls(
            library, finder, calendar, zone, references, vocabulary, web_address, notice or Notice(), mails
        )

    @property
    def speaking(self) -> WorkCalendar:
        """The calendar for choosing when to speak; `calendar` is for counting."""
        return self.calendar.for_speaking()

    def today(self, now: datetime) -> date:
        """The office's calendar day at this moment."""
        return now.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        """That clock time on that day in the office's zone, as an aware datetime."""
        return datetime.combine(day, clock, self.zone)


def _texts(entry: Entry) -> list[str]:
    return [*entry.header.questions, *(line for lines in entry.sections.values() for line in lines)]
