"""An order book with its quoting market makers, as a venue of the comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compare.ledger import Ledger, Trade
from compare.provider_book import NOTHING, Amounts, FlowKind, Share
from compare.taker_limits import book_limit, stale_ask_limit, stale_bid_limit
from compare.venue import BUY, SELL, TakerOrder
from orderbook import MarketMaker, OrderBook, Side, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compare.information import DelayedPrice
    from compare.market import Market
    from orderbook import FeeSchedule, Fill, InventoryLimits, KillSwitch, QuotingStrategy, Refresh, Withdrawal

TAKER = "taker"


class _Maker:
    """One maker of the book: its account, what it saw when it last quoted, and the delay with which it sees."""

    def __init__(self, maker: MarketMaker, idle_base: int, reference_ticks: int, delayed: DelayedPrice | None) -> None:
        self.account = maker
        self.idle_base = idle_base
        self.reference_ticks = reference_ticks
        self._delayed = delayed

    def look(self, time_ns: int, fair_ticks: int) -> int:
        """Return the fair price that it sees, which is what its quotes stand around until it looks again."""
        self.reference_ticks = fair_ticks if self._delayed is None else self._delayed.at(time_ns)
        return self.reference_ticks


class BookVenue:
    """The book: fills are the book's, a maker's money is what its own account says.

    Args:
        name: The venue's name in results.
        market: Units.
        fees: Maker rebate and taker fee.
        ledger: The books of the world the book is in.
    """

    def __init__(self, name: str, market: Market, fees: FeeSchedule, ledger: Ledger) -> None:
        """Start without makers."""
        self.name = name
        self.market = market
        self.ledger = ledger
        self.book = OrderBook(market.instrument, fees)
        self._makers: dict[str, _Maker] = {}

    def enter(
        self,
        name: str,
        strategy: QuotingStrategy,
        endowment: Amounts,
        *,
        limits: InventoryLimits | None = None,
        kill_switch: KillSwitch | None = None,
        delayed: DelayedPrice | None = None,
    ) -> None:
        """Enter a maker; base below one lot stays idle, and the first refresh puts the first quotes.

        Args:
            name: The provider's name in results.
            strategy: What turns its view into quotes.
            endowment: What it brings, token units.
            limits: How far its inventory may go.
            kill_switch: What ends its quoting; one of its own.
            delayed: The fair price as it reaches this maker; None where it sees it at once.
        """
        lots, idle_base = divmod(endowment.base, self.market.instrument.base_units_per_lot)
        self.ledger.open(name, endowment, quoted=True)
        maker = MarketMaker(name, strategy, cash=endowment.quote, holding=lots, limits=limits, kill_switch=kill_switch)
        self._makers[name] = _Maker(maker, idle_base, self.ledger.fair_ticks, delayed)

    def withdrawable(self) -> dict[str, Amounts]:
        """Return what each maker's own account holds."""
        return {
            name: Amounts(maker.idle_base + self.market.base_units(maker.account.holding), maker.account.cash)
            for name, maker in self._makers.items()
        }

    def touch(self) -> tuple[float | None, float | None]:
        """Return the best prices after the taker's fee."""
        fees, bid, ask = self.book.fees, self.book.best_bid, self.book.best_ask
        return (
            None if bid is None else float(fees.taker_price(Side.SELL, bid) * self.market.tick_size),
            None if ask is None else float(fees.taker_price(Side.BUY, ask) * self.market.tick_size),
        )

    def price_range(self, name: str) -> None:
        """Return None: quotes have no fixed range."""

    def refresh(self, time_ns: int, fair_ticks: int) -> None:
        """Let every maker see the fair price, or what has reached it of it, and quote anew."""
        for maker in self._makers.values():
            done = maker.account.refresh(self.book, time_ns, maker.look(time_ns, fair_ticks))
            self._after_cut(maker, done, time_ns, fair_ticks)

    def withdrawals(self, name: str) -> list[Withdrawal]:
        """Return every time a maker began to stand aside, and why."""
        return self._makers[name].account.withdrawals

    def arbitrage(self, time_ns: int, fair_ticks: int) -> None:
        """Take every stale quote that pays after the fee."""
        fee = self.book.fees.taker_fee_pips
        limits = (stale_ask_limit(fair_ticks, fee), stale_bid_limit(fair_ticks, fee))
        for side, limit in zip((Side.BUY, Side.SELL), limits, strict=True):
            everything = self._depth(side, limit)
            if everything:
                base = self.market.base_units(everything)
                order = TakerOrder(time_ns, BUY if side is Side.BUY else SELL, base, 0, FlowKind.ARBITRAGE, -1)
                self._take(order, fair_ticks, side, limit)

    def fillable(self, order: TakerOrder) -> int:
        """Return the base token units within the order's limit, at most its size, in whole lots."""
        lots = order.base // self.market.instrument.base_units_per_lot
        return self.market.base_units(min(lots, self._depth(*self._side_and_limit(order))))

    def take(self, order: TakerOrder, fair_ticks: int) -> int:
        """Fill the order up to its all-in price, in whole lots."""
        return self._take(order, fair_ticks, *self._side_and_limit(order))

    def _side_and_limit(self, order: TakerOrder) -> tuple[Side, int]:
        """Return the side, and the limit price in ticks before the fee."""
        buys = order.side == BUY
        return Side.BUY if buys else Side.SELL, book_limit(order.limit, self.book.fees.taker_fee_pips, buy=buys)

    def _depth(self, side: Side, limit: int) -> int:
        """Return the lots that rest within a taker's limit."""
        best = self.book.best_ask if side is Side.BUY else self.book.best_bid
        if best is None or (best - limit) * side.sign > 0:
            return 0
        levels = self.book.depth(side.opposite)
        return sum(level.size for level in levels if (level.price - limit) * side.sign <= 0)

    def _take(self, order: TakerOrder, fair_ticks: int, side: Side, limit: int) -> int:
        """Send an immediate-or-cancel order, book what it did, and return the base token units traded."""
        lots = order.base // self.market.instrument.base_units_per_lot
        best = self.book.best_ask if side is Side.BUY else self.book.best_bid
        if not lots or best is None or (best - limit) * side.sign > 0:
            return 0
        fills = self.book.limit(TAKER, side, limit, lots, TimeInForce.IOC).fills
        shares = tuple(self._share(name, fills) for name in dict.fromkeys(fill.maker_owner for fill in fills))
        taker = Amounts(
            self.market.base_units(sum(fill.inventory_change(TAKER) for fill in fills)),
            sum(fill.cash_change(TAKER) for fill in fills),
        )
        venue = Amounts(quote=sum(fill.venue_income for fill in fills))
        self.ledger.book(
            Trade(order.time_ns, self.name, order.kind, order.uid, fair_ticks, taker, shares, venue, NOTHING)
        )
        self._watch_fills(shares, order.time_ns, fair_ticks)
        return abs(taker.base)

    def _watch_fills(self, shares: Iterable[Share], time_ns: int, fair_ticks: int) -> None:
        """Let the kill switch of everyone who has just been filled see it, at the price that maker last saw."""
        for share in shares:
            maker = self._makers[share.name]
            if maker.account.kill_switch is not None:
                done = maker.account.react(self.book, (), time_ns, maker.reference_ticks)  # its fills are booked
                self._after_cut(maker, done, time_ns, fair_ticks)

    def _after_cut(self, maker: _Maker, done: Refresh | None, time_ns: int, fair_ticks: int) -> None:
        """Book what a maker took from the others to cut its inventory, and let those it took from look."""
        if done is not None and done.cut is not None and done.cut.fills:
            others = self._book_cut(maker.account.owner, done.cut.fills, time_ns, fair_ticks)
            self._watch_fills(others, time_ns, fair_ticks)

    def _book_cut(self, owner: str, fills: tuple[Fill, ...], time_ns: int, fair_ticks: int) -> tuple[Share, ...]:
        """Book that a maker, whose own account has its part already, has taken from the others; return their shares."""
        change = Amounts(
            self.market.base_units(sum(fill.inventory_change(owner) for fill in fills)),
            sum(fill.cash_change(owner) for fill in fills),
        )
        others = tuple(self._share(name, fills) for name in dict.fromkeys(fill.maker_owner for fill in fills))
        shares = (Share(owner, change, NOTHING, kind=FlowKind.UPKEEP), *others)
        venue = Amounts(quote=sum(fill.venue_income for fill in fills))
        self.ledger.book(Trade(time_ns, self.name, FlowKind.PROVIDER, -1, fair_ticks, NOTHING, shares, venue, NOTHING))
        return others

    def _share(self, name: str, fills: tuple[Fill, ...]) -> Share:
        """Let a maker book its fills, and return what its account says they changed."""
        maker = self._makers[name]
        account = maker.account
        holding, cash = account.holding, account.cash
        account.book_fills(fills)
        change = Amounts(self.market.base_units(account.holding - holding), account.cash - cash)
        rebate = sum(fill.maker_rebate for fill in fills if fill.maker_owner == name)
        return Share(name, change, Amounts(quote=rebate), maker.reference_ticks)
