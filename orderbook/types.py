"""The records of the order book. Prices are in ticks, sizes in lots, money in quote units."""

import enum
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from orderbook._checks import require_int
from orderbook.errors import OffLotError, OffTickError


class Side(enum.Enum):
    """What an order does to its owner's base holding."""

    BUY = "buy"
    SELL = "sell"

    @property
    def sign(self) -> int:
        """+1 for a buy, -1 for a sell."""
        return 1 if self is Side.BUY else -1

    @property
    def opposite(self) -> "Side":
        """The side this one trades with."""
        return Side.SELL if self is Side.BUY else Side.BUY


class TimeInForce(enum.Enum):
    """What becomes of the part of a limit order that does not trade at once."""

    GTC = "good till cancelled"
    """It rests."""
    IOC = "immediate or cancel"
    """It is cancelled."""
    FOK = "fill or kill"
    """There is no such part: the order trades whole, or is refused."""
    POST_ONLY = "post only, or refuse"
    """All of it rests at its price, or the order is refused."""
    POST_ONLY_REPRICE = "post only, or reprice"
    """All of it rests: at its price, or if it would trade there, one tick short of the best price on the other side."""

    @property
    def rests(self) -> bool:
        """Whether an order may leave something in the book."""
        return self is not TimeInForce.IOC and self is not TimeInForce.FOK


class SelfTradePrevention(enum.Enum):
    """What an incoming order does when the next order it would trade with has the same owner."""

    ALLOW = "allow"
    """It trades, and pays for it."""
    CANCEL_NEWEST = "cancel newest"
    """What is left of the incoming order is cancelled."""
    CANCEL_OLDEST = "cancel oldest"
    """The resting order is cancelled, and the incoming one goes on."""
    CANCEL_BOTH = "cancel both"
    """Both are cancelled."""
    DECREMENT = "decrement"
    """What would have traded is taken off both, and the incoming order goes on with what it has left."""


class Rejection(enum.Enum):
    """Why a well-formed order was refused; the book is as it was before."""

    WOULD_TAKE = "a post-only order would have traded"
    NOT_FILLABLE = "a fill-or-kill order would not have traded whole"


@dataclass(frozen=True, slots=True)
class Instrument:
    """What one tick and one lot are worth, in the smallest units of both currencies.

    The value of one lot at a price of p ticks is exactly ``p * quote_units_per_tick_lot`` quote units.

    >>> eth_usdc = Instrument(18, 6, base_units_per_lot=10**14, quote_units_per_tick_lot=1)
    >>> eth_usdc.notional(price=200_000, size=3)  # 3 lots of 0.0001 ETH at 2000.00 USDC
    600000
    >>> eth_usdc.price_of(200_000)
    Fraction(2000, 1)

    Attributes:
        base_decimals: decimals of the base currency.
        quote_decimals: decimals of the quote currency.
        base_units_per_lot: base units in one lot.
        quote_units_per_tick_lot: quote units by which one lot grows dearer when the price rises one tick.
    """

    base_decimals: int
    quote_decimals: int
    base_units_per_lot: int
    quote_units_per_tick_lot: int

    def __post_init__(self) -> None:
        """Refuse what is no positive integer.

        Raises:
            InvalidParameterError: a negative number of decimals, or a lot or tick worth nothing.
        """
        require_int("base_decimals", self.base_decimals, minimum=0)
        require_int("quote_decimals", self.quote_decimals, minimum=0)
        require_int("base_units_per_lot", self.base_units_per_lot, minimum=1)
        require_int("quote_units_per_tick_lot", self.quote_units_per_tick_lot, minimum=1)

    def notional(self, price: int, size: int) -> int:
        """Value of `size` lots at `price` ticks, in quote units; exact."""
        return price * size * self.quote_units_per_tick_lot

    @property
    def tick_size(self) -> Fraction:
        """One tick, in quote currency per unit of base currency; exact."""
        quote = Fraction(self.quote_units_per_tick_lot, 10**self.quote_decimals)
        return quote / self.lot_size

    @property
    def lot_size(self) -> Fraction:
        """One lot, in units of base currency; exact."""
        return Fraction(self.base_units_per_lot, 10**self.base_decimals)

    def price_of(self, ticks: int | Fraction) -> Fraction:
        """Price of so many ticks, in quote currency per unit of base currency; exact."""
        return ticks * self.tick_size

    def ticks_of(self, price: Fraction | int | str) -> int:
        """Ticks of a price in quote currency per unit of base currency ("1999.99", or a Fraction; no float).

        Raises:
            OffTickError: the price lies between two ticks.
        """
        ticks = Fraction(price) / self.tick_size
        if ticks.denominator != 1:
            raise OffTickError(price, self.tick_size)
        return ticks.numerator

    def amount_of(self, lots: int) -> Fraction:
        """Base currency in so many lots; exact."""
        return lots * self.lot_size

    def lots_of(self, amount: Fraction | int | str) -> int:
        """Lots in an amount of base currency ("0.25", or a Fraction; no float).

        Raises:
            OffLotError: the amount lies between two lots.
        """
        lots = Fraction(amount) / self.lot_size
        if lots.denominator != 1:
            raise OffLotError(amount, self.lot_size)
        return lots.numerator


