"""A v3 pool and its contract, and the events that the contract emits for each of their calls."""

from differential.reentry import Paid, Values
from differential.v3_twin import V3Twin

from amm.events import UNISWAP_V3_EVENTS, EventRecord

HASH = "0x" + "00" * 32


class RecordingTwin(V3Twin):
    """Notes the event of every call that does not revert."""

    def __init__(self, fee: int, tick_spacing: int) -> None:
        self.events: list[EventRecord] = []
        super().__init__(fee, tick_spacing)

    def initialize(self, sqrt_price_x96: int) -> Values | None:
        result = super().initialize(sqrt_price_x96)
        return self._note("Initialize", result, sqrt_price_x96, self.model.slot0.tick)

    def mint(self, owner: str, tick_lower: int, tick_upper: int, amount: int, paid: Paid = None) -> Values | None:
        result = super().mint(owner, tick_lower, tick_upper, amount, paid)
        return self._note("Mint", result, owner, owner, tick_lower, tick_upper, amount, *(result or ()))

    def burn(self, owner: str, tick_lower: int, tick_upper: int, amount: int) -> Values | None:
        result = super().burn(owner, tick_lower, tick_upper, amount)
        return self._note("Burn", result, owner, tick_lower, tick_upper, amount, *(result or ()))

    def collect(self, owner: str, tick_lower: int, tick_upper: int, amount0: int, amount1: int) -> Values | None:
        result = super().collect(owner, tick_lower, tick_upper, amount0, amount1)
        return self._note("Collect", result, owner, owner, tick_lower, tick_upper, *(result or ()))

    def swap(
        self, zero_for_one: bool, amount_specified: int, sqrt_price_limit_x96: int, paid: Paid = None
    ) -> Values | None:
        result = super().swap(zero_for_one, amount_specified, sqrt_price_limit_x96, paid)
        model = self.model
        after = (model.slot0.sqrt_price_x96, model.liquidity, model.slot0.tick)
        return self._note("Swap", result, "", "", *(result or ()), *after)

    def flash(self, amount0: int, amount1: int, paid: tuple[int, int]) -> Values | None:
        result = super().flash(amount0, amount1, paid)
        return self._note("Flash", result, "", "", amount0, amount1, paid[0] - amount0, paid[1] - amount1)

    def set_fee_protocol(self, fee_protocol0: int, fee_protocol1: int, sender: str | None = None) -> Values | None:
        old = self.model.slot0.fee_protocol
        result = super().set_fee_protocol(fee_protocol0, fee_protocol1, sender)
        return self._note("SetFeeProtocol", result, old & 0xF, old >> 4, fee_protocol0, fee_protocol1)

    def collect_protocol(self, amount0: int, amount1: int, sender: str | None = None) -> Values | None:
        result = super().collect_protocol(amount0, amount1, sender)
        return self._note("CollectProtocol", result, "", "", *(result or ()))

    def increase_observation_cardinality_next(self, cardinality: int) -> Values | None:
        old = self.model.slot0.observation_cardinality_next
        result = super().increase_observation_cardinality_next(cardinality)
        new = self.model.slot0.observation_cardinality_next
        return self._note("IncreaseObservationCardinalityNext", result if new != old else None, old, new) or result

    def _note(self, name: str, result: Values | None, *values: int | str) -> Values | None:
        if result is not None:
            fields = dict(zip((field.name for field in UNISWAP_V3_EVENTS[name].fields), values, strict=True))
            index = len(self.events)
            self.events.append(EventRecord(name, index, HASH, self.time, HASH, 0, index, fields))
        return result
