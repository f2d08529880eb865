"""What the order book refuses, and why: one class for each rule, carrying the value that broke it."""


class OrderBookError(Exception):
    """Root of every error this package raises; the object that raised it is unchanged."""


class InvalidParameterError(OrderBookError, ValueError):
    """A parameter of an instrument, a fee schedule, a strategy or a market maker is out of its range.

    Attributes:
        name: the parameter.
        value: what was given.
        rule: what would be right.
    """

    def __init__(self, name: str, value: object, rule: str) -> None:
        """Name the parameter, what was given and the rule."""
        super().__init__(f"{name} is {value!r}; it must be {rule}")
        self.name = name
        self.value = value
        self.rule = rule


class InvalidOrderError(OrderBookError, ValueError):
    """An order that no book could hold.

    Attributes:
        value: the field's value as given.
    """

    def __init__(self, value: object, rule: str) -> None:
        """Keep the offending value beside the rule it broke."""
        super().__init__(f"{rule}, not {value!r}")
        self.value = value


class InvalidPriceError(InvalidOrderError):
    """A price that is not a positive whole number of ticks."""

    def __init__(self, price: object) -> None:
        """Name the price."""
        super().__init__(price, "a price is a positive int of ticks")


class InvalidSizeError(InvalidOrderError):
    """A size that is not a positive whole number of lots."""

    def __init__(self, size: object) -> None:
        """Name the size."""
        super().__init__(size, "a size is a positive int of lots")


class InvalidSideError(InvalidOrderError):
    """A side that is neither of the two."""

    def __init__(self, side: object) -> None:
        """Name the side."""
        super().__init__(side, "a side is Side.BUY or Side.SELL")


class InvalidInstructionError(InvalidOrderError):
    """An instruction that is no member of its enum, or that contradicts another."""


class OffTickError(OrderBookError, ValueError):
    """A price between two ticks, where an exact number of ticks was asked for.

    Attributes:
        price: quote currency per unit of base currency, as given.
    """

    def __init__(self, price: object, tick: object) -> None:
        """Name the price and the tick it should be a multiple of."""
        super().__init__(f"price {price} is not a multiple of the tick {tick}")
        self.price = price


class OffLotError(OrderBookError, ValueError):
    """An amount of base currency between two lots, where an exact number of lots was asked for.

    Attributes:
        amount: base currency, as given.
    """

    def __init__(self, amount: object, lot: object) -> None:
        """Name the amount and the lot it should be a multiple of."""
        super().__init__(f"amount {amount} is not a multiple of the lot {lot}")
        self.amount = amount


class OrderNotFoundError(OrderBookError, LookupError):
    """An order id under which nothing rests.

    Attributes:
        order_id: the id as given.
    """

    def __init__(self, order_id: object, reason: str) -> None:
        """Name the id and why nothing rests under it."""
        super().__init__(f"order {order_id!r} {reason}")
        self.order_id = order_id


class UnknownOrderError(OrderNotFoundError):
    """An order id this book never gave out."""

    def __init__(self, order_id: object) -> None:
        """Name the id."""
        super().__init__(order_id, "was never given out by this book")


class FinishedOrderError(OrderNotFoundError):
    """The id of an order that was filled, cancelled, replaced or refused."""

    def __init__(self, order_id: object) -> None:
        """Name the id."""
        super().__init__(order_id, "no longer rests in this book")


class ReduceTooLargeError(OrderBookError, ValueError):
    """A reduction that would leave nothing of the order; cancelling it is a different call.

    Attributes:
        order_id: the order.
        reduction: lots to take off, as asked.
        remaining: lots the order still has.
    """

    def __init__(self, order_id: int, reduction: int, remaining: int) -> None:
        """Name the order and both sizes."""
        super().__init__(
            f"order {order_id} has {remaining} lots: a reduction by {reduction} must leave at least one, or be a cancel"
        )
        self.order_id = order_id
        self.reduction = reduction
        self.remaining = remaining


class NotionalTooLargeError(OrderBookError, OverflowError):
    """An order with which one side of a batch's book would be worth more than 64 bits can add up.

    Attributes:
        price: ticks.
        size: lots.
    """

    def __init__(self, price: int, size: int) -> None:
        """Name the order's terms."""
        super().__init__(f"with {size} lots at {price} ticks, a side of the book could be worth more than 2**62 units")
        self.price = price
        self.size = size


class HorizonPassedError(OrderBookError, ValueError):
    """A quote was asked for after the strategy's horizon.

    Attributes:
        time_ns: the time of the view.
        horizon_ns: the strategy's last moment.
    """

    def __init__(self, time_ns: int, horizon_ns: int) -> None:
        """Name both times."""
        super().__init__(f"time {time_ns} ns is after the horizon {horizon_ns} ns")
        self.time_ns = time_ns
        self.horizon_ns = horizon_ns


class ClockReversedError(OrderBookError, ValueError):
    """A time before one that was already seen, where time only goes on.

    Attributes:
        time_ns: the time as given.
        last_ns: the time seen before it.
    """

    def __init__(self, time_ns: int, last_ns: int) -> None:
        """Name both times."""
        super().__init__(f"time {time_ns} ns is before {last_ns} ns, which was already seen")
        self.time_ns = time_ns
        self.last_ns = last_ns


class InventoryBoundError(OrderBookError, ValueError):
    """The inventory stands outside the range in which a strategy has a price.

    Attributes:
        inventory: signed, in the unit of the function or strategy that raised this.
        bound: what the absolute inventory must not pass, in the same unit.
    """

    def __init__(self, inventory: float, bound: float) -> None:
        """Name the inventory and the bound."""
        super().__init__(f"an inventory of {inventory} is outside the bound of {bound} either way")
        self.inventory = inventory
        self.bound = bound


class FillProbabilityError(OrderBookError, ValueError):
    """The fill rate times the length of a step is more than one: no probability, unless a clamp makes it one.

    Attributes:
        probability: the product.
        depth: the quote's depth, in the price's unit.
    """

    def __init__(self, probability: float, depth: float) -> None:
        """Name the product and the quote."""
        super().__init__(
            f"a quote at a depth of {depth:g} would fill in a step with probability {probability:g}; "
            "take more steps, another fill mode, or the clamp"
        )
        self.probability = probability
        self.depth = depth


class InsufficientCapitalError(OrderBookError, ValueError):
    """A fill would leave a market maker with less than nothing of what it paid with.

    Attributes:
        owner: the market maker.
        asset: "cash" or "holding".
        balance: what the fill would have left, in quote units or lots; negative.
    """

    def __init__(self, owner: str, asset: str, balance: int) -> None:
        """Name the market maker, the asset and the balance it would have had."""
        super().__init__(f"this fill would leave {owner!r} with {asset} of {balance}; there is no borrowing")
        self.owner = owner
        self.asset = asset
        self.balance = balance
