"""A pool's curve in an order book: the same lots between the same prices, for the same money."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm import UniswapV3Pool
from compare.curve import RequotedCurve, curve_lots
from compare.errors import InputError
from compare.market import Market
from compare.price_range import pool_sqrt_price_x96
from orderbook import MarketView
from orderbook.types import Instrument

LIQUIDITY = 10**22
CENTRE = 2_000 * 10**4


def market(*, base_is_token0: bool = True) -> Market:
    """Tick 0.0001, lot 1e-9, 18 decimals of both tokens."""
    return Market(Instrument(18, 18, 10**9, 10**5), base_is_token0)


PRICES = st.lists(st.integers(CENTRE // 2, CENTRE * 2), min_size=2, max_size=6, unique=True).map(sorted)


@given(prices=PRICES, base_is_token0=st.booleans())
def test_lots_and_money_between_two_prices_are_the_pools(prices: list[int], *, base_is_token0: bool) -> None:
    """A swap from one price to the next takes the lots, to less than one and a unit, at their geometric mean price."""
    units = market(base_is_token0=base_is_token0)
    lots = curve_lots(units, LIQUIDITY, prices)
    pool = UniswapV3Pool(0, 1)
    pool.initialize(pool_sqrt_price_x96(units, prices[0] * units.tick_size))
    pool.mint("owner", -887_272, 887_272, LIQUIDITY)
    for (low, high), size in zip(pairwise(prices), lots, strict=True):
        limit = pool_sqrt_price_x96(units, high * units.tick_size)
        result = pool.swap(not base_is_token0, 2**200, limit)
        base, quote = units.as_base_quote(-result.amount0, -result.amount1)
        assert 0 <= base - units.base_units(size) + 2 <= units.base_units(1) + 4
        paid = -units.cash(quote)
        assert units.value(base, low) - units.value(2, low) <= paid <= units.value(base + 2, high) + units.cash(2)
        assert abs(paid**2 - units.value(base, 1) ** 2 * low * high) <= paid**2 // 10**12


def requoted() -> RequotedCurve:
    return RequotedCurve.of(market(), LIQUIDITY, price=CENTRE, step_pips=100, levels=200, fee_pips=500, shown=7)


@given(st.integers(CENTRE * 97 // 100, CENTRE * 103 // 100), st.integers(-(10**9), 10**9))
def test_quotes_are_the_levels_beyond_the_fee(fair: int, inventory: int) -> None:
    """By a look at every level: bids at most S (1 - fee), asks at least S / (1 - fee), the seven nearest first."""
    curve = requoted()
    bids = [level for level in curve._bids if level.price * 10**6 <= fair * 999_500]
    asks = [level for level in curve._asks if level.price * 999_500 >= fair * 10**6]
    quotes = curve.quote(MarketView(0, fair, inventory))
    assert quotes.bids == tuple(bids[::-1][:7])
    assert quotes.asks == tuple(asks[:7])


def test_a_level_stands_at_the_geometric_mean_of_its_edges_rounded_outwards() -> None:
    """A bid is rounded down and an ask up, each with the curve's lots between its edges."""
    curve = requoted()
    assert len(curve.lots) == 400
    assert curve.lots == curve_lots(market(), LIQUIDITY, curve.edges)
    levels = zip(pairwise(curve.edges), curve.lots, curve._bids, curve._asks, strict=True)
    for (low, high), lots, bid, ask in levels:
        assert bid.price**2 <= low * high < (bid.price + 1) ** 2
        assert (ask.price - 1) ** 2 < low * high <= ask.price**2
        assert bid.size == ask.size == lots


def test_away_from_its_levels_a_side_is_empty() -> None:
    """Below the lowest level there is no bid, above the highest no ask."""
    curve = requoted()
    low, high = curve.edges[0], curve.edges[-1]
    assert not curve.quote(MarketView(0, low, inventory=0)).bids
    assert not curve.quote(MarketView(0, high, inventory=0)).asks
    assert len(curve.quote(MarketView(0, 2 * high, inventory=0)).bids) == 7


@pytest.mark.parametrize(
    ("edges", "lots", "fee", "shown", "word"),
    [
        ((10, 20), (0,), 500, 1, "lots"),
        ((10, 20), (1, 1), 500, 1, "lots"),
        ((10,), (), 500, 1, "lots"),
        ((20, 20), (1,), 500, 1, "edges"),
        ((0, 20), (1,), 500, 1, "edges"),
        ((10, 20), (1,), -1, 1, "fee_pips"),
        ((10, 20), (1,), 10**6, 1, "fee_pips"),
        ((10, 20), (1,), 500, 0, "shown"),
    ],
)
def test_what_is_no_curve_is_refused(
    edges: tuple[int, ...], lots: tuple[int, ...], fee: int, shown: int, word: str
) -> None:
    """Every number out of range is refused by name."""
    with pytest.raises(InputError, match=word):
        RequotedCurve(edges, lots, fee, shown)


def test_it_says_what_it_quotes() -> None:
    """Its text names the fee; a Fraction of a tick is a fair price too."""
    curve = requoted()
    assert str(curve) == "a pool's curve around the fair price, fee 5 bp"
    assert curve.quote(MarketView(0, Fraction(2 * CENTRE + 1, 2), inventory=0)).bids
