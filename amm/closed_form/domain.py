"""The checks every closed form makes of its arguments; NaN passes none of them."""

import math

from amm.errors import ArgumentError


def require_positive(**arguments: float) -> None:
    """Raise ArgumentError for the first argument that is not a finite number above zero."""
    for name, value in arguments.items():
        if not 0 < value < math.inf:
            raise ArgumentError(name, value, "finite and above zero")


def require_not_negative(**arguments: float) -> None:
    """Raise ArgumentError for the first argument that is not a finite number at or above zero."""
    for name, value in arguments.items():
        if not 0 <= value < math.inf:
            raise ArgumentError(name, value, "finite and not below zero")


def require_fraction(**arguments: float) -> None:
    """Raise ArgumentError for the first argument outside [0, 1): a fee, a share, a relative move."""
    for name, value in arguments.items():
        if not 0 <= value < 1:
            raise ArgumentError(name, value, "at least 0 and below 1")


def require_range(price_lower: float, price_upper: float) -> None:
    """Raise ArgumentError unless 0 < price_lower < price_upper, both finite."""
    require_positive(price_lower=price_lower, price_upper=price_upper)
    if price_lower >= price_upper:
        raise ArgumentError("price_lower", price_lower, f"below price_upper {price_upper!r}")
