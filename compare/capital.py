"""How much a maker brings and quotes, so that it stands beside a liquidity provider on equal terms.

By default both bring the same tokens, and what the maker quotes is its own affair. Two alternatives hold equal what
takers see: the depth near the fair price, or the whole curve (O-50).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from math import isqrt
from typing import TYPE_CHECKING, NamedTuple, Protocol

from amm.math.tick_math import get_sqrt_ratio_at_tick
from compare.book_venue import BookVenue
from compare.curve import Piece, RequotedCurve, lots_of_pieces
from compare.errors import InputError
from compare.ledger import Ledger
from compare.pair_venue import KEEP, WHOLE, PairVenue
from compare.pool_venue import PoolVenue
from compare.price_range import market_ticks
from compare.venue import PIPS, depth_within
from orderbook import Quote, Quotes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compare.market import Market
    from compare.market_maker import MarketMaker
    from compare.paths import PricePath
    from compare.provider_book import Amounts
    from compare.venue import Venue
    from orderbook import MarketView, QuotingStrategy

_PIPS_PER_BPS = 100


class Reference(NamedTuple):
    """What a maker is held against.

    Attributes:
        market: Units.
        venue: The pool of the one liquidity provider there is.
        endowment: What the maker brings, token units: the tokens of that provider.
        path: The fair price.
    """

    market: Market
    venue: Venue
    endowment: Amounts
    path: PricePath


class CapitalRule(Protocol):
    """What is held equal between the liquidity provider and the makers. Its ``str`` is what results say of it."""

    def fit(self, maker: MarketMaker, reference: Reference) -> MarketMaker:
        """Return the maker as it takes part.

        Raises:
            InputError: The rule does not suit the maker or the pool.
        """


@dataclass(frozen=True, slots=True)
class EqualEndowment:
    """Everyone brings the same capital, and quotes what it wants."""

    def __str__(self) -> str:
        """Say what is equal."""
        return "equal endowment"

    def fit(self, maker: MarketMaker, reference: Reference) -> MarketMaker:  # noqa: ARG002 - of the protocol
        """Return the maker as it is."""
        return maker


@dataclass(frozen=True, slots=True)
class EqualDepth:
    """A maker's quotes are so many times as large that takers find in its book, at first, what they find in the pool.

    Depth is what a taker could buy, and what it could sell, up to an all-in price this far from the fair price, fees
    included (`compare.venue.depth_within`); each of the two is made equal, to less than one lot.

    Attributes:
        within_bps: How far from the fair price, basis points.
    """

    within_bps: float = 200.0

    def __post_init__(self) -> None:
        """Check the distance."""
        if not 0 < self.within_bps < PIPS // _PIPS_PER_BPS:
            problem = f"{self.within_bps} bp is no distance"
            raise InputError(problem, place="within_bps", remedy="give more than 0 and less than 10000")

    def __str__(self) -> str:
        """Say what is equal."""
        return f"equal depth within {self.within_bps:g} bp of the fair price at the start"

    def fit(self, maker: MarketMaker, reference: Reference) -> MarketMaker:
        """Return the maker with its quotes made larger, or smaller.

        Raises:
            InputError: It quotes nothing that near, or its capital does not cover that much.
        """
        unit = reference.market.base_units(1)
        fair = int(reference.path.ticks[0])
        wanted = [units // unit for units in depth_within(reference.venue, fair, self._pips)]
        for side, lots in zip(("buy", "sell"), self._offered(maker, reference), strict=True):
            if not lots:
                problem = f"takers find nothing to {side} from the {maker.name} within {self.within_bps:g} bp"
                raise InputError(problem, place="capital rule", remedy="compare depths further out, or quote closer")
        asks, bids = (Fraction(*pair) for pair in zip(wanted, self._offered(maker, reference), strict=True))
        fitted = replace(maker, strategy=ScaledQuotes(maker.strategy, bids, asks))
        if self._offered(fitted, reference) != wanted:
            problem = f"the capital of the {maker.name} does not cover the pool's depth within {self.within_bps:g} bp"
            raise InputError(problem, place="capital rule", remedy="compare depths closer to the fair price")
        return fitted

    @property
    def _pips(self) -> int:
        return round(self.within_bps * _PIPS_PER_BPS)

    def _offered(self, maker: MarketMaker, reference: Reference) -> list[int]:
        """Return the lots that takers could buy from, and sell to, the maker's first quotes in a book of its own."""
        market, fair = reference.market, int(reference.path.ticks[0])
        venue = BookVenue("trial", market, maker.fees, Ledger(market, fair))
        maker.enter(venue, reference.endowment, reference.path)
        venue.refresh(reference.path.start_ns, fair)
        return [units // market.base_units(1) for units in depth_within(venue, fair, self._pips)]


@dataclass(frozen=True, slots=True)
class EqualCurve:
    """Makers quote the pool's own curve, with the pool's own fee, anew around the fair price (O-50, O-51).

    Attributes:
        step_bps: From one level to the next, basis points of the price.
        shown: At most so many levels are quoted on each side.
    """

    step_bps: float = 5.0
    shown: int = 20

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not 1 <= self.step_bps * _PIPS_PER_BPS < PIPS:
            raise InputError(
                f"{self.step_bps} bp is no step", place="step_bps", remedy="give 0.01 or more, below 10000"
            )
        if self.shown < 1:
            raise InputError(f"{self.shown} levels are none", place="shown", remedy="show one level or more")

    def __str__(self) -> str:
        """Say what is equal."""
        return f"equal curve, {self.shown} levels of {self.step_bps:g} bp on either side"

    def fit(self, maker: MarketMaker, reference: Reference) -> MarketMaker:
        """Return the maker with the pool's curve as its strategy.

        Raises:
            InputError: The pool has no curve that is known, or has no liquidity where the price goes.
        """
        return replace(maker, strategy=self.curve(reference.market, reference.venue, reference.path))

    def curve(self, market: Market, venue: Venue, path: PricePath) -> RequotedCurve:
        """Return the strategy that offers a pool's curve wherever a path may lead.

        Raises:
            InputError: As `fit`.
        """
        pieces, fee_pips = pool_liquidity(venue)
        edges = self._edges(market, pieces, path, fee_pips)
        lots = lots_of_pieces(market, pieces, edges)
        held = [place for place, size in enumerate(lots) if size]
        if not held or not all(lots[held[0] : held[-1] + 1]):
            problem = f"{venue.name} has a gap in its curve, or none, in levels of {self.step_bps:g} bp"
            raise InputError(problem, place="capital rule", remedy="give it more capital, or wider levels")
        first, last = held[0], held[-1] + 1
        return RequotedCurve(edges[first : last + 1], lots[first:last], fee_pips, self.shown)

    def _edges(self, market: Market, pieces: Sequence[Piece], path: PricePath, fee_pips: int) -> tuple[int, ...]:
        """Return where levels begin and end, ticks: a step apart from the first price on, and where liquidity changes.

        They go as far as quotes will ever reach on the path.
        """
        start, step = int(path.ticks[0]), round(self.step_bps * _PIPS_PER_BPS)
        reach = (1 + Fraction(step, PIPS)) ** (self.shown + 2) * Fraction(PIPS, PIPS - fee_pips)
        highest, lowest = math.ceil(int(path.ticks.max()) * reach), max(int(int(path.ticks.min()) / reach), 1)
        above, below = [start], [start]
        while above[-1] < highest:
            above.append(above[-1] + max(above[-1] * step // PIPS, 1))
        while below[-1] > lowest:
            below.append(below[-1] - max(below[-1] * step // PIPS, 1))
        changes = {market_ticks(market, root) for piece in pieces for root in piece[1:]}
        kept = {ticks for ticks in changes if below[-1] < ticks < above[-1]}
        # An edge beside a change would make a level of next to nothing.
        steps = {ticks for ticks in (*below, *above) if all(abs(ticks - one) * 2 * PIPS > ticks * step for one in kept)}
        return tuple(sorted(steps | kept))


def pool_liquidity(venue: Venue) -> tuple[list[Piece], int]:
    """Return the pieces of a pool's curve, and its fee in pips.

    Raises:
        InputError: The venue is no pool of Uniswap v2 or v3.
    """
    if isinstance(venue, PoolVenue):
        pool = venue.pool
        pieces = [
            Piece(pool.positions[one.owner, lower, upper].liquidity, *map(get_sqrt_ratio_at_tick, (lower, upper)))
            for one in venue.positions
            for lower, upper in one.ranges
        ]
        return pieces, pool.fee
    if isinstance(venue, PairVenue):
        liquidity = isqrt(venue.pair.reserve0 * venue.pair.reserve1)
        return [Piece(liquidity)], PIPS * (WHOLE - KEEP) // WHOLE
    raise InputError(f"the curve of {venue.name} is not known", place="capital rule", remedy="use a v2 or v3 pool")


@dataclass(frozen=True, slots=True)
class ScaledQuotes:
    """A strategy whose quotes are so many times as large, on each side, in whole lots.

    The lots of a side's first levels together are rounded down, so that no level's rounding adds to the next one's.

    Attributes:
        strategy: The strategy.
        bid_scale: Of its bids, zero or more.
        ask_scale: Of its asks, zero or more.
    """

    strategy: QuotingStrategy
    bid_scale: Fraction
    ask_scale: Fraction

    def __str__(self) -> str:
        """Say what is quoted, and how many times as large."""
        return f"{self.strategy}, bids {float(self.bid_scale):.4g} and asks {float(self.ask_scale):.4g} times as large"

    def quote(self, view: MarketView) -> Quotes:
        """Return the strategy's quotes, scaled."""
        quotes = self.strategy.quote(view)
        return Quotes(_scaled(quotes.bids, self.bid_scale), _scaled(quotes.asks, self.ask_scale), quotes.absence)


def _scaled(levels: tuple[Quote, ...], scale: Fraction) -> tuple[Quote, ...]:
    totals = [lots * scale.numerator // scale.denominator for lots in accumulate(level.size for level in levels)]
    sizes = (total - before for total, before in zip(totals, [0, *totals], strict=False))
    return tuple(Quote(level.price, size) for level, size in zip(levels, sizes, strict=True) if size)
