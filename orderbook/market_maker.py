"""A market maker: it looks at the market, quotes with a strategy, keeps its quotes in a book and books its fills."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from orderbook._capital import payable_bids, payable_lots
from orderbook._checks import require_int
from orderbook.book import OrderBook
from orderbook.cost_basis import CostBasis
from orderbook.errors import InsufficientCapitalError
from orderbook.fees import FeeSchedule
from orderbook.quoting.protocol import MarketView, Quote, Quotes, QuotingStrategy
from orderbook.risk import InventoryLimits, KillSwitch, Trip, clip_levels
from orderbook.types import Fill, Instrument, Placement, Side, TimeInForce
from orderbook.withdrawals import Withdrawal, WithdrawalReason

_NOWHERE: Mapping[Side, WithdrawalReason | None] = dict.fromkeys(Side)  # absent on neither side


@dataclass(frozen=True, slots=True)
class Refresh:
    """What one refresh did.

    Attributes:
        wanted: the strategy's quotes.
        affordable: the same, clipped to what the risk limits allow and the capital covers.
        placements: what became of the orders that were placed; empty when what rested was already right.
        withdrawals: the sides on which it began to stand aside, and why.
        cut: what became of the market order that cuts the inventory after a kill switch has tripped; its fills are
            booked already. None when there was none.
    """

    wanted: Quotes
    affordable: Quotes
    placements: tuple[Placement, ...]
    withdrawals: tuple[Withdrawal, ...] = ()
    cut: Placement | None = None


class MarketMaker:
    """Cash, a holding, a strategy, and one order in a book for each level it quotes.

    There is no borrowing: it never offers more than it holds, nor bids for more than its cash pays for. What a clip
    leaves of a quote is quoted, the best levels first, and a quote of which it leaves nothing is absent.

    Attributes:
        owner: the name its orders carry.
        strategy: what turns a view into quotes.
        cash: quote units.
        holding: lots.
        target: lots; the strategy is shown the holding less this.
        limits: how far the inventory may go; None for no limit.
        kill_switch: what ends quoting; None for nothing.
        withdrawals: every time it began to stand aside on a side, the oldest first.
    """

    def __init__(
        self,
        owner: str,
        strategy: QuotingStrategy,
        *,
        cash: int,
        holding: int = 0,
        target: int | None = None,
        limits: InventoryLimits | None = None,
        kill_switch: KillSwitch | None = None,
    ) -> None:
        """Start with so many quote units and lots.

        Args:
            owner: the name its orders carry; no other participant of the book may share it.
            strategy: what turns a view into quotes.
            cash: quote units.
            holding: lots.
            target: lots the strategy is to keep; the holding at the start when left out.
            limits: how far the inventory may go.
            kill_switch: what ends quoting; a switch of its own, which no other market maker has.

        Raises:
            InvalidParameterError: an amount is not an int, or negative.
        """
        require_int("cash", cash, minimum=0)
        require_int("holding", holding, minimum=0)
        if target is not None:
            require_int("target", target, minimum=0)
        self.owner = owner
        self.strategy = strategy
        self.cash = cash
        self.holding = holding
        self.target = holding if target is None else target
        self.limits = limits
        self.kill_switch = kill_switch
        self.withdrawals: list[Withdrawal] = []
        self._absent = _NOWHERE
        self._resting: dict[Side, list[int]] = {side: [] for side in Side}
        self._basis = CostBasis(self.inventory, None if self.inventory else 0)

    @property
    def inventory(self) -> int:
        """Lots held beyond the target."""
        return self.holding - self.target

    def view(self, time_ns: int, fair_price: int | Fraction) -> MarketView:
        """What the strategy is shown at this time and this fair price in ticks."""
        return MarketView(time_ns, fair_price, self.inventory, self._basis.average_cost)

    def refresh(self, book: OrderBook, time_ns: int, fair_price: int | Fraction | None) -> Refresh:
        """Quote anew, and bring what rests in the book in line.

        An order at a wanted price with the wanted size is left alone and keeps its place in the queue; one that is
        only too large is reduced, and keeps it too. Anything else is cancelled, on both sides before either is placed
        again, so that the market maker does not stand in its own way. New quotes are post-only: one that would trade
        comes back among the placements as rejected, and that level is absent until the next refresh.

        Without a fair price nothing is quoted. Once the kill switch has tripped nothing is quoted either, and the
        inventory is cut at market; what the book cannot take is tried again at the next refresh.
        """
        if fair_price is None:
            return self._stand_aside(book, time_ns, WithdrawalReason.NO_FAIR_PRICE, None)
        trip = self._look(book.instrument, time_ns, fair_price)
        if trip is not None:
            return self._stand_aside(book, time_ns, trip.reason, trip.cut_to)
        view = self.view(time_ns, fair_price)
        wanted = self.strategy.quote(view)
        allowed = self._allowed(wanted, view.inventory)
        affordable = self._affordable(allowed, book.instrument, book.fees)
        missing_bids = self._keep(book, Side.BUY, affordable.bids)
        missing_asks = self._keep(book, Side.SELL, affordable.asks)
        placements = [self._place(book, Side.BUY, quote) for quote in missing_bids]
        placements += [self._place(book, Side.SELL, quote) for quote in missing_asks]
        if affordable.bids and affordable.asks:
            self._absent = _NOWHERE
            return Refresh(wanted, affordable, tuple(placements))
        absent = {side: _why_absent(side, wanted, allowed, affordable) for side in Side}
        return Refresh(wanted, affordable, tuple(placements), self._note(time_ns, absent))

    def react(self, book: OrderBook, fills: Iterable[Fill], time_ns: int, fair_price: int | Fraction) -> Refresh | None:
        """Book its part of these fills and, if that trips the kill switch, stand aside on the same event.

        Returns:
            What standing aside did; None if the switch has not tripped.

        Raises:
            InsufficientCapitalError: as `book_fills`.
        """
        self.book_fills(fills)
        trip = self._look(book.instrument, time_ns, fair_price)
        return None if trip is None else self._stand_aside(book, time_ns, trip.reason, trip.cut_to)

    def withdraw(self, book: OrderBook) -> int:
        """Cancel whatever it has in the book, and return the lots that were cancelled."""
        resting = [order_id for side in Side for order_id in self._resting[side] if order_id in book]
        self._resting = {side: [] for side in Side}
        return sum(book.cancel(order_id) for order_id in resting)

    def book_fills(self, fills: Iterable[Fill]) -> None:
        """Add its part of these fills, fees and rebates included, to cash and holding; others' fills change nothing.

        Raises:
            InsufficientCapitalError: the fills would leave less than no cash or holding; nothing is booked.
        """
        cash, holding, basis = self.cash, self.holding, self._basis
        for fill in fills:
            cash += fill.cash_change(self.owner)
            holding += fill.inventory_change(self.owner)
            basis = basis.after(fill, self.owner)
        if cash < 0:
            raise InsufficientCapitalError(self.owner, "cash", cash)
        if holding < 0:
            raise InsufficientCapitalError(self.owner, "holding", holding)
        self.cash, self.holding, self._basis = cash, holding, basis

    def wealth(self, instrument: Instrument, fair_price: int | Fraction) -> int | Fraction:
        """Cash plus the holding at the fair price in ticks, in quote units; exact."""
        return self.cash + fair_price * self.holding * instrument.quote_units_per_tick_lot

    def _allowed(self, wanted: Quotes, inventory: int) -> Quotes:
        """The quotes within the risk limits."""
        allowed = wanted if self.limits is None else self.limits.clip(wanted, inventory)
        return allowed if self.kill_switch is None else self.kill_switch.clip(allowed, inventory)

    def _affordable(self, allowed: Quotes, instrument: Instrument, fees: FeeSchedule) -> Quotes:
        """The quotes that cash and holding cover even if every one of them fills."""
        bids = payable_bids(self.cash, allowed.bids, instrument, fees)
        asks = clip_levels(allowed.asks, self.holding)
        if bids is allowed.bids and asks is allowed.asks:
            return allowed
        return Quotes(bids, asks, allowed.absence)

    def _keep(self, book: OrderBook, side: Side, wanted: tuple[Quote, ...]) -> list[Quote]:
        """Cancel or reduce what rests on a side to the wanted levels, and return the levels that are missing."""
        missing, kept = {quote.price: quote for quote in wanted}, []
        for order_id in self._resting[side]:
            if order_id not in book:
                continue
            order = book.order(order_id)
            quote = missing.get(order.price)
            if quote is None or order.size < quote.size:
                book.cancel(order_id)
                continue
            if order.size > quote.size:
                book.reduce(order_id, order.size - quote.size)
            del missing[order.price]
            kept.append(order_id)
        self._resting[side] = kept
        return list(missing.values())

    def _place(self, book: OrderBook, side: Side, quote: Quote) -> Placement:
        placement = book.limit(self.owner, side, quote.price, quote.size, TimeInForce.POST_ONLY)
        if placement.resting:
            self._resting[side].append(placement.order_id)
        return placement

    def _look(self, instrument: Instrument, time_ns: int, fair_price: int | Fraction) -> Trip | None:
        """Let the kill switch see how things stand; what the target is worth is no part of it."""
        if self.kill_switch is None:
            return None
        traded = self.cash + fair_price * self.inventory * instrument.quote_units_per_tick_lot
        return self.kill_switch.observe(time_ns, inventory=self.inventory, wealth=traded)

    def _stand_aside(self, book: OrderBook, time_ns: int, reason: WithdrawalReason, cut_to: int | None) -> Refresh:
        """Cancel all quotes, and cut the inventory to so many lots either way unless that is None."""
        self.withdraw(book)
        nothing = Quotes((), (), reason)
        withdrawals = self._note(time_ns, dict.fromkeys(Side, reason))
        return Refresh(nothing, nothing, (), withdrawals, None if cut_to is None else self._cut(book, cut_to))

    def _cut(self, book: OrderBook, cut_to: int) -> Placement | None:
        """Trade the inventory down to so many lots as a taker, as far as the book and the capital go."""
        lots = abs(self.inventory) - cut_to
        if self.inventory > 0:
            side, payable = Side.SELL, self.holding
        else:
            side, payable = Side.BUY, payable_lots(self.cash, book.depth(Side.SELL), book.instrument, book.fees)
        lots = min(lots, payable)
        if lots <= 0:
            return None
        placement = book.market(self.owner, side, lots)
        self.book_fills(placement.fills)
        return placement

    def _note(self, time_ns: int, absent: Mapping[Side, WithdrawalReason | None]) -> tuple[Withdrawal, ...]:
        """Record the sides that are absent for a reason that is new to them."""
        new: dict[WithdrawalReason, list[Side]] = {}
        for side, reason in absent.items():
            if reason is not None and reason is not self._absent[side]:
                new.setdefault(reason, []).append(side)
        self._absent = absent
        noted = tuple(Withdrawal(time_ns, tuple(sides), reason, self.inventory) for reason, sides in new.items())
        self.withdrawals.extend(noted)
        return noted


def _why_absent(side: Side, wanted: Quotes, allowed: Quotes, affordable: Quotes) -> WithdrawalReason | None:
    """Why a side has no quote; None if it has one."""
    if affordable.levels(side):
        return None
    if not wanted.levels(side):
        return wanted.absence or WithdrawalReason.NO_QUOTE
    return WithdrawalReason.CAPITAL if allowed.levels(side) else WithdrawalReason.INVENTORY_LIMIT
