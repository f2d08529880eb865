"""Serve the page on this machine alone."""

from __future__ import annotations

import errno
import ipaddress
import socket
import webbrowser
from typing import TYPE_CHECKING

from bokeh.application import Application
from bokeh.application.handlers.function import FunctionHandler
from bokeh.server.server import Server

from compare.errors import InputError
from compare.explore.application import Explorer, prepared

if TYPE_CHECKING:
    from collections.abc import Callable

    from bokeh.document import Document

    from compare.scenario import Scenario

LOOPBACK = "127.0.0.1"


def serve(
    scenario: Scenario, *, host: str = LOOPBACK, port: int = 0, browser: bool = False, ready: Callable[[str], object]
) -> None:
    """Serve the page until it is interrupted.

    Only pages of the very address may talk to the server: a page of another origin is refused.

    Args:
        scenario: What the sliders change.
        host: An address of this machine.
        port: A port; 0 takes any free one.
        browser: Whether to open a browser, too.
        ready: Called with the address of the page once it can be opened.

    Raises:
        InputError: The scenario cannot be run, or the address cannot be used.
    """
    start, first = prepared(scenario)
    address, number = _address(host, port)
    names = {host, address} | ({"localhost", LOOPBACK} if ipaddress.ip_address(address).is_loopback else set())

    def open_page(document: Document) -> None:
        Explorer(scenario, start, first).add_to(document)

    server = Server(
        {"/": Application(FunctionHandler(open_page))},
        address=address,
        port=number,
        allow_websocket_origin=sorted(f"{name}:{number}" for name in names),
    )
    server.start()
    url = f"http://{address}:{number}/"
    ready(url)
    if browser:
        webbrowser.open(url)
    server.run_until_shutdown()


def _address(host: str, port: int) -> tuple[str, int]:
    """Return the address of a host and a free port.

    Raises:
        InputError: The host is no address of this machine, or its port is taken.
    """
    remedy = f"leave --host out, which is {LOOPBACK}, or name one IPv4 address of this machine"
    try:
        address = socket.gethostbyname(host)
    except OSError:
        raise InputError(f"{host!r} is no address", place="--host", remedy=remedy) from None
    if ipaddress.ip_address(address).is_unspecified:
        raise InputError(f"{host!r} is every address of this machine", place="--host", remedy=remedy)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OverflowError:
            raise InputError(f"{port} is no port", place="--port", remedy="give 0 to 65535") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise InputError(f"port {port} is taken", place="--port", remedy="give another, or 0 for any") from None
            problem = f"{host}:{port} cannot be used ({error.strerror})"
            raise InputError(problem, place="--host", remedy=remedy) from None
        return address, int(probe.getsockname()[1])
