"""Two clocks, one order: the messages of a feed as they happened at the venue.

The recorder's clock and the venue's differ by an unknown constant, so that what was received less what was sent is no
latency yet, and may be negative. The least of these differences is taken for the fastest message, and that is given a
latency: all others follow.
"""

from collections.abc import Iterable

from orderbook._checks import require_int
from orderbook.errors import InvalidParameterError
from orderbook.feeds.events import DepthSnapshot, FeedEvent, Trade


def in_venue_order(events: Iterable[FeedEvent], *, least_latency_ns: int = 0) -> list[FeedEvent]:
    """The same messages, timed by one clock and in the order in which they happened.

    * The recorder's clock is set so that the fastest message took `least_latency_ns`.
    * A message whose venue time is not known is given that same latency.
    * At one time at the venue, a snapshot comes first, then trades, then all else: a diff contains the trades of its
      own time. Otherwise the feed's order stands.

    Args:
        events: in the order of their arrival.
        least_latency_ns: of the fastest message.

    Raises:
        InvalidParameterError: a negative latency, or no message with a time at the venue.
    """
    require_int("least_latency_ns", least_latency_ns, minimum=0)
    recorded = list(events)
    differences = [event.local_ns - event.exchange_ns for event in recorded if event.exchange_ns is not None]
    if not differences:
        raise InvalidParameterError("events", len(recorded), "messages, some of which have a time at the venue")
    shift = least_latency_ns - min(differences)
    timed = []
    for event in recorded:
        local_ns = event.local_ns + shift
        exchange_ns = local_ns - least_latency_ns if event.exchange_ns is None else event.exchange_ns
        timed.append(event._replace(exchange_ns=exchange_ns, local_ns=local_ns))
    timed.sort(key=_moment)
    return timed


def _moment(event: FeedEvent) -> tuple[int, int]:
    if isinstance(event, DepthSnapshot):
        return event.exchange_ns or 0, 0
    return event.exchange_ns or 0, 1 if isinstance(event, Trade) else 2
