"""A client of the control interface over HTTP."""

from types import TracebackType
from typing import Any, Self

import httpx

Json = dict[str, Any]


class ControlClient:
    """Use it as an async context manager, or close it with aclose()."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._http = httpx.AsyncClient(base_url=base_url, timeout=90, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def get(self, path: str, **query: Any) -> Any:
        """A reading of the control interface; raises AssertionError with its words when refused."""
        return _value(await self._http.get(path, params=query))

    async def post(self, path: str, body: Json) -> Any:
        """A step through the control interface; raises AssertionError with its words when refused."""
        return _value(await self._http.post(path, json=body))

    async def get_text(self, path: str, **query: Any) -> str:
        """A reading that is not JSON: transcripts, files."""
        response = await self._http.get(path, params=query)
        response.raise_for_status()
        return response.text

    async def delete(self, path: str) -> Any:
        """Takes something away through the control interface."""
        return _value(await self._http.delete(path))


def _value(response: httpx.Response) -> Any:
    value = response.json()
    if not response.is_success:
        raise AssertionError(f"refused ({response.status_code}): {value.get('error', value)}")
    return value
