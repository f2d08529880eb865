"""Who pays whom, drawn: every payment a bar, every gain a bar, the sum stated, the title from the gains."""

import numpy as np
from figures import title_of
from matplotlib.patches import Rectangle
from worlds import run

from compare import charts
from compare.charts.style import amount_text
from compare.transfers import Transfers

RESULT = run()
FIGURE = charts.who_pays_whom(RESULT)
WORLDS = [Transfers.of(world) for world in RESULT.worlds]


def _widths(patches: list[Rectangle]) -> list[float]:
    return [patch.get_width() for patch in patches]


def test_bars_are_the_payments_and_the_gains() -> None:
    """Left, one bar a payment, the largest first; right, one bar a party."""
    for world, (left, right) in zip(WORLDS, zip(FIGURE.axes[::2], FIGURE.axes[1::2], strict=True), strict=True):
        paid = sorted((RESULT.market.quote_float(amount) for amount in world.paid.values()), reverse=True)
        assert np.allclose(_widths([bar for bar in left.patches if isinstance(bar, Rectangle)]), paid)
        gains = [RESULT.market.quote_float(world.gains[party]) for party in world.parties]
        assert np.allclose(_widths([bar for bar in right.patches if isinstance(bar, Rectangle)]), gains)
        assert [text.get_text() for text in right.get_yticklabels()] == [party.name for party in world.parties]


def test_the_sum_over_everyone_is_stated() -> None:
    """Above the gains of each world stands that they add up to zero."""
    for axes in FIGURE.axes[1::2]:
        assert axes.get_title(loc="left").endswith("everyone together: 0")


def test_lengths_compare_across_worlds() -> None:
    """The panels of payments share one scale, and so do the panels of gains."""
    for panels in (FIGURE.axes[::2], FIGURE.axes[1::2]):
        assert len({axes.get_xlim() for axes in panels}) == 1


def test_the_title_names_losers_and_winners() -> None:
    """Everybody who gained or lost more than a crumb stands on its side of the sentence, with its amount."""
    said = title_of(FIGURE)
    for world in WORLDS:
        most = max(map(abs, world.gains.values()))
        for party, gain in world.gains.items():
            if abs(gain) > most / 1_000:
                assert f"{party.name} ({amount_text(abs(RESULT.market.quote_float(gain)))})" in said
    first = said.split("Around the ")[1]
    losers, winners = first.split(" lost to ")
    assert "noise takers" in losers
    assert "arbitrageur" in winners
