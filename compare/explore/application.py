"""One visitor's page: sliders whose every change runs the comparison anew, and the view it fills."""

from __future__ import annotations

import time
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from bokeh.layouts import column
from bokeh.models.widgets import CategoricalSlider, Div, Slider
from jinja2 import Environment

from amm import AmmError
from compare.charts.style import amount_text
from compare.errors import CompareError
from compare.explore.knobs import FEES, KNOBS, Knobs
from compare.explore.view import View
from compare.report.figures.style import THEME
from compare.report.sentences import span_text
from compare.rerun import command
from orderbook import OrderBookError

if TYPE_CHECKING:
    from bokeh.document import Document

    from compare.result import Comparison
    from compare.scenario import Scenario

_SAMPLES = 120  # points of every line: enough to look at
_WAIT_MS = 25  # a drag sends many changes; what comes in this time is one
_ERRORS = (CompareError, AmmError, OrderBookError)


class Explorer:
    """A page and what it shows.

    Attributes:
        scenario: What the knobs change.
        sliders: By name.
        headline: What the last run found, or what is wrong.
        status: How long it took.
        again: The command that runs it.
        view: Figures and table.
    """

    def __init__(self, scenario: Scenario, start: Knobs, first: Comparison) -> None:
        """Make the page of a scenario whose first run is there already."""
        self.scenario = scenario
        self.sliders = _sliders(start, disabled=_without_effect(scenario))
        self.headline = Div(name="headline", render_as_text=True)
        self.status = Div(name="status", render_as_text=True)
        self.again = Div(name="again", render_as_text=True)
        self.view = View([one.name for one in first.providers])
        self._waiting = False
        self._document: Document | None = None
        self._show(start.turned(scenario), first, 0.0)

    def add_to(self, document: Document) -> None:
        """Put the page into a document, and listen to its sliders."""
        self._document = document
        document.title = "lpmm: LP versus market maker"
        document.theme = THEME
        document.template = Environment(autoescape=False).from_string(  # noqa: S701 - bokeh's page, which escapes
            (files("compare.explore") / "page.html.j2").read_text(encoding="utf-8")
        )
        controls = column(*self.sliders.values(), name="controls", sizing_mode="stretch_width")
        for root in (controls, self.headline, self.status, self.again, self.view.table, *self.view.figures.values()):
            document.add_root(root)
        for slider in self.sliders.values():
            slider.on_change("value", self._changed)

    def _changed(self, _name: str, _old: Any, _new: Any) -> None:  # noqa: ANN401 - as bokeh calls it
        """Run soon, once for all changes until then."""
        if self._document is not None and not self._waiting:
            self._waiting = True
            self._document.add_timeout_callback(self.run, _WAIT_MS)

    def run(self) -> None:
        """Run the comparison as the sliders stand; say in the page what is wrong where it cannot be run."""
        self._waiting = False
        began = time.perf_counter()
        try:
            scenario = self._knobs().turned(self.scenario)
            result = scenario.run_all(samples=_SAMPLES)
        except _ERRORS as error:
            self.headline.text = f"This cannot be run: {error}"
            self.status.text = "The numbers below are those of the last setting that could."
            return
        self._show(scenario, result, time.perf_counter() - began)

    def _knobs(self) -> Knobs:
        values: dict[str, Any] = {name: slider.value for name, slider in self.sliders.items()}
        return Knobs(**values)

    def _show(self, scenario: Scenario, result: Comparison, seconds: float) -> None:
        self.view.show(result)
        self.headline.text = _headline(result)
        took = f", run in {seconds:.2f} s" if seconds else ""
        self.status.text = f"{len(result.tape):,} orders over {span_text(result.duration_ns / 86_400e9)}{took}"
        self.again.text = command(scenario)


def prepared(scenario: Scenario) -> tuple[Knobs, Comparison]:
    """Return where the knobs of a scenario stand, and its run as they say it.

    Raises:
        InputError: The scenario cannot be run.
    """
    start = Knobs.of(scenario, _usual_aversion(scenario))
    return start, start.turned(scenario).run_all(samples=_SAMPLES)


def _usual_aversion(scenario: Scenario) -> float:
    """Return the risk aversion that the maker has where the scenario leaves it out, per quote token."""
    path = scenario.price_path()
    market = scenario.market(path)
    known = Knobs.of(scenario, 1.0)
    strategies = (one.strategy(path, market) for one in (scenario, known.turned(scenario)))
    usual, with_known = (getattr(strategy, "risk_aversion", 1.0) for strategy in strategies)
    return float(usual / with_known * 10**known.aversion)  # a strategy has it in units of its own


def _sliders(start: Knobs, disabled: set[str]) -> dict[str, Slider | CategoricalSlider]:
    """Return a slider for each knob."""
    sliders: dict[str, Slider | CategoricalSlider] = {
        knob.name: Slider(
            name=knob.name,
            title=knob.title,
            start=knob.start,
            end=knob.end,
            step=knob.step,
            value=getattr(start, knob.name),
            disabled=knob.name in disabled,
            sizing_mode="stretch_width",
        )
        for knob in KNOBS
    }
    fee = CategoricalSlider(
        name="fee", title="Fee tier of the pool", categories=list(FEES), value=start.fee, sizing_mode="stretch_width"
    )
    ordered = ("volatility", "fee", "range", "noise", "latency", "aversion", "seed")
    return {name: fee if name == "fee" else sliders[name] for name in ordered}


def _without_effect(scenario: Scenario) -> set[str]:
    """Return the knobs that change nothing here."""
    idle = {
        "volatility": scenario.prices.file is not None,
        "noise": scenario.takers.file is not None,
        "range": scenario.pool.contract != "v3",
        "aversion": scenario.maker.strategy == "fixed-spread",
    }
    return {name for name, it_is in idle.items() if it_is}


def _headline(result: Comparison) -> str:
    """Return who made and who lost how much against holding, the best first."""
    ranked = sorted(result.providers, key=lambda one: -one.beyond_hodl)
    parts = [
        f"the {one.name} {'made' if one.beyond_hodl >= 0 else 'lost'} "
        f"{amount_text(abs(result.market.quote_float(one.beyond_hodl)))}"
        for one in ranked
    ]
    return f"Against holding: {', '.join(parts)}"
