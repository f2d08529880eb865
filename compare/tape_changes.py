"""From one tape to another: clustered arrivals, child orders, informed takers, sizes from data.

Each draws from a random stream of its own, so what it does not change stays as it was.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare.checks import whole
from compare.durations import NS_PER_SECOND, Duration, duration_ns
from compare.errors import InputError
from compare.paths import PricePath
from compare.randomness import Stream, generator
from compare.tape import TakerKind, TakerTape
from compare.tape_draw import whole_lots
from orderbook.simulation.arrivals import hawkes_arrivals


def cluster(tape: TakerTape, path: PricePath, *, branching: float, memory: Duration, seed: int) -> TakerTape:
    """The same orders, their times drawn anew from a Hawkes process: an order brings others soon after it.

    The base rate is such that about as many orders are expected as the tape has: the stationary rate is the tape's.
    Orders keep their sequence, sides, sizes and tolerances; those beyond the last arrival are left out, and the last
    arrivals beyond the orders too.

    Args:
        tape: The orders.
        path: Gives the span of time.
        branching: Orders that each order brings on average, from 0 to below 1.
        memory: Mean time after which they come.
        seed: An integer of zero or more.

    Raises:
        InputError: A branching out of range.
    """
    if not 0 <= branching < 1:
        problem = f"{branching} orders would come of each"
        raise InputError(problem, place="branching", remedy="give a number from 0 to below 1")
    seconds = path.duration_ns / NS_PER_SECOND
    decay = NS_PER_SECOND / duration_ns(memory, key="memory")
    base_rate = len(tape) / seconds * (1 - branching) if seconds else 0.0
    draw = int(generator(seed, Stream.TAPE_CLUSTER).integers(2**62))
    arrivals = hawkes_arrivals(base_rate, branching * decay, decay, seconds, seed=draw) if base_rate else np.empty(0)
    count = min(len(tape), arrivals.size)
    times = path.start_ns + np.minimum((arrivals[:count] * NS_PER_SECOND).astype(np.int64), path.duration_ns)
    return _changed(
        tape,
        times,
        np.arange(count),
        name=f"clustered {tape.name}",
        about=f"Hawkes arrivals, branching {branching}, memory {memory}, seed {seed}",
    )


def split_orders(tape: TakerTape, children: int, gap: Duration) -> TakerTape:
    """Each order as so many child orders, one after another, that add up to it.

    Lots are shared as evenly as whole lots allow, the first children one lot more; an order of fewer lots has fewer
    children. Children keep the side, tolerance and kind of their order, and orders of several parents mix by time.

    Args:
        tape: The parents.
        children: How many of each, one or more.
        gap: Time between two of one parent.

    Raises:
        InputError: No children, or a gap that is no duration.
    """
    count = whole(children, "children")
    if count < 1:
        raise InputError(f"{children} children make no order", place="children", remedy="give one or more")
    gap_ns = duration_ns(gap, key="gap")
    each, first = np.divmod(tape.lots[:, None], count)
    lots = each + (np.arange(count) < first)
    times = tape.time_ns[:, None] + gap_ns * np.arange(count)
    parent = np.repeat(np.arange(len(tape)), count).reshape(lots.shape)
    kept = (lots > 0).ravel()
    order = np.argsort(times.ravel()[kept], kind="stable")
    child = _changed(
        tape,
        times.ravel()[kept][order],
        parent.ravel()[kept][order],
        name=f"split {tape.name}",
        about=f"each order in {count} children, {gap} apart",
    )
    return replace(child, lots=lots.ravel()[kept][order], uid=np.arange(order.size))


def inform(
    tape: TakerTape, path: PricePath, *, share: float, horizon: Duration, accuracy: float = 1.0, seed: int
) -> TakerTape:
    """The same orders, a share of them sent by takers who know where the price is going.

    An informed taker's side is that of the move from the fair price now to the one a horizon later, with probability
    `accuracy`, and the other side otherwise. Where the price does not move, or the path ends before, the order stays as
    it was. Times, sizes and tolerances stay.

    Args:
        tape: The orders.
        path: The fair price they know ahead.
        share: Of orders, from 0 to 1.
        horizon: How far ahead they know.
        accuracy: Probability that they are right, from 0 to 1.
        seed: An integer of zero or more.

    Raises:
        InputError: A share or accuracy out of range.
    """
    for key, value in (("share", share), ("accuracy", accuracy)):
        if not 0 <= value <= 1:
            raise InputError(f"{value} is no share", place=key, remedy="give a number from 0 to 1")
    draws = generator(seed, Stream.TAPE_INFORMED).random((2, len(tape)))
    later = np.minimum(tape.time_ns + duration_ns(horizon, key="horizon"), path.end_ns)
    move = np.sign(path.ticks_at(later) - path.ticks_at(tape.time_ns)).astype(np.int8)
    informed = (draws[0] < share) & (move != 0)
    side = np.where(draws[1] < accuracy, move, -move).astype(np.int8)
    return replace(
        tape,
        side=np.where(informed, side, tape.side).astype(np.int8),
        kind=np.where(informed, TakerKind.INFORMED, tape.kind).astype(np.uint8),
        name=f"partly informed {tape.name}",
        description=f"{tape.description}; {share:.6g} of orders know the move of the next {horizon}, seed {seed}",
    )


def resize(tape: TakerTape, sizes: ArrayLike | Sequence[float], *, seed: int) -> TakerTape:
    """The same orders, each with a size drawn from recorded ones, with replacement.

    Args:
        tape: The orders.
        sizes: [n] base tokens, positive; one at least.
        seed: An integer of zero or more.

    Raises:
        InputError: There is no size, or one is not positive and finite.
    """
    recorded: NDArray[np.float64] = np.asarray(sizes, dtype=np.float64)
    if recorded.ndim != 1 or not recorded.size or not (np.isfinite(recorded) & (recorded > 0)).all():
        raise InputError("these are no sizes", place="sizes", remedy="give positive finite numbers, one at least")
    chosen = generator(seed, Stream.TAPE_RESIZE).integers(recorded.size, size=len(tape))
    return replace(
        tape,
        lots=whole_lots(recorded[chosen], tape.lot_size),
        description=f"{tape.description}; sizes drawn from {recorded.size} recorded ones, seed {seed}",
    )


def _changed(
    tape: TakerTape, times: NDArray[np.int64], chosen: NDArray[np.int64], *, name: str, about: str
) -> TakerTape:
    """The chosen orders of a tape at new times."""
    return TakerTape(
        times,
        tape.side[chosen],
        tape.lots[chosen],
        tape.tolerance_pips[chosen],
        tape.kind[chosen],
        np.arange(chosen.size),
        tape.lot_size,
        name,
        f"{tape.description}; {about}",
    )
