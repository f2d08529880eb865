"""The comparison live in a browser: what each slider sets, what a change does, and who may talk to the server."""

import http.client
import math
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from bokeh.document import Document
from browser import chromium, visit
from playwright.sync_api import Page

from compare.errors import InputError
from compare.explore.application import Explorer, prepared
from compare.explore.knobs import FEES, KNOBS, Knobs, brisk
from compare.explore.server import serve
from orderbook import ProportionalAvellanedaStoikov

QUICK: dict[str, dict[str, Any]] = {"prices": {"days": 0.01}, "takers": {"rate": "600/h"}}
SHORT = ("--set", "prices.days=0.01", "--set", "takers.rate=600/h")


@contextmanager
def served(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """The command as a person starts it, its page's address and port; it is ended if the test did not."""
    command = [sys.executable, "-c", "from compare.cli import main; main()", "explore", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.match(
                r"open (http://127\.0\.0\.1:(\d+)/) in a browser; Ctrl-C ends it", process.stdout.readline()
            )
            assert found is not None
            yield process, found[1], int(found[2])
        finally:
            process.kill()


def explorer() -> tuple[Explorer, Document]:
    scenario, document = brisk(QUICK), Document()
    page = Explorer(scenario, *prepared(scenario))
    page.add_to(document)
    return page, document


def test_knobs_stand_where_the_scenario_is() -> None:
    """Each slider starts at the scenario's own value, or the nearest it can stand at."""
    tables: dict[str, dict[str, Any]] = {
        "prices": {"volatility": 0.9, "seed": 11},
        "takers": {"rate": "100/h", "mean_value": 5_000.0},
        "pool": {"fee": 3_000, "range": "20%"},
        "maker": {"information_lag": "24s", "risk_aversion": 1e-4},
    }
    assert Knobs.of(brisk(tables), 1.0) == Knobs(90, "30 bp", 20, 12, 24, -4, 11)
    far = brisk({"prices": {"volatility": 9.0}, "pool": {"range": "1800:2200"}})
    assert Knobs.of(far, 1e-20) == Knobs(200, "5 bp", 10, 5, 0, -7, 7)


def test_the_usual_risk_aversion_is_where_its_slider_starts() -> None:
    """Left out of a scenario, it is what the maker takes from the run, to half a step of the slider."""
    scenario = brisk(QUICK)
    start, _ = prepared(scenario)
    path = scenario.price_path()
    market = scenario.market(path)
    usual, turned = (one.strategy(path, market) for one in (scenario, start.turned(scenario)))
    assert isinstance(usual, ProportionalAvellanedaStoikov)
    assert isinstance(turned, ProportionalAvellanedaStoikov)
    assert abs(math.log10(turned.risk_aversion / usual.risk_aversion)) <= 0.125


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_every_knob_sets_one_thing_from_end_to_end(knob: Any) -> None:  # noqa: ANN401 - a knob
    """Both ends of a slider are settings that a scenario allows, and they differ in that setting alone."""
    start = Knobs(60, "5 bp", 10, 3, 0, -4, 7)
    places = {
        "volatility": ("prices", "volatility"),
        "range": ("pool", "range"),
        "noise": ("takers", "mean_value"),
        "latency": ("maker", "information_lag"),
        "aversion": ("maker", "risk_aversion"),
        "seed": ("prices", "seed"),
    }
    table, key = places[knob.name]
    ends = []
    for value in (knob.start, knob.end):
        values = {name: getattr(start, name) for name in start.__struct_fields__} | {knob.name: value}
        ends.append(Knobs(**values).turned(brisk({})))
    low, high = ends
    assert getattr(getattr(low, table), key) != getattr(getattr(high, table), key)
    others = [name for name in low.__struct_fields__ if name not in {table, "takers" if knob.name == "seed" else table}]
    assert all(getattr(low, name) == getattr(high, name) for name in others)


def test_what_a_file_gives_is_not_turned() -> None:
    """With recorded prices and takers the sliders of volatility and volume are off, and change nothing."""
    start = Knobs(60, "5 bp", 10, 3, 0, -4, 7)
    recorded = brisk({"prices": {"file": "prices.csv"}, "takers": {"file": "trades.csv"}, "pool": {"contract": "v2"}})
    turned = start.turned(recorded)
    assert (turned.prices.file, turned.prices.volatility) == ("prices.csv", recorded.prices.volatility)
    assert turned.takers.mean_value is None
    assert turned.pool.range == recorded.pool.range


def test_a_change_runs_the_comparison_anew() -> None:
    """Another fee gives another table and the command that runs it, and the same fee the same table again."""
    page, _ = explorer()
    first = page.view.table.text
    page.sliders["fee"].value = "100 bp"
    page.run()
    assert page.view.table.text != first
    assert f"pool.fee={FEES['100 bp']}" in page.again.text
    page.sliders["fee"].value = "5 bp"
    page.run()
    assert page.view.table.text == first


def test_a_drag_is_one_run() -> None:
    """Many changes before the run are waited for together."""
    page, document = explorer()
    for volatility in (65, 70, 75):
        page.sliders["volatility"].value = volatility
    assert len(document.session_callbacks) == 1


def test_what_cannot_be_run_is_said_in_the_page() -> None:
    """The error stands where the finding stood, as text, and the page lives on."""
    page, _ = explorer()
    shown = page.view.table.text
    page.scenario = brisk({**QUICK, "maker": {"quote_value": 1e-9}})
    page.run()
    assert page.headline.text.startswith("This cannot be run: maker.quote_value: 1e-09 is less than one lot")
    assert page.headline.render_as_text
    assert page.view.table.text == shown
    page.scenario = brisk(QUICK)
    page.run()
    assert page.headline.text.startswith("Against holding: ")


@pytest.mark.parametrize(
    ("host", "port", "problem"),
    [
        ("0.0.0.0", 0, "every address"),  # noqa: S104 - what must be refused
        ("no such host", 0, "no address"),
        ("192.0.2.1", 0, "cannot be used"),
        ("127.0.0.1", 70_000, "no port"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(host: str, port: int, problem: str) -> None:
    """The error names the option and what would be right."""
    with pytest.raises(InputError, match=problem) as caught:
        serve(brisk(QUICK), host=host, port=port, ready=print)
    assert caught.value.place in {"--host", "--port"}


def _handshake(port: int, origin: str) -> int:
    """Ask for a web socket from a page of some origin; return the answer's code."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": "bokeh, nothing",
        "Origin": origin,
    }
    connection.request("GET", "/ws", headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


def _numbers(page: Page) -> tuple[str, str]:
    """Return what the page's document says was found, and the command."""
    found = page.evaluate("() => ['numbers', 'again'].map(name => Bokeh.documents[0].get_model_by_name(name).text)")
    return found[0], found[1]


def test_the_page_follows_its_sliders() -> None:
    """In a browser: a key on a slider changes the numbers, quietly, and the page asks only its own server."""
    with served(*SHORT) as (_, url, _port), chromium() as browser:
        one = visit(browser, url)
        page = one.page
        page.get_by_text("Against holding").wait_for()
        assert page.locator(".noUi-handle").count() == len(KNOBS) + 1
        before = _numbers(page)
        page.locator(".noUi-handle").first.press("ArrowRight")
        page.get_by_text("prices.volatility=0.65").wait_for()
        assert _numbers(page)[0] != before[0]
        assert one.complaints == []
        assert all(request.startswith(url) for request in one.requests)


def test_the_server_answers_its_own_page_alone_and_ends_on_ctrl_c() -> None:
    """Other origins are refused, other addresses of this machine do not answer, the port is kept, Ctrl-C is clean."""
    with served(*SHORT) as (process, _url, port):
        for origin in ("http://example.com", f"http://example.com:{port}", "http://127.0.0.1:1", "null"):
            assert _handshake(port, origin) == 403
        other = http.client.HTTPConnection("127.0.0.2", port, timeout=5)  # loopback too, on Linux
        with pytest.raises(OSError, match=r"refused|assign"):
            other.request("GET", "/")
        with pytest.raises(InputError, match=f"port {port} is taken"):
            serve(brisk(QUICK), port=port, ready=print)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "Traceback" not in out + err
