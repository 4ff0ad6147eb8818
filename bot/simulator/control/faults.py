"""Setting and clearing faults."""

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from bot.simulator.control.asking import answered, body_of, telegram_of


@answered
async def _faults(request: Request) -> Any:
    return telegram_of(request).faults.as_json()


@answered
async def _add(request: Request) -> Any:
    return telegram_of(request).faults.add(await body_of(request)).as_json()


@answered
async def _clear(request: Request) -> Any:
    telegram_of(request).faults.clear()
    return []


@answered
async def _remove(request: Request) -> Any:
    faults = telegram_of(request).faults
    faults.remove(int(request.path_params["number"]))
    return faults.as_json()


ROUTES = [
    Route("/sim/faults", _faults, methods=["GET"]),
    Route("/sim/faults", _add, methods=["POST"]),
    Route("/sim/faults", _clear, methods=["DELETE"]),
    Route("/sim/faults/{number:int}", _remove, methods=["DELETE"]),
]
