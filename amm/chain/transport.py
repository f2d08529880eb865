"""The only module that imports web3, and requests below it: one JSON-RPC request, and what became of it.

Nothing is raised here for a request that failed: a `Failure` is returned, so that no exception and no exception's
context carries the endpoint's URL any further.
"""

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from amm.chain.redaction import RedactingFilter, Redactor

try:
    import requests
    from web3 import HTTPProvider, Web3
    from web3.providers.base import BaseProvider
    from web3.types import RPCEndpoint
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(f"reading a node needs web3 (no {error.name}): pip install 'lpmm[chain]'") from error

__all__ = ["BaseProvider", "Failure", "Fault", "HttpConnection", "ask", "keccak"]

_TEXT_SHOWN = 300  # characters of a provider's own words that go into a message
_TOO_MANY_REQUESTS = 429
_TIMED_OUT_STATUS = frozenset({408, 504, 524})
_SERVER_ERROR_STATUS = 500
_REVERTED = 3  # geth's code of a reverted call
_INTERNAL_ERROR = -32603

_RATE = re.compile(
    r"rate.?limit|too many requests|(per |/)second|compute units|throughput|requests? (limit|count|exceeded)",
    re.IGNORECASE,
)
_REVERT = re.compile(r"\brevert", re.IGNORECASE)
_HALT = re.compile(r"invalid ?(FE)?opcode", re.IGNORECASE)
"""Solidity below 0.8 ends a failed assertion and a division by zero so: a failed call, without a reason."""
_TRANSIENT = re.compile(
    r"header (for hash )?not found|temporar|try again|overload|\bbusy\b|service unavailable|internal error",
    re.IGNORECASE,
)


class Fault(Enum):
    """Why a request has no result."""

    TIMED_OUT = auto()
    DISCONNECTED = auto()
    SERVER_ERROR = auto()
    MALFORMED = auto()
    RATE_LIMITED = auto()
    REFUSED = auto()
    REVERTED = auto()


@dataclass(frozen=True)
class Failure:
    """A request without a result; `text` is redacted, `data` is a reverted contract's own answer."""

    fault: Fault
    text: str
    data: bytes = b""
    retry_after_s: float = 0.0


class HttpConnection:
    """One HTTP endpoint: its web3 provider, without web3's own retries, and the session to close."""

    def __init__(self, url: str, timeout_s: float) -> None:
        """Connect on the first request; a request that gets no byte for `timeout_s` seconds has timed out.

        Raises:
            EndpointError: the URL is not usable.
        """
        self.redact = Redactor(url)
        self._session = requests.Session()
        self._session.trust_env = not self.redact.is_loopback  # no proxy stands between this machine and itself
        self.provider: BaseProvider = HTTPProvider(
            url.strip(),
            request_kwargs={"timeout": timeout_s},
            session=self._session,
            exception_retry_configuration=None,
        )
        self._filter = RedactingFilter(self.redact)
        self._loggers = [logging.getLogger(name) for name in ("web3.providers.HTTPProvider", "urllib3.connectionpool")]
        for logger in self._loggers:
            logger.addFilter(self._filter)

    def close(self) -> None:
        """Close every socket."""
        self._session.close()
        for logger in self._loggers:
            logger.removeFilter(self._filter)


def keccak(data: bytes) -> bytes:
    """The Keccak-256 hash."""
    return bytes(Web3.keccak(data))


def ask(provider: BaseProvider, method: str, params: Sequence[object], redact: Redactor | None) -> object | Failure:
    """Make one request once, and return the `result` of the answer or why there is none."""
    failure = _attempt(provider, method, params)
    if isinstance(failure, Failure) and redact is not None:
        return Failure(failure.fault, redact(failure.text), failure.data, failure.retry_after_s)
    return failure


def _attempt(provider: BaseProvider, method: str, params: Sequence[object]) -> object | Failure:
    try:
        response: object = provider.make_request(RPCEndpoint(method), list(params))
    except requests.HTTPError as error:
        return Failure(Fault.DISCONNECTED, "no answer") if error.response is None else _of_status(error.response)
    except (requests.Timeout, TimeoutError):
        return Failure(Fault.TIMED_OUT, "no answer in time")
    except requests.exceptions.SSLError:
        return Failure(Fault.REFUSED, "no secure connection: its certificate is not accepted")
    except (ValueError, requests.exceptions.ContentDecodingError):
        # not JSON, or cut off; requests' InvalidURL is one too, and cannot be mended either
        return Failure(Fault.MALFORMED, "an answer that is no whole JSON text")
    except OSError as error:
        return Failure(Fault.DISCONNECTED, f"the connection failed ({type(error).__name__})")
    return _of_response(response)


def _of_response(response: object) -> object | Failure:
    if not isinstance(response, dict):
        return Failure(Fault.MALFORMED, "an answer that is no JSON-RPC response")
    if response.get("error") is not None:
        return _of_error(response["error"])
    if "result" not in response:
        return Failure(Fault.MALFORMED, "an answer with neither result nor error")
    result: object = response["result"]
    return result


def _of_status(response: requests.Response) -> Failure:
    """What an HTTP status other than success says; some nodes put a JSON-RPC error into its body."""
    status = response.status_code
    retry_after = response.headers.get("Retry-After", "")
    pause = float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else 0.0
    if status == _TOO_MANY_REQUESTS:
        return Failure(Fault.RATE_LIMITED, f"HTTP {status}", retry_after_s=pause)
    if status in _TIMED_OUT_STATUS:
        return Failure(Fault.TIMED_OUT, f"HTTP {status}")
    try:
        body = json.loads(response.content)
    except ValueError:
        body = None
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        failure = _of_error(body["error"])
        text = f"HTTP {status}: {failure.text}"
        if failure.fault is not Fault.REFUSED or status < _SERVER_ERROR_STATUS:
            return Failure(failure.fault, text, failure.data, pause)
        return Failure(Fault.SERVER_ERROR, text, retry_after_s=pause)
    if status >= _SERVER_ERROR_STATUS:
        return Failure(Fault.SERVER_ERROR, f"HTTP {status}", retry_after_s=pause)
    return Failure(Fault.REFUSED, f"HTTP {status}")


def _of_error(error: object) -> Failure:
    """What a JSON-RPC error says. Codes are not used alike by all nodes, so the words decide where they differ."""
    if not isinstance(error, dict):
        return Failure(Fault.REFUSED, str(error)[:_TEXT_SHOWN])
    code, message = error.get("code"), str(error.get("message", ""))
    text = f"{message[:_TEXT_SHOWN]} (code {code})"
    data = error.get("data")
    if (
        code == _REVERTED
        or _REVERT.search(message)
        or _HALT.search(message)
        or (isinstance(data, str) and _REVERT.match(data))
    ):
        return Failure(Fault.REVERTED, text, _revert_data(data))
    if code == _TOO_MANY_REQUESTS or _RATE.search(message):
        return Failure(Fault.RATE_LIMITED, text)
    if code == _INTERNAL_ERROR or _TRANSIENT.search(message):
        return Failure(Fault.SERVER_ERROR, text)
    return Failure(Fault.REFUSED, text)


def _revert_data(data: object) -> bytes:
    """The contract's own answer; a node may wrap it in an object or in words, or leave it out."""
    if isinstance(data, dict):
        data = data.get("data")
    found = re.search(r"0x((?:[0-9a-f]{2})*)", data, re.IGNORECASE) if isinstance(data, str) else None
    return bytes.fromhex(found[1]) if found else b""
