"""The Bot API over HTTP: reads a call, checks it, carries it out, answers in Telegram's shape."""

import json
import logging
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.simulator.description import Upload, bot_api
from bot.simulator.faults import Fault
from bot.simulator.methods import METHODS
from bot.simulator.model import Json
from bot.simulator.refusals import Refusal, bad_request, conflict, too_many
from bot.simulator.stored_files import LARGEST_DOCUMENT, too_large
from bot.simulator.telegram import Telegram

log = logging.getLogger(__name__)
_LARGEST_BODY = LARGEST_DOCUMENT + 1024 * 1024


class _Dropped(Response):
    """Begins an answer and never ends it, so that the server closes the connection."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})


def api_routes() -> list[Route]:
    """/bot<token>/<method> and /file/bot<token>/<path>."""
    return [
        Route("/bot{token}/{method}", _call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", _download, methods=["GET"]),
    ]


async def _call(request: Request) -> Response:
    telegram: Telegram = request.app.state.telegram
    if request.path_params["token"] != telegram.token:
        return _as_response(Refusal(401, "Unauthorized").as_answer())
    method = bot_api().method(request.path_params["method"])
    if method is None:
        return _as_response(Refusal(404, "Not Found").as_answer())
    begun = perf_counter()
    given: dict[str, Any] = {}
    fault: Fault | None = None
    try:
        given = await _read(request)
        fault = telegram.faults.for_call(method, given)
        await _before(telegram, fault)
        answer = {"ok": True, "result": await carry_out(telegram, method, given)}
    except Refusal as refusal:
        answer = refusal.as_answer()
    except Exception:
        log.exception("the simulator failed in %s", method)
        answer = Refusal(500, "Internal Server Error: the simulator failed").as_answer()
    if fault is not None and fault.kind.startswith("drop"):
        words = f"connection dropped {fault.kind.removeprefix('drop-')} acceptance"
        telegram.calls.note(method, given, Refusal(499, words).as_answer(), _since(begun))
        return _Dropped()
    telegram.calls.note(method, given, answer, _since(begun))
    return _as_response(answer)


def _since(begun: float) -> float:
    return (perf_counter() - begun) * 1000


async def _before(telegram: Telegram, fault: Fault | None) -> None:
    """What a fault does before the call is carried out."""
    if fault is None:
        return
    if fault.kind == "outage":
        raise Refusal(502, "Bad Gateway")
    if fault.kind == "too-many":
        raise too_many(max(1, round(fault.seconds)))
    if fault.kind == "drop-before":
        raise Refusal(499, "dropped before acceptance")
    if fault.kind == "slow":
        await telegram.changed.until(lambda: telegram.closing, fault.seconds)


async def carry_out(telegram: Telegram, method: str, given: Mapping[str, Any]) -> Any:
    """Checks and does one call; raises a Refusal."""
    checked = bot_api().check(method, given)
    if method == "getUpdates":
        return await _get_updates(telegram, checked)
    act = METHODS.get(method)
    if act is None:
        raise Refusal(501, f"Not Implemented: {method} is in the Bot API, but the simulator does not do it")
    return act(telegram, checked)


async def _get_updates(telegram: Telegram, given: Json) -> list[Json]:
    if telegram.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    telegram.updates.want(given.get("allowed_updates"))
    return await telegram.updates.fetch(
        given.get("offset", 0), given.get("limit", 100), given.get("timeout", 0), lambda: telegram.closing
    )


async def _read(request: Request) -> dict[str, Any]:
    """Query string, then body: JSON, URL-encoded or multipart."""
    given: dict[str, Any] = dict(request.query_params)
    if int(request.headers.get("content-length", "0")) > _LARGEST_BODY:
        raise too_large()
    kind = request.headers.get("content-type", "").split(";", 1)[0].strip().lower()
    if kind == "application/json":
        given.update(_object(await request.body()))
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form(max_part_size=_LARGEST_BODY) as form:
            for name, value in form.multi_items():
                given[name] = await _uploaded(value) if isinstance(value, UploadFile) else value
    return given


def _object(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body or b"{}")
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise bad_request("can't parse the body as a JSON object")
    return read


async def _uploaded(file: UploadFile) -> Upload:
    return Upload(file.filename or "file", file.content_type or "application/octet-stream", await file.read())


def _as_response(answer: Json) -> Response:
    code = 200 if answer["ok"] else answer["error_code"]
    retry = answer.get("parameters", {}).get("retry_after")
    headers = {"Retry-After": str(retry)} if retry else None
    return JSONResponse(answer, status_code=code, headers=headers)


async def _download(request: Request) -> Response:
    telegram: Telegram = request.app.state.telegram
    if request.path_params["token"] != telegram.token:
        return PlainTextResponse("Unauthorized", status_code=401)
    file = telegram.files.by_path(request.path_params["path"])
    if file is None:
        return PlainTextResponse("Not Found", status_code=404)
    return Response(file.content, media_type="application/octet-stream")
