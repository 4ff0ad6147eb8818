"""What a load balancer, a monitor and Prometheus ask: alive, ready, how many. No personal data."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from bot.counting import REGISTRY
from bot.pulse import Pulse
from storage.counts import inbox_open, outbox_counts
from storage.database import Database
from storage.schema import WrongSchema, require_current


@dataclass(frozen=True)
class Health:
    """Answers /healthz, /readyz and /metrics. longest_pause: between two ticks of a leader that is well."""

    database: Database
    clock: Clock
    pulse: Pulse
    longest_pause: timedelta

    def routes(self) -> list[Route]:
        """The three addresses."""
        return [
            Route("/healthz", self._alive),
            Route("/readyz", self._ready),
            Route("/metrics", self._metrics),
        ]

    async def _alive(self, _request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _ready(self, _request: Request) -> Response:
        found = {"database": await self._database_fault(), "planning": self._planning_fault()}
        faults = {name: fault for name, fault in found.items() if fault}
        body: dict[str, Any] = {"ready": not faults, "leading": self.pulse.leading, "faults": faults}
        return JSONResponse(body, 503 if faults else 200)

    async def _database_fault(self) -> str:
        try:
            await require_current(self.database)
        except WrongSchema as error:
            return str(error)
        except (SQLAlchemyError, OSError):
            return "can't be used"
        return ""

    def _planning_fault(self) -> str:
        if not self.pulse.leading:
            return ""
        pause = self.clock() - (self.pulse.planned_at or self.pulse.started_at)
        return f"nothing planned for {pause.total_seconds():.0f} s" if pause > self.longest_pause else ""

    async def _metrics(self, _request: Request) -> Response:
        gauges = CollectorRegistry()
        Gauge("driftless_leading", "1 where this process polls and plans", registry=gauges).set(
            self.pulse.leading
        )
        if self.pulse.planned_at is not None:
            age = (self.clock() - self.pulse.planned_at).total_seconds()
            Gauge("driftless_planned_seconds_ago", "Since this process last planned", registry=gauges).set(
                age
            )
        Gauge("driftless_database_up", "1 where the database can be used", registry=gauges).set(
            await self._rows_counted(gauges)
        )
        return Response(
            generate_latest(REGISTRY) + generate_latest(gauges), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    async def _rows_counted(self, gauges: CollectorRegistry) -> bool:
        """Adds what the database counts; False where it can't be asked: a monitor still gets the rest."""
        try:
            async with self.database.transaction() as session:
                outbox, owed = await outbox_counts(session), await inbox_open(session)
        except (SQLAlchemyError, OSError):
            return False
        rows = Gauge("driftless_outbox_messages", "Outbox rows by state", ["state"], registry=gauges)
        for state, count in outbox.items():
            rows.labels(state).set(count)
        Gauge("driftless_inbox_open", "Updates whose reply is still owed", registry=gauges).set(owed)
        return True
