"""The page of a result in a real browser: quiet, alone, every chart drawn, its tools working, and good on paper."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Visit, chromium, visit
from playwright.sync_api import BrowserContext
from report_cases import RECORD, evil

from compare.report import write_report

CHARTS = {
    *("waterfall-0", "waterfall-1", "price", "quotes", "profit", "components-0", "components-1", "payoff"),
    *("markouts-noise-0", "markouts-noise-1", "markouts-arbitrage-0", "markouts-arbitrage-1"),
    *("payments-0", "payments-1", "gains-0", "gains-1"),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with chromium() as context:
        yield context


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(RECORD, tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture
def opened(browser: BrowserContext, file: Path) -> Iterator[Visit]:
    """The page of a result, its charts drawn."""
    one = _open(browser, file)
    yield one
    one.page.close()


def _open(browser: BrowserContext, file: Path) -> Visit:
    one = visit(browser, file.as_uri())
    one.page.wait_for_selector("body[data-charts=drawn]")
    return one


def _figures(one: Visit) -> dict[str, dict[str, Any]]:
    """Return what the page's own document says of every figure."""
    found: dict[str, dict[str, Any]] = one.page.evaluate(
        """() => Object.fromEntries(Bokeh.documents[0].roots().map(root => [root.name, {
            frame: (box => [box.width, box.height])(Bokeh.index[root.id].frame.bbox),
            tools: root.toolbar.tools.map(tool => tool.type),
            labels: [...root.left, ...root.below].map(one => one.axis_label).filter(one => one),
            hidden: root.renderers.filter(one => !one.visible).length,
            x: [root.x_range.start, root.x_range.end],
        }]))"""
    )
    return found


def test_the_page_loads_quietly_and_alone(opened: Visit) -> None:
    """No error, no warning, no request but for the file; every chart has an area, tools and named axes."""
    figures = _figures(opened)
    assert set(figures) == CHARTS
    for name, one in figures.items():
        assert min(one["frame"]) > 40, name
        assert {"HoverTool", "BoxZoomTool", "WheelZoomTool", "ResetTool"} <= set(one["tools"]), name
        assert all("(" in label for label in one["labels"]), one["labels"]  # every axis with its unit
        assert one["labels"]
    assert opened.complaints == []
    assert opened.requests == [opened.page.url]


def test_a_click_in_the_legend_hides_a_component(opened: Visit) -> None:
    """The glyph is gone in the page's document, and a second click brings it back."""
    for chart, name in (("waterfall-0", "fees"), ("components-1", "spread capture")):
        entry = opened.page.locator(f"#{chart}").get_by_text(name, exact=True)
        entry.click()
        assert _figures(opened)[chart]["hidden"] == 1
        entry.click()
        assert _figures(opened)[chart]["hidden"] == 0


def test_the_pointer_reads_a_chart_and_a_zoom_in_time_is_one_everywhere(opened: Visit) -> None:
    """A tip with the amounts appears over a line; a drag over one chart narrows the time of the others."""
    plot = opened.page.locator("#profit")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    left, middle = box["x"] + box["width"] / 3, box["y"] + 140
    before = _figures(opened)
    opened.page.mouse.move(left, middle)
    opened.page.locator(".bk-Tooltip").get_by_text("beyond HODL").first.wait_for()
    opened.page.mouse.down()
    opened.page.mouse.move(left + 200, middle + 60, steps=4)
    opened.page.mouse.up()
    after = _figures(opened)
    assert after["profit"]["x"][0] > before["profit"]["x"][0]
    assert after["price"]["x"] == after["components-0"]["x"] == after["profit"]["x"]
    assert after["payoff"]["x"] == before["payoff"]["x"]


def test_paper_gets_every_table_and_a_picture_of_every_chart(opened: Visit) -> None:
    """The print view keeps tables, definitions and charts, leaves links out, and prints on some ten pages."""
    page = opened.page
    page.emulate_media(media="print")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert page.locator("nav").is_hidden()
    assert all(table.is_visible() for table in page.locator("table").all())
    pictures = page.locator("img.printed").all()
    assert len(pictures) == len(CHARTS)
    for picture in pictures:
        assert picture.is_visible()
        assert picture.evaluate("async one => { await one.decode(); return one.naturalHeight; }") > 100
    paper = page.pdf(prefer_css_page_size=True)
    assert 5 < paper.count(b"/Type /Page\n") < 15
    assert opened.complaints == []


def test_names_of_a_user_do_not_run(browser: BrowserContext, tmp_path: Path) -> None:
    """Names that try to be scripts are seen as text in tables, legends and tips, and ask nothing of anyone."""
    one = _open(browser, write_report(evil(), tmp_path / "evil.html"))
    page = one.page
    assert page.evaluate("() => window.stolen") is None
    plot = page.locator("#payments-0")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 60, steps=3)
    page.locator(".bk-Tooltip").get_by_text("window.stolen").first.wait_for()
    assert page.evaluate("() => window.stolen") is None
    assert page.locator("img").count() == 0
    assert one.complaints == []
    assert one.requests == [page.url]
    page.close()
