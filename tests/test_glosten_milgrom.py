"""Quotes under informed trading (O-45), by enumeration of every sequence of takers."""

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import Side
from orderbook.errors import InvalidParameterError
from orderbook.glosten_milgrom import CompetitiveAsk, GlostenMilgrom, competitive_ask

ROW = GlostenMilgrom(low=99, high=101, informed_share=Fraction(3, 10))
shares = st.fractions(0, Fraction(99, 100), max_denominator=100)
beliefs = st.builds(
    GlostenMilgrom,
    low=st.integers(0, 100),
    high=st.integers(100, 200),
    informed_share=shares,
    high_probability=st.fractions(0, 1, max_denominator=50),
)
INFORMED, NOISE_BUYS, NOISE_SELLS = range(3)


def histories(start: GlostenMilgrom, trades: int) -> Iterator[tuple[Fraction, int | Fraction, list[tuple[bool, Side]]]]:
    """Every value and sequence of takers: its probability, the value, and who traded which way."""
    for is_high in (True, False):
        value = start.high if is_high else start.low
        prior = start.high_probability if is_high else 1 - start.high_probability
        for takers in itertools.product((INFORMED, NOISE_BUYS, NOISE_SELLS), repeat=trades):
            probability, sides = prior, []
            for taker in takers:
                probability *= start.informed_share if taker == INFORMED else (1 - start.informed_share) / 2
                knows = Side.BUY if is_high else Side.SELL
                sides.append((taker == INFORMED, (knows, Side.BUY, Side.SELL)[taker]))
            yield probability, value, sides


def test_o45_s41_the_spread_is_the_informed_share_of_the_range() -> None:
    """.3 of 101 - 99: bid 99.7, ask 100.3, spread .6; at any share, prior one half."""
    assert (ROW.bid, ROW.ask, ROW.spread) == (Fraction("99.7"), Fraction("100.3"), Fraction("0.6"))
    for percent in range(100):
        belief = GlostenMilgrom(99, 101, Fraction(percent, 100))
        assert belief.spread == Fraction(percent, 100) * 2


@given(beliefs)
def test_o45_quotes_are_expected_values_given_the_trade(belief: GlostenMilgrom) -> None:
    """From every outcome of one trade, listed: P(side), E[V | side], and the quotes around the expected value."""
    for side, quote in ((Side.BUY, belief.ask), (Side.SELL, belief.bid)):
        outcomes = [(probability, value) for probability, value, [(_, way)] in histories(belief, 1) if way is side]
        likely = sum(probability for probability, _ in outcomes)
        assert belief.trade_probability(side) == likely
        assert quote == sum(probability * value for probability, value in outcomes) / likely
        assert belief.expected_profit(side, quote) == 0
    assert belief.bid <= belief.expected_value <= belief.ask
    assert belief.trade_probability(Side.BUY) + belief.trade_probability(Side.SELL) == 1


@given(beliefs, st.integers(1, 4))
def test_o45_the_maker_earns_nothing_and_noise_pays_the_informed(start: GlostenMilgrom, trades: int) -> None:
    """Over every history of up to four trades, exactly; and after each history by itself, of the trade that follows."""
    earned = {True: Fraction(0), False: Fraction(0)}
    after_history: dict[tuple[Side, ...], Fraction] = {}
    for probability, value, sides in histories(start, trades):
        belief = start
        for informed, side in sides:
            price = belief.ask if side is Side.BUY else belief.bid
            earned[informed] += probability * side.sign * (value - price)
            belief = belief.after(side)
        way = tuple(side for _, side in sides)
        after_history[way] = after_history.get(way, Fraction(0)) + probability * way[-1].sign * (price - value)
    assert earned[True] + earned[False] == 0
    assert earned[True] >= 0
    assert set(after_history.values()) == {0}


