"""Kyle (1985), "Continuous auctions and insider trading", Econometrica 53(6), 1315-1335: the single auction.

The value is normal around what everyone expects. One trader knows it and chooses an order; noise adds a normal order of
its own; the market maker sees the sum alone, and sets the price to the expected value given that sum. In equilibrium
the order and the price are both linear.
"""

from dataclasses import dataclass

from orderbook._checks import require_positive


@dataclass(frozen=True, slots=True)
class Kyle:
    """The equilibrium of one auction.

    >>> auction = Kyle(value_volatility=2.0, noise_volatility=10.0)
    >>> auction.price_impact, auction.trading_intensity
    (0.1, 5.0)

    Attributes:
        value_volatility: standard deviation of the value, in the price's unit.
        noise_volatility: standard deviation of the noise order, in units of size.
        expected_value: of the value, before the auction.
    """

    value_volatility: float
    noise_volatility: float
    expected_value: float = 0.0

    def __post_init__(self) -> None:
        """Refuse deviations that are not positive.

        Raises:
            InvalidParameterError: either is out of range.
        """
        require_positive("value_volatility", self.value_volatility)
        require_positive("noise_volatility", self.noise_volatility)

    @property
    def price_impact(self) -> float:
        """Kyle's lambda: by how much a unit of net order moves the price."""
        return self.value_volatility / (2 * self.noise_volatility)

    @property
    def trading_intensity(self) -> float:
        """Kyle's beta: the informed order for each unit of price between the value and what everyone expects."""
        return self.noise_volatility / self.value_volatility

    def informed_order(self, value: float) -> float:
        """The order of who knows the value; negative to sell."""
        return self.trading_intensity * (value - self.expected_value)

    def price(self, net_order: float) -> float:
        """The price at which the market maker takes the other side of the informed order and the noise together."""
        return self.expected_value + self.price_impact * net_order

    def informed_profit(self, order: float, value: float) -> float:
        """What an order of who knows the value earns on average over the noise; greatest at `informed_order`."""
        return order * (value - self.price(order))

    @property
    def expected_informed_profit(self) -> float:
        """Of the informed trader over all values; noise loses as much, and the market maker nothing."""
        return self.value_volatility * self.noise_volatility / 2

    @property
    def posterior_variance(self) -> float:
        """Of the value once the price is known: half of what it was."""
        return self.value_volatility**2 / 2

    def equivalent_base_reserve(self, price: float) -> float:
        """Base tokens in a constant-product pool at this price on which a small order has the same impact.

        A pool's price moves by 2 * price / reserve for each unit bought.
        """
        return 2 * price / self.price_impact
