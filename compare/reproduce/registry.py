"""Every published result that can be computed anew, by name."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from compare.errors import InputError
from compare.reproduce import avellaneda_stoikov, glft, informed_trading, order_splitting, pools, unit_ladder
from compare.reproduce.row import Progress, Row, no_progress


class Rows(Protocol):
    """What computes a reproduction."""

    def __call__(self, paths: int, seed: int, progress: Progress = no_progress) -> list[Row]:
        """Give its rows, from so many paths or draws where it simulates, with this seed."""
        ...


class Reproduction(NamedTuple):
    """One published result.

    Attributes:
        name: what to ask for it by.
        title: what it is, on one line.
        rows: what computes it.
    """

    name: str
    title: str
    rows: Rows


def _exact(rows: Callable[[], list[Row]]) -> Rows:
    """Rows that need no simulation."""

    def computed(paths: int, seed: int, progress: Progress = no_progress) -> list[Row]:  # noqa: ARG001 - of `Rows`
        found = rows()
        progress(1, 1)
        return found

    return computed


REPRODUCTIONS = {
    reproduction.name: reproduction
    for reproduction in (
        Reproduction(
            "avellaneda-stoikov",
            "The simulations of Avellaneda and Stoikov (2008), tables 1 to 3",
            avellaneda_stoikov.rows,
        ),
        Reproduction("glft", "What the optimal quotes of Gueant, Lehalle and Fernandez-Tapia (2013) earn", glft.rows),
        Reproduction(
            "glosten-milgrom",
            "Quotes against informed takers, Glosten and Milgrom (1985)",
            informed_trading.glosten_milgrom,
        ),
        Reproduction("kyle", "One auction with an informed trader, Kyle (1985)", informed_trading.kyle),
        Reproduction(
            "copeland-galai", "The half-spreads of article 4, and what they are worth", informed_trading.copeland_galai
        ),
        Reproduction("chakraborty-kearns", "The profit of a ladder, Chakraborty and Kearns (2011)", unit_ladder.rows),
        Reproduction(
            "impermanent-loss",
            "Impermanent loss, and what a range is worth",
            _exact(pools.impermanent_loss),
        ),
        Reproduction(
            "trade-probability",
            "How often a block trades, Milionis, Moallemi and Roughgarden (2023)",
            _exact(pools.trade_probability),
        ),
        Reproduction("arbitrage", "The best trade against a pool with a fee", _exact(pools.arbitrage)),
        Reproduction("just-in-time", "Liquidity minted around one order", _exact(pools.just_in_time)),
        Reproduction("stale-prices", "A passive pool beside a maker who quotes anew", pools.stale_prices),
        Reproduction("order-splitting", "One order or ten, article 3", order_splitting.rows),
    )
}


def find(name: str) -> Reproduction:
    """Find a reproduction by its name.

    Raises:
        InputError: There is none of that name.
    """
    if name not in REPRODUCTIONS:
        raise InputError(f"no published result is called {name!r}", remedy=f"one of {', '.join(REPRODUCTIONS)}")
    return REPRODUCTIONS[name]
