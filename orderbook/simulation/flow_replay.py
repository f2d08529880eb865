"""One policy against one flow of taker orders: any arrivals, any sides, one path at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderbook._checks import require_not_negative, require_positive
from orderbook.exact_avellaneda_stoikov import DepthPolicy
from orderbook.simulation.arrivals import Times
from orderbook.simulation.order_flow import MidPath, OrderFlow, Sides


@dataclass(frozen=True, slots=True, eq=False)
class FlowRun:
    """The fills of one run, in order. All arrays have one entry a fill.

    Attributes:
        path: the mid price.
        horizon: time of the end.
        times: of the fills.
        sides: of the takers.
        depths: earned against the mid price of the moment.
    """

    path: MidPath
    horizon: float
    times: Times
    sides: Sides
    depths: NDArray[np.float64]

    @property
    def inventory(self) -> int:
        """The market maker's, at the end."""
        return -int(self.sides.sum(dtype=np.int64))

    @property
    def edge(self) -> float:
        """Depths earned by all fills."""
        return float(self.depths.sum())

    @property
    def profit(self) -> float:
        """Final wealth: each fill marked at the end."""
        return float(self._marked_at(np.full(self.times.size, self.horizon)).sum())

    def markouts(self, horizon: float) -> NDArray[np.float64]:
        """Each fill marked so much later, or at the end of the path, from the market maker's side.

        Raises:
            InvalidParameterError: the horizon is negative.
        """
        require_not_negative("horizon", horizon)
        return self._marked_at(self.times + horizon)

    def _marked_at(self, times: Times) -> NDArray[np.float64]:
        return self.depths - self.sides * (self.path.at(times) - self.path.at(self.times))


def trade_against(flow: OrderFlow, policy: DepthPolicy, path: MidPath, *, horizon: float) -> FlowRun:
    """Let every order that reaches the policy's quote trade one unit with it; the policy quotes anew for each order.

    An order of the flow fills at most one quote, so one that reaches a negative depth has no greater rate than the
    arrivals have.

    Args:
        flow: the orders; those after the horizon are left out.
        policy: from the time left and the inventory to the depths of bid and ask.
        path: the mid price.
        horizon: time of the end.

    Raises:
        InvalidParameterError: the horizon is not positive.
    """
    require_positive("horizon", horizon)
    inventory = 0
    filled, depths = [], []
    orders = zip(flow.times.tolist(), flow.sides.tolist(), flow.reaches.tolist(), strict=True)
    for index, (time, side, reach) in enumerate(orders):
        if time > horizon:
            break
        bid_depth, ask_depth = policy(horizon - time, inventory)
        depth = ask_depth if side > 0 else bid_depth
        if reach >= depth:
            inventory -= side
            filled.append(index)
            depths.append(depth)
    chosen = np.array(filled, dtype=np.int64)
    return FlowRun(path, horizon, flow.times[chosen], flow.sides[chosen], np.array(depths, dtype=np.float64))
