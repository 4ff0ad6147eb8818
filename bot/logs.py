"""Logs as JSON or for people: what happened to which id, never what anybody typed.

An exception is told by its class and the places it came through: its text may hold what a person typed.
"""

import logging
import sys
import traceback
from types import TracebackType
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

OURS = ("bot", "handlers", "storage")
_LONGEST = 300


def start_logging(level: str, form: str = "console", stream: TextIO | None = None) -> None:
    """level: of our own lines; libraries speak from WARNING on. form: console or json."""
    rendered: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _first_line_of_strangers,
                _places_only,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, rendered],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns whenever sending outlasts a tick
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())


def _first_line_of_strangers(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A library may add the repr of whatever failed on further lines."""
    if str(event["logger"]).partition(".")[0] not in OURS:
        event["event"] = str(event["event"]).partition("\n")[0][:_LONGEST]
    return event


def _places_only(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Puts class and places where the exception's text would stand."""
    info = event.pop("exc_info", None)
    if isinstance(info, tuple) and info[1] is not None:
        event["error"] = " from ".join(_told(cause) for cause in _causes(info[1]))
        event["places"] = _places(info[1].__traceback__)
    return event


def _told(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace, limit=-12)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
