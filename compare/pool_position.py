"""What a liquidity provider has in a v3 pool, and beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amm.accounting import position_amounts, uncollected_fees
from compare.provider_book import NOTHING, Amounts

if TYPE_CHECKING:
    from amm import UniswapV3Pool
    from compare.market import Market

_MOST = 2**128 - 1

Range = tuple[int, int]
"""Lower and upper tick."""


class PoolPosition:
    """One provider's positions in a pool, and the tokens in its pocket.

    Attributes:
        owner: The name the positions are under.
        ranges: The ranges in which it has liquidity.
        pocket: Tokens it holds outside the pool.
        principal: What burning everything would have paid at the last look, fees left out.
        fees: What collecting would have paid beside that at the last look.
    """

    def __init__(self, owner: str, market: Market, pocket: Amounts) -> None:
        """Start with everything in the pocket."""
        self.owner = owner
        self.market = market
        self.ranges: list[Range] = []
        self.pocket = pocket
        self.principal = NOTHING
        self.fees = NOTHING

    def look(self, pool: UniswapV3Pool) -> tuple[Amounts, Amounts]:
        """Read the claims anew from the pool, and return how principal and fees have changed."""
        principal = fees = NOTHING
        for lower, upper in self.ranges:
            principal = principal.plus(self._amounts(position_amounts(pool, self.owner, lower, upper)))
            fees = fees.plus(self._amounts(uncollected_fees(pool, self.owner, lower, upper)))
        changes = principal.minus(self.principal), fees.minus(self.fees)
        self.principal, self.fees = principal, fees
        return changes

    @property
    def claims(self) -> Amounts:
        """Principal and fees at the last look."""
        return self.principal.plus(self.fees)

    def mint(self, pool: UniswapV3Pool, bounds: Range, liquidity: int) -> None:
        """Pay liquidity from the pocket."""
        paid = self._amounts(pool.mint(self.owner, *bounds, liquidity))
        self.pocket = self.pocket.minus(paid)
        if bounds not in self.ranges:
            self.ranges.append(bounds)

    def leave(self, pool: UniswapV3Pool) -> None:
        """Burn and collect everything into the pocket."""
        for lower, upper in self.ranges:
            pool.burn(self.owner, lower, upper, pool.positions[self.owner, lower, upper].liquidity)
            paid = self._amounts(pool.collect(self.owner, lower, upper, _MOST, _MOST))
            self.pocket = self.pocket.plus(paid)
        self.ranges = []

    def withdrawable(self, pool: UniswapV3Pool) -> Amounts:
        """Return what the pocket would hold after leaving a copy of the pool; changes nothing."""
        twin = PoolPosition(self.owner, self.market, self.pocket)
        twin.ranges = list(self.ranges)
        twin.leave(pool.copy())
        return twin.pocket

    def _amounts(self, pair: tuple[int, int]) -> Amounts:
        return Amounts(*self.market.as_base_quote(*pair))