@given(beliefs, st.lists(st.sampled_from(Side), max_size=12))
def test_o45_beliefs_are_those_of_bayes_over_the_whole_sequence(start: GlostenMilgrom, sides: list[Side]) -> None:
    """Updating trade by trade gives what all trades together give; a buy and a sell cancel."""
    belief = start
    given_high, given_low = start.high_probability, 1 - start.high_probability
    for side in sides:
        right, wrong = (1 + start.informed_share) / 2, (1 - start.informed_share) / 2
        given_high *= right if side is Side.BUY else wrong
        given_low *= wrong if side is Side.BUY else right
        belief = belief.after(side)
    assert belief.high_probability == given_high / (given_high + given_low)
    assert belief.after(Side.BUY).after(Side.SELL) == belief


def test_o45_many_trades_tell_the_value() -> None:
    """After a hundred more buys than sells the ask is at the high value and the spread is gone, to a millionth."""
    belief = ROW
    for _ in range(100):
        belief = belief.after(Side.BUY)
    assert 101 - belief.ask < Fraction(1, 10**6)
    assert belief.spread < Fraction(1, 10**6)


@pytest.mark.parametrize("makers", [2, 3, 10])
def test_s25_competition_brings_the_spread_to_that_of_zero_profit(makers: int) -> None:
    """However many: from an ask of 105 down to the last tick above 100.3, which tends to a spread of .6."""
    for tick in (Fraction(1, 8), Fraction(1, 100), Fraction(1, 1_000)):
        ended = competitive_ask(ROW, makers=makers, tick=tick, highest_ask=105)
        assert 0 < ended.price - ROW.ask <= tick
        assert ended.rounds == (105 - ended.price) / tick
        assert ended.profit_each == (ended.price - ROW.ask) / 2 / makers
        assert 2 * (ended.price - 100) - Fraction("0.6") <= 2 * tick


def test_s25_alone_one_asks_for_the_most_that_noise_pays() -> None:
    """No round of undercutting, and half of all takers pay 4.7 more than the ask of zero profit."""
    alone = competitive_ask(ROW, makers=1, tick=1, highest_ask=105)
    assert alone == CompetitiveAsk(Fraction(105), 0, Fraction("4.7") / 2)


def test_s25_the_top_of_the_book_trades_and_what_is_deeper_waits() -> None:
    """An ask one tick behind the competitive one earns more a trade, and has none of them."""
    best = competitive_ask(ROW, makers=2, tick=Fraction(1, 10), highest_ask=105)
    assert best.price == Fraction("100.4")
    assert ROW.expected_profit(Side.BUY, best.price + Fraction(1, 10)) > ROW.expected_profit(Side.BUY, best.price) > 0
    assert ROW.expected_profit(Side.BUY, best.price - Fraction(1, 10)) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("low", 102),
        ("low", 0.5),
        ("informed_share", 1),
        ("informed_share", Fraction(-1, 10)),
        ("informed_share", 0.3),
        ("high_probability", Fraction(11, 10)),
    ],
)
def test_beliefs_that_are_none_are_refused(name: str, value: Any) -> None:  # noqa: ANN401 - what is refused
    """Values in the wrong order, floats, and a market of informed takers alone."""
    good: dict[str, Any] = {"low": 99, "high": 101, "informed_share": Fraction(1, 10)}
    with pytest.raises(InvalidParameterError, match=f"^{name} is"):
        GlostenMilgrom(**(good | {name: value}))


@pytest.mark.parametrize(("name", "value"), [("makers", 0), ("tick", 0), ("tick", 0.1), ("highest_ask", 100)])
def test_a_competition_without_makers_ticks_or_profit_is_refused(name: str, value: Any) -> None:  # noqa: ANN401 - same
    """The error names the parameter; an ask that loses is no beginning."""
    good: dict[str, Any] = {"makers": 2, "tick": 1, "highest_ask": 105}
    with pytest.raises(InvalidParameterError, match=f"^{name} is"):
        competitive_ask(ROW, **(good | {name: value}))
