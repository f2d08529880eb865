"""A pool that follows a rule of your own, as a venue of the comparison: the rule says what a trade costs, no more."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from compare.errors import InputError
from compare.ledger import Ledger, Trade
from compare.provider_book import NOTHING, Amounts, FlowKind, Share
from compare.venue import BUY, PIPS, SELL, TakerOrder

if TYPE_CHECKING:
    from compare.market import Market

_EVERYTHING = 2**120  # base token units beyond what any pool holds
_IMPOSSIBLE = float("-inf")
_SLICE_SHARE = 1_000_000  # the smallest trade worth looking at is this fraction of the first reserves


class PoolCurve(Protocol):
    """The rule of a pool, in token units. Its ``str`` is what results say of it."""

    def cost(self, reserves: Amounts, base: int) -> int | None:
        """Return the quote token units that a taker pays for receiving base token units, fees left out.

        A taker who sells receives less than nothing, and pays less than nothing. The cost is rounded up, which is
        against the taker either way, and grows the faster the more is taken.

        Args:
            reserves: What the pool holds.
            base: What the taker receives; negative where it sells.

        Returns:
            The cost, or None where the pool does not make the trade.
        """


@dataclass(frozen=True, slots=True)
class CurveLiquidityProvider:
    """All the liquidity of a pool with a rule of its own.

    Attributes:
        curve: The rule.
        fee: Taken in the quote token and kept beside the reserves, pips: at the margin a buyer pays P / (1 - fee), and
            a seller receives P (1 - fee), as in a v3 pool.
        base_share: The part of the capital that is base at the start; more than 0, less than 1.
        name: The provider's name in results.
    """

    curve: PoolCurve
    fee: int = 3_000
    base_share: Fraction = Fraction(1, 2)
    name: str = "curve liquidity provider"

    def __post_init__(self) -> None:
        """Check the fee and the share."""
        if not 0 <= self.fee < PIPS:
            raise InputError(f"{self.fee} is no fee", place="fee", remedy=f"give 0 to {PIPS - 1} pips")
        if not 0 < self.base_share < 1:
            raise InputError(f"{self.base_share} is no part of the capital", place="base_share", remedy="give 1/2")

    def __str__(self) -> str:
        """Say what the rule is and what the pool charges."""
        return f"{self.curve}, with a fee of {self.fee / 100:g} bp"

    def endowment(self, market: Market, fair_ticks: int, capital: int) -> Amounts:
        """Return a capital, wealth units, as both tokens, each rounded down.

        Raises:
            InputError: The capital is too small for either token.
        """
        base = capital * self.base_share.numerator // self.base_share.denominator // market.value(1, fair_ticks)
        quote = (capital - market.value(base, fair_ticks)) // market.cash(1)
        if base < market.base_units(1) or not quote:
            money = market.quote_float(capital)
            raise InputError(f"{money:g} is too little for a pool", place="capital", remedy="give more capital")
        return Amounts(base, quote)


class CurveVenue:
    """The pool of one such provider: every amount follows from the rule and the fee, in whole lots of base.

    Args:
        provider: Whose pool it is.
        reserves: What it starts with, token units.
        market: Units.
        ledger: The books of the world the pool is in.
        gas: Quote token units an arbitrageur pays for a swap.
    """

    def __init__(
        self, provider: CurveLiquidityProvider, reserves: Amounts, market: Market, ledger: Ledger, gas: int = 0
    ) -> None:
        """Open the pool with its reserves."""
        self.name = provider.name
        self.provider = provider
        self.market = market
        self.ledger = ledger
        self.gas = gas
        self.reserves = reserves
        self.fees = NOTHING
        self._slice = max(reserves.base // _SLICE_SHARE, market.base_units(1))
        self._settled: int | None = None  # the fair price at which the last arbitrage left nothing
        ledger.open(self.name, reserves)

    def withdrawable(self) -> dict[str, Amounts]:
        """Return the reserves and the fees."""
        return {self.name: self.reserves.plus(self.fees)}

    def touch(self) -> tuple[float | None, float | None]:
        """Return the prices of a small slice, fees included."""
        return self._price_float(-self._slice), self._price_float(self._slice)

    def price_range(self, name: str) -> None:
        """Return None: a rule has no bounds that it could be asked for."""

    def refresh(self, time_ns: int, fair_ticks: int) -> None:
        """Do nothing: the liquidity is passive."""

    def arbitrage(self, time_ns: int, fair_ticks: int) -> None:
        """Make the trade that earns most at the fair price, when it pays for its gas and is a slice or more."""
        if fair_ticks == self._settled:
            return
        for side in (BUY, SELL):
            order = TakerOrder(time_ns, side, _EVERYTHING, fair_ticks * PIPS, FlowKind.ARBITRAGE, -1)
            if self._saved(order, self._slice) <= 0:
                continue  # savings grow slower than trades: the best one is smaller than a slice, or none
            base = self.fillable(order)
            if self._saved(order, base) > self.market.cash(self.gas) * PIPS:
                self._trade(order, fair_ticks, base, self.gas)
        self._settled = fair_ticks

    def fillable(self, order: TakerOrder) -> int:
        """Return the base token units up to which each further lot is within the order's limit."""
        unit = self.market.base_units(1)
        few, most = 0, min(order.base, self._bound(order)) // unit
        # What a taker saves against its limit grows and then falls: a search in thirds finds where it turns. Mostly it
        # still grows at the whole order.
        if self._saved(order, most * unit) > self._saved(order, (most - most // 100) * unit):
            few = most - most // 100
        while most - few > 2:  # noqa: PLR2004 - three lots make thirds
            third = (most - few) // 3
            less, more = (self._saved(order, lots * unit) for lots in (few + third, most - third))
            if less > more or more == _IMPOSSIBLE:
                most -= third
            else:
                few += third
        return max(range(few, most + 1), key=lambda lots: (self._saved(order, lots * unit), lots)) * unit

    def take(self, order: TakerOrder, fair_ticks: int) -> int:
        """Trade what the order's limit allows, in whole lots."""
        base = self.fillable(order)
        if base:
            self._trade(order, fair_ticks, base)
        return base

    def _bound(self, order: TakerOrder) -> int:
        """Return base token units beyond which no order goes: the reserves, or what they buy at the order's limit."""
        if order.side == BUY:
            return self.reserves.base
        least = self.market.value(1, order.limit)
        return self.market.cash(self.reserves.quote) * PIPS // least if least > 0 else order.base

    def _due(self, base: int) -> tuple[int, int] | None:
        """Return (quote units a taker pays, the part of it that is the fee), rounded against it; None for no trade."""
        cost = self.provider.curve.cost(self.reserves, base)
        if cost is None or base > self.reserves.base or -cost > self.reserves.quote:
            return None
        rate = self.provider.fee
        fee = -(-cost * rate // (PIPS - rate)) if cost > 0 else -(cost * rate // PIPS)
        return cost + fee, fee

    def _saved(self, order: TakerOrder, base: int) -> float:
        """Return what a taker saves against its limit, millionths of a wealth unit: an exact int, or `_IMPOSSIBLE`."""
        if not base:
            return 0
        due = self._due(order.side * base)
        if due is None:
            return _IMPOSSIBLE
        return self.market.value(order.side * base, order.limit) - self.market.cash(due[0]) * PIPS

    def _trade(self, order: TakerOrder, fair_ticks: int, size: int, gas: int = 0) -> None:
        """Make a trade and book it.

        Raises:
            InputError: The rule refuses what it had a price for; nothing is booked.
        """
        base = order.side * size
        due = self._due(base)
        if due is None:
            raise InputError(f"{self.provider.curve} prices {base} base units once and then refuses", place=self.name)
        paid, fee = due
        self.reserves = self.reserves.plus(Amounts(-base, paid - fee))
        self.fees = self.fees.plus(Amounts(quote=fee))
        self._settled = None
        share, taker = Share(self.name, Amounts(-base, paid), Amounts(quote=fee)), Amounts(base, -paid)
        self.ledger.book(
            Trade(order.time_ns, self.name, order.kind, order.uid, fair_ticks, taker, (share,), NOTHING, NOTHING, gas)
        )

    def _price_float(self, base: int) -> float | None:
        """Return the price of a trade as quote tokens per base token; None where there is no trade."""
        due, spec = self._due(base), self.market.instrument
        return None if due is None else due[0] / base * 10.0 ** (spec.base_decimals - spec.quote_decimals)
