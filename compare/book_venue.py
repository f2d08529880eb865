"""An order book with one quoting market maker, as a venue of the comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compare.ledger import Amounts, FlowKind, Ledger, Trade
from compare.venue import BUY, PIPS, TakerOrder, all_in_limit
from orderbook import MarketMaker, OrderBook, Side, TimeInForce

if TYPE_CHECKING:
    from compare.market import Market
    from orderbook import FeeSchedule, Fill, QuotingStrategy

OWNER = "market maker"
TAKER = "taker"


class BookVenue:
    """The book's world: fills are the book's, the maker's money is what its own account says.

    Args:
        name: The provider's name in results.
        market: Units.
        strategy: What turns the maker's view into quotes.
        fees: Maker rebate and taker fee.
        endowment: What the maker starts with; base below one lot stays idle.
        fair_ticks: First fair price, ticks.
    """

    def __init__(
        self,
        name: str,
        market: Market,
        strategy: QuotingStrategy,
        fees: FeeSchedule,
        *,
        endowment: Amounts,
        fair_ticks: int,
    ) -> None:
        """Open the books; the first refresh puts the first quotes."""
        self.name = name
        self.market = market
        self.book = OrderBook(market.instrument, fees)
        lots, self.idle_base = divmod(endowment.base, market.instrument.base_units_per_lot)
        self.maker = MarketMaker(OWNER, strategy, cash=endowment.quote, holding=lots)
        self.ledger = Ledger(market, fair_ticks, endowment, quoted=True)
        self.reference_ticks = fair_ticks

    def withdrawable(self) -> Amounts:
        """Return what the maker's own account holds."""
        return Amounts(self.idle_base + self.market.base_units(self.maker.holding), self.maker.cash)

    def touch(self) -> tuple[float | None, float | None]:
        """Return the best prices after the taker's fee."""
        fees, bid, ask = self.book.fees, self.book.best_bid, self.book.best_ask
        return (
            None if bid is None else float(fees.taker_price(Side.SELL, bid) * self.market.tick_size),
            None if ask is None else float(fees.taker_price(Side.BUY, ask) * self.market.tick_size),
        )

    def price_range(self) -> None:
        """Return None: quotes have no fixed range."""

    def refresh(self, time_ns: int, fair_ticks: int) -> None:
        """Let the maker see the fair price and quote anew."""
        self.reference_ticks = fair_ticks
        self.maker.refresh(self.book, time_ns, fair_ticks)

    def arbitrage(self, time_ns: int, fair_ticks: int) -> None:
        """Take every stale quote that pays after the fee."""
        fee = self.book.fees.taker_fee_pips
        buy_limit = (fair_ticks * PIPS - 1) // (PIPS + fee)  # the highest ask that still pays
        sell_limit = fair_ticks * PIPS // (PIPS - fee) + 1  # the lowest bid that still pays
        for side, limit in ((Side.BUY, buy_limit), (Side.SELL, sell_limit)):
            everything = sum(level.size for level in self.book.depth(side.opposite))
            order = TakerOrder(time_ns, side.sign, everything, 0, FlowKind.ARBITRAGE, -1)
            self._take(order, fair_ticks, side, limit)

    def take(self, order: TakerOrder, fair_ticks: int) -> None:
        """Fill the order up to its all-in price."""
        all_in, fee = all_in_limit(order, fair_ticks), self.book.fees.taker_fee_pips
        if order.side == BUY:
            side, limit = Side.BUY, all_in // (PIPS + fee)  # rounded down: no price above the limit
        else:
            side, limit = Side.SELL, -(-all_in // (PIPS - fee))  # rounded up: no price below the limit
        self._take(order, fair_ticks, side, limit)

    def _take(self, order: TakerOrder, fair_ticks: int, side: Side, limit: int) -> None:
        """Send an immediate-or-cancel order and book what it did."""
        best = self.book.best_ask if side is Side.BUY else self.book.best_bid
        if best is None or (best - limit) * side.sign > 0:
            return
        fills = self.book.limit(TAKER, side, limit, order.lots, TimeInForce.IOC).fills
        before = self.maker.holding, self.maker.cash
        self.maker.book_fills(fills)
        provider = Amounts(self.market.base_units(self.maker.holding - before[0]), self.maker.cash - before[1])
        taker, rebate, venue = self._sums(fills)
        self.ledger.book(
            Trade(
                order.time_ns,
                order.kind,
                order.uid,
                fair_ticks,
                taker,
                provider,
                fee=rebate,
                venue=venue,
                reference_ticks=self.reference_ticks,
            )
        )

    def _sums(self, fills: tuple[Fill, ...]) -> tuple[Amounts, Amounts, Amounts]:
        """Return what the taker received, the maker's rebates, and what the venue took."""
        taker = Amounts(
            self.market.base_units(sum(fill.inventory_change(TAKER) for fill in fills)),
            sum(fill.cash_change(TAKER) for fill in fills),
        )
        rebate = Amounts(quote=sum(fill.maker_rebate for fill in fills))
        return taker, rebate, Amounts(quote=sum(fill.venue_income for fill in fills))
