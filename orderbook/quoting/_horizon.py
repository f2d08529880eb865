"""How much time a strategy has left."""

from orderbook.errors import HorizonPassedError

_NS_PER_SECOND = 1_000_000_000


def seconds_left(time_ns: int, horizon_ns: int) -> float:
    """Seconds from a time to the horizon.

    Raises:
        HorizonPassedError: the time is after the horizon.
    """
    if time_ns > horizon_ns:
        raise HorizonPassedError(time_ns, horizon_ns)
    return (horizon_ns - time_ns) / _NS_PER_SECOND
