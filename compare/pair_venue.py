"""A Uniswap v2 pair with its liquidity providers, as a venue of the comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amm.accounting import share_amounts
from amm.arbitrage import find_pair_arbitrage
from compare.clocks import SECOND_NS
from compare.errors import InputError
from compare.ledger import Ledger, Trade
from compare.provider_book import NOTHING, Amounts, FlowKind, Share
from compare.taker_limits import pair_limit
from compare.venue import BUY, SELL, TakerOrder

if TYPE_CHECKING:
    from amm import UniswapV2Pair
    from amm.uniswap_v2 import PairSwap
    from compare.market import Market

KEEP, WHOLE = 997, 1_000  # a pair keeps three thousandths of what comes in
_TAKER = "taker"


@dataclass(frozen=True, slots=True)
class PairLiquidityProvider:
    """Liquidity in a Uniswap v2 pair, left alone: the whole price range, at a fee of 30 basis points.

    Attributes:
        name: The provider's name in results.
    """

    name: str = "pair liquidity provider"

    def __str__(self) -> str:
        """Say what the liquidity is."""
        return "passive liquidity over all prices, in a pair with a fee of 30 bp"

    def enter(self, venue: PairVenue, fair_ticks: int, capital: int) -> None:
        """Put a capital, wealth units, half in each token, into the pair.

        Raises:
            InputError: The capital is too small for the pair to give shares for it.
        """
        base = capital // 2 // venue.market.value(1, fair_ticks)
        quote = venue.market.quote_rounding_down(base, fair_ticks)
        if base * quote <= 10**12:
            money = venue.market.quote_float(capital)
            raise InputError(f"{money:g} is too little for a pair", place="capital", remedy="give more capital")
        venue.enter(self.name, Amounts(base, quote))


class PairVenue:
    """The pair: swaps are the contract's, claims are what the shares would pay.

    Fees stay in a pair's reserves and trade with them. The ledger counts as fee income what takers paid as fees, each
    provider's part by its shares; what the market then does to those tokens counts as the curve's.

    Attributes:
        claims: What each provider's shares would pay now.
        dust: What the pair holds beyond every claim.

    Args:
        name: The venue's name in results.
        pair: An empty pair.
        market: Units.
        ledger: The books of the world the pair is in.
        gas: Quote token units an arbitrageur pays for a swap.
    """

    def __init__(self, name: str, pair: UniswapV2Pair, market: Market, ledger: Ledger, gas: int = 0) -> None:
        """Start without providers."""
        self.name = name
        self.pair = pair
        self.market = market
        self.ledger = ledger
        self.gas = gas
        self.claims: dict[str, Amounts] = {}
        self.dust = NOTHING
        self._settled: int | None = None  # the fair price at which the last arbitrage left nothing

    def enter(self, name: str, amounts: Amounts) -> None:
        """Take a provider's tokens for shares; its endowment is what they could be withdrawn for at once."""
        self.pair.transfer_in(*self.market.as_amounts(amounts))
        self.pair.mint(name)
        self.claims[name] = self._claim(name)
        self.ledger.open(name, self.claims[name], dust=self._dust_change())

    def _claim(self, name: str) -> Amounts:
        return Amounts(*self.market.as_base_quote(*share_amounts(self.pair, name)))

    def _dust_change(self) -> Amounts:
        """Look at what the pair holds beyond every claim (roundings, and the shares locked for ever)."""
        dust = Amounts(*self.market.as_base_quote(self.pair.balance0, self.pair.balance1))
        for claim in self.claims.values():
            dust = dust.minus(claim)
        change, self.dust = dust.minus(self.dust), dust
        return change

    def withdrawable(self) -> dict[str, Amounts]:
        """Burn on a copy of the pair, provider by provider."""
        held = {}
        for name in self.claims:
            pair = self.pair.copy()
            pair.transfer(name, pair.address, pair.balance_of[name])
            held[name] = Amounts(*self.market.as_base_quote(*pair.burn(name)))
        return held

    def touch(self) -> tuple[float | None, float | None]:
        """Return the marginal prices after fees."""
        base, quote = self._reserves()
        spec = self.market.instrument
        price = quote / base * 10.0 ** (spec.base_decimals - spec.quote_decimals)
        return price * KEEP / WHOLE, price * WHOLE / KEEP

    def price_range(self, name: str) -> None:
        """Return None: the range is all prices."""

    def refresh(self, time_ns: int, fair_ticks: int) -> None:
        """Do nothing: these providers are passive."""

    def arbitrage(self, time_ns: int, fair_ticks: int) -> None:
        """Make the trade that earns most at the fair price, when it pays for its gas."""
        if fair_ticks == self._settled:
            return
        self._settled = fair_ticks
        best = find_pair_arbitrage(self.pair, self.market.pool_price(fair_ticks))
        if best is None:
            return
        amounts = (-best.amount_in, best.amount_out) if best.zero_for_one else (best.amount_out, -best.amount_in)
        taker = Amounts(*self.market.as_base_quote(*amounts))
        if self.market.cash(taker.quote - self.gas) + self.market.value(taker.base, fair_ticks) > 0:
            order = TakerOrder(time_ns, BUY if taker.base > 0 else SELL, 0, 0, FlowKind.ARBITRAGE, -1)
            self.pair.block_timestamp = time_ns // SECOND_NS
            swap = self.pair.swap_exact_input(best.zero_for_one, best.amount_in, _TAKER)
            self._book(order, fair_ticks, swap, self.gas)

    def fillable(self, order: TakerOrder) -> int:
        """Return the base token units up to which the order's marginal all-in price holds."""
        buy, spec = order.side == BUY, self.market.instrument
        if not buy and order.limit <= 0:  # a seller who takes any price
            return order.base
        units = spec.base_units_per_lot, spec.quote_units_per_tick_lot
        return min(order.base, pair_limit(order.limit, *self._reserves(), *units, buy=buy))

    def take(self, order: TakerOrder, fair_ticks: int) -> int:
        """Swap for what the order's limit allows, if that is enough to be paid for."""
        base = self.fillable(order)
        buy = order.side == BUY
        zero_for_one = buy != self.market.base_is_token0
        if not base or (not buy and not self.pair.quote_exact_input(zero_for_one, base)):
            return 0
        self.pair.block_timestamp = order.time_ns // SECOND_NS
        swap = self.pair.swap_exact_output if buy else self.pair.swap_exact_input
        self._settled = None
        return self._book(order, fair_ticks, swap(zero_for_one, base, _TAKER))

    def _reserves(self) -> tuple[int, int]:
        return self.market.as_base_quote(self.pair.reserve0, self.pair.reserve1)

    def _book(self, order: TakerOrder, fair_ticks: int, swap: PairSwap, gas: int = 0) -> int:
        """Book a swap that has happened, and return the base token units traded."""
        paid = Amounts(*self.market.as_base_quote(swap.amount0_in, swap.amount1_in))
        got = Amounts(*self.market.as_base_quote(swap.amount0_out, swap.amount1_out))
        shares = []
        for name, before in self.claims.items():
            self.claims[name] = claim = self._claim(name)
            held, supply = self.pair.balance_of[name], self.pair.total_supply
            fee = Amounts(*(fee_share(amount, held, supply) for amount in paid))
            shares.append(Share(name, claim.minus(before), fee))
        dust, taker = self._dust_change(), got.minus(paid)
        self.ledger.book(
            Trade(order.time_ns, self.name, order.kind, order.uid, fair_ticks, taker, tuple(shares), NOTHING, dust, gas)
        )
        return abs(taker.base)


def fee_share(paid: int, shares: int, supply: int) -> int:
    """Return a provider's part of the fee on what came in: rounded down."""
    return paid * (shares * (WHOLE - KEEP)) // (supply * WHOLE)
