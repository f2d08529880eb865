"""What a sum of cash pays for, lot by lot, fees included."""

from orderbook.fees import FeeSchedule, maker_rebate
from orderbook.quoting.protocol import Quote
from orderbook.types import DepthLevel, Instrument


def payable_bids(cash: int, bids: tuple[Quote, ...], instrument: Instrument, fees: FeeSchedule) -> tuple[Quote, ...]:
    """The first bids, with as many lots as cash pays for if all of them fill; the same tuple if it pays for all."""
    kept: list[Quote] = []
    for bid in bids:
        cost = cost_of_lot(bid.price, instrument.quote_units_per_tick_lot, fees.maker_rebate_pips)
        if cash < cost * bid.size:
            return (*kept, Quote(bid.price, cash // cost)) if cash >= cost else tuple(kept)
        kept.append(bid)
        cash -= cost * bid.size
    return bids


def cost_of_lot(price: int, quote_units_per_tick_lot: int, maker_rebate_pips: int) -> int:
    """What a maker pays at most for one lot bought at a price in ticks, quote units.

    A quote may fill lot by lot, and a maker fee rounds up each time: so each lot is paid for as if alone.
    """
    one_lot = price * quote_units_per_tick_lot
    return one_lot + max(0, -maker_rebate(one_lot, maker_rebate_pips))


def payable_lots(cash: int, asks: list[DepthLevel], instrument: Instrument, fees: FeeSchedule) -> int:
    """How many lots cash buys from these asks, as a taker whose order may fill lot by lot."""
    lots = 0
    for ask in asks:
        one_lot = instrument.notional(ask.price, 1)
        cost = one_lot + max(0, fees.taker_fee_on(one_lot))
        bought = min(ask.size, cash // cost)
        lots += bought
        if bought < ask.size:
            break
        cash -= bought * cost
    return lots
