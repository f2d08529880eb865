"""A JSON-RPC endpoint on the loopback that answers, or fails to, as a test scripts it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """One HTTP response; if `sent` is given, only so many bytes of the body leave before the connection drops."""

    result: object = None
    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    sent: int | None = None
    delay_s: float = 0.0


Script = Callable[[str, list[Any], int], Reply]
"""What to reply to a method and its parameters, and to the how-many-th request of all, from 0."""


@dataclass
class HttpNode:
    """A running endpoint, and what was asked of it."""

    url: str
    paths: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)


@contextmanager
def http_node(script: Script) -> Iterator[HttpNode]:
    """Serve a script until the block ends."""
    node = HttpNode("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one packet: two would wait for each other's acknowledgement

        def do_POST(self) -> None:  # the base class's name
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            count = len(node.methods)
            node.paths.append(self.path)
            node.methods.append(request["method"])
            reply = script(request["method"], request["params"], count)
            time.sleep(reply.delay_s)
            body = reply.body
            if body is None:
                body = json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": reply.result}).encode()
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body[: reply.sent])
            self.wfile.flush()
            if reply.sent is not None:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    node.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield node
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
