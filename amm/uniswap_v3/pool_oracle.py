"""The oracle as a pool shows it: how much it keeps, and what it answers."""

from collections.abc import Sequence
from typing import Final

from amm.errors import check_int
from amm.math.fixed_point import MAX_UINT32
from amm.uniswap_v3 import oracle
from amm.uniswap_v3.guards import check_range, require_unlocked
from amm.uniswap_v3.position import cumulatives_inside
from amm.uniswap_v3.state import PoolState

_MAX_UINT16: Final = (1 << 16) - 1


class PoolOracle(PoolState):
    """The oracle's side of a pool. What only reads answers inside another call too, as the contract does."""

    __slots__ = ()

    def increase_observation_cardinality_next(self, observation_cardinality_next: int) -> None:
        """Ask the oracle to keep more observations; fewer than it keeps already changes nothing.

        Raises:
            PoolLockedError: ("LOK") before initialize, or inside another call.
        """
        check_int("observation_cardinality_next", observation_cardinality_next, 0, _MAX_UINT16)
        require_unlocked(self)
        missing = observation_cardinality_next - self.slot0.observation_cardinality_next
        if missing > 0:
            self.observations.extend([oracle.PREPARED] * missing)
            self.slot0 = self.slot0._replace(observation_cardinality_next=observation_cardinality_next)

    def observe(self, seconds_agos: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return the cumulative tick and the cumulative seconds per liquidity (Q128) as of each number of seconds ago.

        Raises:
            OracleNotInitializedError: ("I") before initialize.
            ObservationTooOldError: ("OLD") if the oracle does not reach back that far.
        """
        for seconds_ago in seconds_agos:
            check_int("seconds_ago", seconds_ago, 0, MAX_UINT32)
        return oracle.observe(self.observations, self.slot0, self.timestamp & MAX_UINT32, seconds_agos, self.liquidity)

    def snapshot_cumulatives_inside(self, tick_lower: int, tick_upper: int) -> tuple[int, int, int]:
        """Return the cumulative tick, seconds per liquidity (Q128) and seconds while the price was between two ticks.

        Only differences of two snapshots mean something, and only while a position keeps both ticks initialised.

        Raises:
            TickOrderError, TickLowerTooLowError, TickUpperTooHighError: ("TLU", "TLM", "TUM") for such a range.
            TickNotInitializedError: if a tick is not initialised.
        """
        check_range(tick_lower, tick_upper)
        return cumulatives_inside(self, tick_lower, tick_upper)
