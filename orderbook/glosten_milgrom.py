"""Quotes under informed trading: Glosten and Milgrom (1985), with two values and trades of one unit. All exact.

"Bid, ask and transaction prices in a specialist market with heterogeneously informed traders", Journal of Financial
Economics 14, 71-100.

A taker is informed with some probability, and then buys if the value is high and sells if it is low; otherwise it buys
or sells with equal odds. A market maker who cannot tell them apart, and whom competition leaves no profit, sells at the
expected value given that the taker buys, and buys at the expected value given that it sells. Each trade moves what it
believes, and with it both quotes.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Self

from orderbook._checks import require_exact_positive, require_int
from orderbook.errors import InvalidParameterError
from orderbook.types import Side

Price = int | Fraction

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class GlostenMilgrom:
    """What the market maker believes before a trade, and the quotes that follow.

    >>> before = GlostenMilgrom(low=99, high=101, informed_share=Fraction(3, 10))
    >>> float(before.bid), float(before.ask), float(before.spread)
    (99.7, 100.3, 0.6)
    >>> float(before.after(Side.BUY).expected_value)
    100.3

    Attributes:
        low: the lower value, in any unit of price.
        high: the higher one.
        informed_share: probability that a taker is informed; less than 1, or there is no one to earn from.
        high_probability: that of the higher value, as the market maker believes.
    """

    low: Price
    high: Price
    informed_share: Fraction
    high_probability: Fraction = _HALF

    def __post_init__(self) -> None:
        """Refuse values in the wrong order, and what is no probability.

        Raises:
            InvalidParameterError: a parameter out of range.
        """
        for name in ("low", "high", "informed_share", "high_probability"):
            if not isinstance(getattr(self, name), int | Fraction):
                raise InvalidParameterError(name, getattr(self, name), "an int or a Fraction")
        if not 0 <= self.informed_share < 1:
            raise InvalidParameterError("informed_share", self.informed_share, "at least 0 and less than 1")
        if not 0 <= self.high_probability <= 1:
            raise InvalidParameterError("high_probability", self.high_probability, "between 0 and 1")
        if self.low > self.high:
            raise InvalidParameterError("low", self.low, f"at most the high value of {self.high}")

    @property
    def expected_value(self) -> Fraction:
        """The value, as far as the market maker knows."""
        return self.high_probability * self.high + (1 - self.high_probability) * self.low

    @property
    def ask(self) -> Fraction:
        """The expected value given that the next taker buys."""
        return self.after(Side.BUY).expected_value

    @property
    def bid(self) -> Fraction:
        """The expected value given that the next taker sells."""
        return self.after(Side.SELL).expected_value

    @property
    def spread(self) -> Fraction:
        """Ask less bid; informed_share * (high - low) where either value is as likely."""
        return self.ask - self.bid

    def trade_probability(self, taker_side: Side) -> Fraction:
        """Probability that the next taker trades this way, as the market maker believes."""
        given_high, given_low = self._likelihoods(taker_side)
        return self.high_probability * given_high + (1 - self.high_probability) * given_low

    def after(self, taker_side: Side) -> Self:
        """What the market maker believes once a taker has traded this way (Bayes)."""
        given_high, _ = self._likelihoods(taker_side)
        posterior = self.high_probability * given_high / self.trade_probability(taker_side)
        return replace(self, high_probability=posterior)

    def expected_profit(self, taker_side: Side, price: Price) -> Fraction:
        """What a market maker who alone quotes this price expects of the next taker, on this side; zero at the quotes.

        Noise trades at any price, and so do informed takers, of whom the value has told before the price.
        """
        return taker_side.sign * (price - self.after(taker_side).expected_value) * self.trade_probability(taker_side)

    def _likelihoods(self, taker_side: Side) -> tuple[Fraction, Fraction]:
        """Probability that a taker trades this way, given the high value and given the low one."""
        right, wrong = Fraction(1 + self.informed_share) / 2, Fraction(1 - self.informed_share) / 2
        return (right, wrong) if taker_side is Side.BUY else (wrong, right)


@dataclass(frozen=True, slots=True)
class CompetitiveAsk:
    """Where undercutting ends.

    Attributes:
        price: the best ask, which every market maker still in the game has come down to.
        rounds: how often it was undercut.
        profit_each: what each of them expects of the next taker, who picks one of them by chance.
    """

    price: Fraction
    rounds: int
    profit_each: Fraction


def competitive_ask(belief: GlostenMilgrom, *, makers: int, tick: Price, highest_ask: Price) -> CompetitiveAsk:
    """Let market makers undercut one another's ask a tick at a time, for as long as the next ask still earns.

    Alone, one asks the highest price that noise will pay. Two are enough to bring the ask to within a tick of the
    expected value given a purchase, and more of them only share what the tick leaves.

    Args:
        belief: what they all believe.
        makers: how many.
        tick: step of an ask.
        highest_ask: the most that noise will pay; where the undercutting begins.

    Raises:
        InvalidParameterError: no market maker, a tick that is not positive, or a highest ask that loses.
    """
    require_int("makers", makers, minimum=1)
    require_exact_positive("tick", tick)
    if belief.expected_profit(Side.BUY, highest_ask) < 0:
        raise InvalidParameterError("highest_ask", highest_ask, f"at least the expected value of {belief.ask}")
    price, rounds = Fraction(highest_ask), 0
    while makers > 1 and belief.expected_profit(Side.BUY, price - tick) > 0:
        price -= tick
        rounds += 1
    return CompetitiveAsk(price, rounds, belief.expected_profit(Side.BUY, price) / makers)
