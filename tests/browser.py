"""A real browser for tests: Debian's Chromium without a window, with a profile of its own, and no network needed."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, sync_playwright

_PATIENCE_MS = 90_000  # on a machine that has much else to do
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Visit:
    """A page, what it complained of, and what it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def asked(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.requests.append(request.url)


@contextmanager
def chromium() -> Iterator[BrowserContext]:
    """Open the browser; a test that needs one is skipped where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium on this machine: `make browser` installs it")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=program, args=[*_ARGUMENTS], viewport={"width": 1280, "height": 900}
        )
        try:
            yield context
        finally:
            context.close()


def visit(context: BrowserContext, url: str) -> Visit:
    """Open a page and hear all it says."""
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    opened = Visit(page)
    page.on("console", opened.heard)
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    page.on("request", opened.asked)
    page.goto(url)
    return opened
