"""An incoming order against one side of a book: who trades with whom, in price-time priority."""

from orderbook._levels import HalfBook, Level, Order
from orderbook.fees import FeeSchedule
from orderbook.types import Fill, Instrument, PreventedTrade, SelfTradePrevention


class Matcher:
    """What a trade needs to know beside the two orders: which orders rest, what they are worth, what they are charged.

    Attributes:
        orders: every order that rests, by id; those that finish are taken out.
        unit: quote units per tick and lot.
        fees: what each fill is charged.
    """

    __slots__ = ("fees", "orders", "unit")

    def __init__(self, orders: dict[int, Order], instrument: Instrument, fees: FeeSchedule) -> None:
        """Share the book's own table of orders."""
        self.orders = orders
        self.unit = instrument.quote_units_per_tick_lot
        self.fees = fees

    def match(
        self, taker: Order, other: HalfBook, worst: int, self_trade: SelfTradePrevention
    ) -> tuple[tuple[Fill, ...], tuple[PreventedTrade, ...]]:
        """Trade an incoming order with the other side, the best level first, down to the key `worst`.

        The taker is left with the lots that have neither traded nor been prevented from it.
        """
        unit, fees, taker_id, owner, side = self.unit, self.fees, taker.order_id, taker.owner, taker.half.side
        keys, levels = other.keys, other.levels
        fills: list[Fill] = []
        prevented: list[PreventedTrade] = []
        left = taker.size
        while left and keys and keys[-1] >= worst:
            level = levels[keys[-1]]
            price, queue = level.price, level.queue
            while left and queue:
                maker = next(iter(queue.values()))
                if maker.owner == owner and self_trade is not SelfTradePrevention.ALLOW:
                    prevented.append(self._prevent(left, maker, level, self_trade))
                    left -= prevented[-1].taker_cancelled
                    continue
                size = min(left, maker.shown)
                notional = price * size * unit
                fee, rebate = fees.taker_fee_on(notional), fees.maker_rebate_on(notional)
                fills.append(
                    Fill(maker.order_id, taker_id, maker.owner, owner, side, price, size, notional, fee, rebate)
                )
                left -= size
                self._consume(maker, size, level)
            if not queue:
                del levels[keys.pop()]
        taker.resize(left)
        return tuple(fills), tuple(prevented)

    def _consume(self, maker: Order, size: int, level: Level) -> None:
        """Take lots off what the first order of a queue shows; with nothing more to show it is finished."""
        level.shown -= size
        maker.shown -= size
        if maker.shown:
            return
        if maker.hidden:
            level.show_more(maker)
        else:
            del level.queue[maker.order_id], self.orders[maker.order_id]

    def _prevent(self, left: int, maker: Order, level: Level, self_trade: SelfTradePrevention) -> PreventedTrade:
        """Do what the taker's instruction says about an order of its own owner, instead of trading with it."""
        if self_trade is SelfTradePrevention.DECREMENT:
            size = min(left, maker.shown)
            self._consume(maker, size, level)
            return PreventedTrade(maker.order_id, size, size)
        if self_trade is SelfTradePrevention.CANCEL_NEWEST:
            return PreventedTrade(maker.order_id, 0, left)
        level.drop(maker)
        del self.orders[maker.order_id]
        off_taker = left if self_trade is SelfTradePrevention.CANCEL_BOTH else 0
        return PreventedTrade(maker.order_id, maker.size, off_taker)


def fills_whole(taker: Order, other: HalfBook, self_trade: SelfTradePrevention) -> bool:
    """Whether an incoming order would trade to its last lot within its price; changes nothing."""
    available = 0
    for level in other.best_first(taker.price):
        mine = [order for order in level.queue.values() if order.owner == taker.owner]
        if self_trade is SelfTradePrevention.ALLOW:
            mine = []
        elif mine and self_trade is not SelfTradePrevention.CANCEL_OLDEST:
            # Meeting an order of its own ends or shrinks the taker; what is hidden ahead of it queues up behind it.
            return available + level.position_of(mine[0]).size_ahead >= taker.size
        available += level.shown + level.hidden - sum(order.size for order in mine)
        if available >= taker.size:
            return True
    return False
