"""Avellaneda and Stoikov's quotes for a price that may multiply: their parameters grow and shrink with it."""

from dataclasses import dataclass

from orderbook._checks import require_int, require_not_negative, require_positive
from orderbook.quoting.avellaneda_stoikov import AvellanedaStoikov
from orderbook.quoting.protocol import MarketView, Quotes


@dataclass(frozen=True, slots=True)
class ProportionalAvellanedaStoikov:
    """The finite-horizon strategy with its volatility and fill decay relative to the fair price of each view.

    The model's price is arithmetic, so its parameters belong to one level of the price. On a path that doubles, quotes
    from constant parameters end up half as wide as meant. Here, at each view, the paper's strategy is asked with
    ``volatility = relative_volatility * fair_price`` and ``fill_decay = relative_fill_decay / fair_price``.

    >>> strategy = ProportionalAvellanedaStoikov(
    ...     risk_aversion=1e-9, relative_volatility=1e-4, relative_fill_decay=1_000, horizon_ns=0, size=1
    ... )
    >>> [strategy.quote(MarketView(0, price, 0)).spread for price in (100_000, 200_000)]  # 20 basis points
    [200, 400]

    Attributes:
        risk_aversion: per tick and lot, the unit of wealth.
        relative_volatility: share of the price per square root of a second.
        relative_fill_decay: per unit of relative distance: a share of 1 / relative_fill_decay thins fills out by e.
        horizon_ns: the last moment, on the clock of the view.
        size: lots on either side.
    """

    risk_aversion: float
    relative_volatility: float
    relative_fill_decay: float
    horizon_ns: int
    size: int

    def __post_init__(self) -> None:
        """Refuse parameters for which the model has no quotes.

        Raises:
            InvalidParameterError: a parameter that is not a finite number in its range.
        """
        require_positive("risk_aversion", self.risk_aversion)
        require_not_negative("relative_volatility", self.relative_volatility)
        require_positive("relative_fill_decay", self.relative_fill_decay)
        require_int("horizon_ns", self.horizon_ns, minimum=0)
        require_int("size", self.size, minimum=1)

    def quote(self, view: MarketView) -> Quotes:
        """The paper's quotes with the parameters that belong to the view's fair price.

        Raises:
            HorizonPassedError: the view is after the horizon.
        """
        return self.at(float(view.fair_price)).quote(view)

    def at(self, fair_price: float) -> AvellanedaStoikov:
        """The paper's strategy at one fair price in ticks."""
        volatility, fill_decay = parameters_at(fair_price, self.relative_volatility, self.relative_fill_decay)
        return AvellanedaStoikov(
            risk_aversion=self.risk_aversion,
            volatility=volatility,
            fill_decay=fill_decay,
            horizon_ns=self.horizon_ns,
            size=self.size,
        )


def parameters_at(fair_price: float, relative_volatility: float, relative_fill_decay: float) -> tuple[float, float]:
    """Volatility (ticks per square root of a second) and fill decay (per tick) at one fair price in ticks."""
    return relative_volatility * fair_price, relative_fill_decay / fair_price
