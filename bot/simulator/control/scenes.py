"""Playing scenes step by step."""

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from bot.simulator.control.asking import answered, body_of
from bot.simulator.stage import Stage


def _stage(request: Request) -> Stage:
    stage: Stage = request.app.state.stage
    return stage


@answered
async def _scenes(request: Request) -> Any:
    return _stage(request).as_json()


@answered
async def _begin(request: Request) -> Any:
    await body_of(request)
    await _stage(request).begin(request.path_params["scene"])
    return _stage(request).as_json()["playing"]


@answered
async def _next(request: Request) -> Any:
    await body_of(request)
    return await _stage(request).next()


@answered
async def _stop(request: Request) -> Any:
    _stage(request).stop()
    return _stage(request).as_json()


ROUTES = [
    Route("/sim/scenes", _scenes, methods=["GET"]),
    Route("/sim/scenes/next", _next, methods=["POST"]),
    Route("/sim/scenes/playing", _stop, methods=["DELETE"]),
    Route("/sim/scenes/{scene}/begin", _begin, methods=["POST"]),
]
