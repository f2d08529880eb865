"""Keeps an endpoint's secrets out of everything a person or a file sees.

Providers put the key into the path, the query, the user-info, or the leftmost labels of the host name. What may be
shown of an endpoint is its scheme, the last two labels of its host and its port.
"""

import base64
import logging
import re
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from amm.chain.errors import EndpointError

HIDDEN = "***"
_SHORTEST_KEY = 4  # shorter parts of a path, such as "v3", are no secret


class Redactor:
    """What may be shown of one endpoint, and the removal of the rest from any text.

    Attributes:
        label: The endpoint without its secrets.
        is_loopback: Whether the endpoint is on this machine.

    Example:
        >>> redact = Redactor("https://mainnet.example.org/v3/0123456789abcdef")
        >>> redact.label
        'https://***.example.org'
        >>> redact("key 0123456789abcdef is over its limit")
        'key *** is over its limit'
    """

    def __init__(self, url: str) -> None:
        """Take an http or https URL apart.

        Raises:
            EndpointError: it is none.
        """
        parts = _split(url)
        if parts is None:
            raise EndpointError
        host = parts.hostname or ""
        hidden_labels, shown_host = _split_host(host)
        port = f":{parts.port}" if parts.port is not None else ""
        self.label = f"{parts.scheme}://{shown_host}{port}"
        self.is_loopback = host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)
        secrets = {url, parts.path, parts.query, parts.netloc.rpartition("@")[0], *hidden_labels, *_pieces(parts)}
        if hidden_labels:
            secrets.add(host)
        forms = {form for secret in secrets for form in (secret, unquote(secret), quote(secret, safe=""))}
        forms = {form for form in forms if len(form) >= _SHORTEST_KEY} | ({parts.password or ""} - {""})
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if longest_first else None

    def __call__(self, text: str) -> str:
        """The text with every secret replaced."""
        return text if self._pattern is None else self._pattern.sub(HIDDEN, text)

    def __repr__(self) -> str:
        """The label alone."""
        return f"Redactor({self.label!r})"


class RedactingFilter(logging.Filter):
    """Redacts the records of the loggers below us that print whole URLs when debugging is on."""

    def __init__(self, redact: Redactor) -> None:
        """Redact with `redact`."""
        super().__init__()
        self._redact = redact

    def filter(self, record: logging.LogRecord) -> bool:
        """Pass every record on, its text without secrets."""
        record.msg, record.args = self._redact(record.getMessage()), None
        return True


def _split(url: str) -> SplitResult | None:
    """The parts of a usable URL; the parser's own errors quote the URL, so they end here."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if usable else None


def _split_host(host: str) -> tuple[list[str], str]:
    """The labels to hide, and what is shown instead of the host."""
    if _is_address(host):
        return [], f"[{host}]" if ":" in host else host
    *hidden, name, suffix = ["", *host.split(".")]
    if not any(hidden):
        return [], host
    return hidden, f"{HIDDEN}.{name}.{suffix}"


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _pieces(parts: SplitResult) -> set[str]:
    """The smallest parts of a URL that can be a key of their own, as they stand in it or in a header."""
    user, password = parts.username or "", parts.password or ""
    basic = base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()
    values = {value for _, value in parse_qsl(parts.query, keep_blank_values=True)}
    names = {name for name, value in parse_qsl(parts.query, keep_blank_values=True) if not value}
    return {user, password, basic, parts.fragment, *parts.path.split("/"), *values, *names}
