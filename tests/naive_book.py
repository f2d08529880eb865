"""The order book again, slow and obvious: a list of dicts, sorted whenever someone asks who is next."""

import math
from fractions import Fraction
from typing import Any

from orderbook import (
    FeeSchedule,
    Fill,
    Instrument,
    Placement,
    PreventedTrade,
    QueuePosition,
    Rejection,
    RestingOrder,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from orderbook.errors import FinishedOrderError, ReduceTooLargeError, UnknownOrderError


class NaiveBook:
    """Same calls, same answers as OrderBook, for well-formed sides, prices, sizes and instructions."""

    def __init__(self, instrument: Instrument, fees: FeeSchedule) -> None:
        self.instrument = instrument
        self.fees = fees
        self.resting: list[dict[str, Any]] = []
        self.ids_given = 0
        self.arrivals = 0

    def limit(
        self,
        owner: str,
        side: Side,
        price: int,
        size: int,
        time_in_force: TimeInForce = TimeInForce.GTC,
        *,
        display: int | None = None,
        self_trade: SelfTradePrevention = SelfTradePrevention.ALLOW,
    ) -> Placement:
        self.ids_given += 1
        order_id = self.ids_given
        display = None if display is None or display >= size else display
        touches = [o["price"] for o in self.queue(side.opposite) if self.crosses(side, price, o["price"])]
        if time_in_force is TimeInForce.FOK:
            trial = NaiveBook(self.instrument, self.fees)
            trial.resting, trial.arrivals = [dict(order) for order in self.resting], self.arrivals
            fills, _, _ = trial.trade(order_id, owner, side, limit=price, left=size, self_trade=self_trade)
            if sum(fill.size for fill in fills) != size:
                return Placement(order_id, (), 0, 0, None, size, Rejection.NOT_FILLABLE)
        if time_in_force is TimeInForce.POST_ONLY and touches:
            return Placement(order_id, (), 0, 0, None, size, Rejection.WOULD_TAKE)
        if time_in_force is TimeInForce.POST_ONLY_REPRICE and touches:
            price = touches[0] - 1 if side is Side.BUY else touches[0] + 1
            if price == 0:
                return Placement(order_id, (), 0, 0, None, size, Rejection.WOULD_TAKE)
        fills, prevented, left = self.trade(order_id, owner, side, limit=price, left=size, self_trade=self_trade)
        filled = sum(fill.size for fill in fills)
        if left == 0 or time_in_force in {TimeInForce.IOC, TimeInForce.FOK}:
            return Placement(order_id, tuple(fills), filled, 0, None, size - filled, None, tuple(prevented))
        shown = left if display is None else min(display, left)
        self.arrivals += 1
        self.resting.append(
            {
                "id": order_id,
                "owner": owner,
                "side": side,
                "price": price,
                "shown": shown,
                "hidden": left - shown,
                "display": display,
                "arrival": self.arrivals,
            }
        )
        return Placement(order_id, tuple(fills), filled, left, price, size - filled - left, None, tuple(prevented))

    def market(
        self, owner: str, side: Side, size: int, *, self_trade: SelfTradePrevention = SelfTradePrevention.ALLOW
    ) -> Placement:
        self.ids_given += 1
        order_id = self.ids_given
        fills, prevented, _ = self.trade(order_id, owner, side, limit=None, left=size, self_trade=self_trade)
        filled = sum(fill.size for fill in fills)
        return Placement(order_id, tuple(fills), filled, 0, None, size - filled, None, tuple(prevented))

    def cancel(self, order_id: int) -> int:
        order = self.find(order_id)
        self.resting.remove(order)
        return int(order["shown"] + order["hidden"])

    def reduce(self, order_id: int, by: int) -> int:
        order = self.find(order_id)
        if by >= order["shown"] + order["hidden"]:
            raise ReduceTooLargeError(order_id, by, order["shown"] + order["hidden"])
        for _ in range(by):
            order["hidden" if order["hidden"] else "shown"] -= 1
        return int(order["shown"] + order["hidden"])

    def replace(
        self,
        order_id: int,
        price: int,
        size: int,
        time_in_force: TimeInForce = TimeInForce.GTC,
        *,
        display: int | None = None,
        self_trade: SelfTradePrevention = SelfTradePrevention.ALLOW,
    ) -> Placement:
        old = self.find(order_id)
        self.resting.remove(old)
        placement = self.limit(
            old["owner"], old["side"], price, size, time_in_force, display=display, self_trade=self_trade
        )
        if placement.rejection is not None:
            self.resting.append(old)
        return placement

    def orders(self, side: Side) -> list[RestingOrder]:
        return [
            RestingOrder(o["id"], o["owner"], side, o["price"], o["shown"] + o["hidden"], o["shown"], o["display"] or 0)
            for o in self.queue(side)
        ]

    def queue_position(self, order_id: int) -> QueuePosition:
        order = self.find(order_id)
        ahead = [
            o for o in self.queue(order["side"]) if o["price"] == order["price"] and o["arrival"] < order["arrival"]
        ]
        return QueuePosition(len(ahead), sum(o["shown"] for o in ahead))

    def queue(self, side: Side) -> list[dict[str, Any]]:
        mine = [o for o in self.resting if o["side"] is side]
        return sorted(mine, key=lambda o: (-o["price"] if side is Side.BUY else o["price"], o["arrival"]))

    def find(self, order_id: int) -> dict[str, Any]:
        for order in self.resting:
            if order["id"] == order_id:
                return order
        if 1 <= order_id <= self.ids_given:
            raise FinishedOrderError(order_id)
        raise UnknownOrderError(order_id)

    @staticmethod
    def crosses(side: Side, limit: int | None, price: int) -> bool:
        if limit is None:
            return True
        return price <= limit if side is Side.BUY else price >= limit

    def trade(
        self, order_id: int, owner: str, side: Side, *, limit: int | None, left: int, self_trade: SelfTradePrevention
    ) -> tuple[list[Fill], list[PreventedTrade], int]:
        fills: list[Fill] = []
        prevented: list[PreventedTrade] = []
        while left:
            queue = self.queue(side.opposite)
            if not queue or not self.crosses(side, limit, queue[0]["price"]):
                break
            maker = queue[0]
            size = min(left, maker["shown"])
            if maker["owner"] == owner and self_trade is not SelfTradePrevention.ALLOW:
                off_maker, off_taker = {
                    SelfTradePrevention.CANCEL_NEWEST: (0, left),
                    SelfTradePrevention.CANCEL_OLDEST: (maker["shown"] + maker["hidden"], 0),
                    SelfTradePrevention.CANCEL_BOTH: (maker["shown"] + maker["hidden"], left),
                    SelfTradePrevention.DECREMENT: (size, size),
                }[self_trade]
                prevented.append(PreventedTrade(maker["id"], off_maker, off_taker))
                left -= off_taker
                if self_trade is SelfTradePrevention.DECREMENT:
                    self.take_from(maker, size)
                elif off_maker:
                    self.resting.remove(maker)
                continue
            fills.append(self.fill(maker, order_id, owner, side, size))
            left -= size
            self.take_from(maker, size)
        return fills, prevented, left

    def take_from(self, maker: dict[str, Any], size: int) -> None:
        maker["shown"] -= size
        if maker["shown"] == 0 and maker["hidden"]:
            self.arrivals += 1
            maker["shown"] = min(maker["display"], maker["hidden"])
            maker["hidden"] -= maker["shown"]
            maker["arrival"] = self.arrivals
        elif maker["shown"] == 0:
            self.resting.remove(maker)

    def fill(self, maker: dict[str, Any], order_id: int, owner: str, side: Side, size: int) -> Fill:
        notional = self.instrument.quote_units_per_tick_lot * maker["price"] * size
        fee = math.ceil(Fraction(notional * self.fees.taker_fee_pips, 10**6))
        rebate = math.floor(Fraction(notional * self.fees.maker_rebate_pips, 10**6))
        return Fill(maker["id"], order_id, maker["owner"], owner, side, maker["price"], size, notional, fee, rebate)