class Fill(NamedTuple):
    """One trade between a resting order and an incoming one, at the resting order's price.

    Attributes:
        maker_order_id: the order that rested.
        taker_order_id: the order that came in.
        maker_owner: who owns the resting order.
        taker_owner: who owns the incoming order.
        taker_side: what the taker did; the maker did the opposite.
        price: ticks.
        size: lots.
        notional: quote units that change hands for the base, before fees.
        taker_fee: quote units the taker pays to the venue; negative where the venue pays the taker.
        maker_rebate: quote units the venue pays to the maker; negative where the maker pays a fee.
    """

    maker_order_id: int
    taker_order_id: int
    maker_owner: str
    taker_owner: str
    taker_side: Side
    price: int
    size: int
    notional: int
    taker_fee: int
    maker_rebate: int

    @property
    def venue_income(self) -> int:
        """Quote units the venue keeps: the taker's fee less the maker's rebate."""
        return self.taker_fee - self.maker_rebate

    def inventory_change(self, owner: str) -> int:
        """Lots by which this fill changes the owner's holding; 0 for anyone else."""
        taken = self.size * self.taker_side.sign
        return (taken if owner == self.taker_owner else 0) - (taken if owner == self.maker_owner else 0)

    def cash_change(self, owner: str) -> int:
        """Quote units by which this fill changes the owner's cash, fees included; 0 for anyone else."""
        paid = self.notional * self.taker_side.sign
        as_taker = -paid - self.taker_fee if owner == self.taker_owner else 0
        as_maker = paid + self.maker_rebate if owner == self.maker_owner else 0
        return as_taker + as_maker


class PreventedTrade(NamedTuple):
    """A trade with oneself that did not happen.

    Attributes:
        maker_order_id: the resting order.
        maker_cancelled: lots taken off it.
        taker_cancelled: lots taken off the incoming order.
    """

    maker_order_id: int
    maker_cancelled: int
    taker_cancelled: int


class Placement(NamedTuple):
    """What became of an order: every lot of it was filled, rests, or was cancelled.

    Attributes:
        order_id: the id the book gave the order; ids rise with arrival.
        fills: its trades, in the order they happened.
        filled: lots traded at once.
        resting: lots now in the book.
        price: ticks at which they rest, which is not the order's own if it was repriced; None if nothing rests.
        cancelled: lots neither traded nor resting: all of a refused order, the rest of a market or IOC order, and
            whatever self-trade prevention took off it.
        rejection: why the order was refused; None when it was not.
        prevented: the trades with its own owner that did not happen.
    """

    order_id: int
    fills: tuple[Fill, ...]
    filled: int
    resting: int
    price: int | None
    cancelled: int
    rejection: Rejection | None = None
    prevented: tuple[PreventedTrade, ...] = ()


class RestingOrder(NamedTuple):
    """An order in the book, as it stands now.

    Attributes:
        order_id: its id.
        owner: whose it is.
        side: buy or sell.
        price: ticks.
        size: lots left, shown or not.
        shown: lots that others see, and that stand in the queue.
        display: lots it shows at a time; 0 where that was the whole order from the first.
    """

    order_id: int
    owner: str
    side: Side
    price: int
    size: int
    shown: int
    display: int = 0


class DepthLevel(NamedTuple):
    """All orders at one price, as others see them.

    Attributes:
        price: ticks.
        size: lots shown, of all orders together.
        orders: how many orders.
    """

    price: int
    size: int
    orders: int


class QueuePosition(NamedTuple):
    """What must trade or be cancelled at an order's price before its turn comes.

    Attributes:
        orders_ahead: orders with priority over it at its price.
        size_ahead: lots they show; what they hide will queue up behind.
    """

    orders_ahead: int
    size_ahead: int
