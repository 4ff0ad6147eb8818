"""The control interface below /sim: plays people, reads chats, moves the clock, sets faults."""

from starlette.routing import Route

from bot.simulator.control import faults, groups, people, running, scenes


def control_routes() -> list[Route]:
    """All routes below /sim; bot/simulator/README.md describes them."""
    return [*people.ROUTES, *groups.ROUTES, *running.ROUTES, *faults.ROUTES, *scenes.ROUTES]
