"""What a sum of cash pays for, lot by lot, fees included."""

from orderbook.fees import FeeSchedule
from orderbook.quoting.protocol import Quote
from orderbook.types import DepthLevel, Instrument


def payable_bids(cash: int, bids: tuple[Quote, ...], instrument: Instrument, fees: FeeSchedule) -> tuple[Quote, ...]:
    """The first bids, with as many lots as cash pays for if all of them fill; the same tuple if it pays for all."""
    kept: list[Quote] = []
    for bid in bids:
        # A quote may fill lot by lot, and a maker fee rounds up each time: so each lot is paid for as if alone.
        one_lot = instrument.notional(bid.price, 1)
        cost = one_lot + max(0, -fees.maker_rebate_on(one_lot))
        if cash < cost * bid.size:
            return (*kept, Quote(bid.price, cash // cost)) if cash >= cost else tuple(kept)
        kept.append(bid)
        cash -= cost * bid.size
    return bids


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
