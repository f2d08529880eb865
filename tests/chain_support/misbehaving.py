"""Providers that get in the way of an honest one."""

from collections.abc import Callable
from typing import Any

from web3.providers.base import BaseProvider
from web3.types import RPCEndpoint, RPCResponse

Meddler = Callable[[str, Any, Callable[[], RPCResponse]], RPCResponse]
"""Gets the method, its parameters and the honest answer's maker, and answers as it likes."""


class Misbehaving(BaseProvider):
    """An honest provider, and someone in between."""

    def __init__(self, honest: BaseProvider, meddle: Meddler) -> None:
        super().__init__()
        self.honest = honest
        self.meddle = meddle
        self.requests = 0

    def make_request(self, method: RPCEndpoint, params: object) -> RPCResponse:
        self.requests += 1
        return self.meddle(method, params, lambda: self.honest.make_request(method, params))


def error(code: int, message: str, data: object = None) -> RPCResponse:
    """A JSON-RPC error."""
    return {"jsonrpc": "2.0", "id": 1, "error": {"code": code, "message": message, "data": data}}  # type: ignore[typeddict-item]  # data may be any JSON


def result(value: object) -> RPCResponse:
    """A JSON-RPC result."""
    return {"jsonrpc": "2.0", "id": 1, "result": value}
