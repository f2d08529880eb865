"""The events of a Uniswap v2 pair, replayed.

One call leaves several logs, the last of which names it: transfers of shares, Sync, then Mint, Burn or Swap. A Sync
that no such log follows at once is the call sync. What a token's own transfers brought in is in none of the pair's
logs, and follows from the amounts and the reserves they report.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from amm.errors import AmmError
from amm.events import EventRecord, Replayed, ReplayMismatchError
from amm.uniswap_v2 import ZERO_ADDRESS, UniswapV2Pair


@dataclass
class _Logs:
    """The logs of the call that is being put together."""

    minted: list[EventRecord] = field(default_factory=list)
    burned: list[EventRecord] = field(default_factory=list)
    sync: EventRecord | None = None


def replay(pair: UniswapV2Pair, events: Iterable[EventRecord]) -> Replayed:
    """Drive the pair through its events and return how many came out as recorded.

    Raises:
        ReplayMismatchError: the model gives something else than the chain recorded.
    """
    agreed, logs = 0, _Logs()
    for event in events:
        try:
            logs = _step(pair, logs, event)
        except ReplayMismatchError as error:
            raise ReplayMismatchError(error.event, error.field, error.chain, error.model, agreed) from None
        except AmmError as error:
            raise ReplayMismatchError(event, "the call", "accepted", f"refused: {error}", agreed) from error
        agreed += 1
    if logs.sync is not None:
        _sync(pair, logs.sync)
    return Replayed(agreed)


def _step(pair: UniswapV2Pair, logs: _Logs, event: EventRecord) -> _Logs:
    """Take one more log: apply the call that it completes, or keep it for the one it belongs to."""
    if logs.sync is not None and not (event.event in _CALLS and _follows(event, logs.sync)):
        _sync(pair, logs.sync)
        logs = _Logs()
    pair.block_timestamp = event.block_timestamp
    if event.event in _CALLS:
        _CALLS[event.event](pair, logs, event)
        return _Logs()
    if event.event == "Sync":
        logs.sync = event
    elif event.event == "Transfer":
        return _transfer(pair, logs, event)
    return logs


def _follows(event: EventRecord, sync: EventRecord) -> bool:
    """Whether two logs are of one call: nothing can come between them."""
    return event.place == (sync.block_number, sync.log_index + 1)


def _transfer(pair: UniswapV2Pair, logs: _Logs, event: EventRecord) -> _Logs:
    sender, recipient, (value,) = event.text("sender"), event.text("recipient"), event.integers("value")
    if sender == ZERO_ADDRESS:
        logs.minted.append(event)
    elif sender == pair.address and recipient == ZERO_ADDRESS:
        logs.burned.append(event)
    else:
        pair.transfer(sender, recipient, value)
    return logs


def _mint(pair: UniswapV2Pair, logs: _Logs, event: EventRecord) -> None:
    if not logs.minted:
        raise ReplayMismatchError(event, "shares minted", "none", "some")
    amount0, amount1 = event.integers("amount0", "amount1")
    pair.balance0, pair.balance1 = pair.reserve0 + amount0, pair.reserve1 + amount1
    supply, last = pair.total_supply, logs.minted[-1]
    shares = pair.mint(last.text("recipient"))
    (minted,) = last.integers("value")
    _require(last, "value", minted, shares)
    _require(event, "shares minted in all", _sum(logs.minted), pair.total_supply - supply)
    _check_sync(pair, logs, event)


def _burn(pair: UniswapV2Pair, logs: _Logs, event: EventRecord) -> None:
    amount0, amount1 = event.integers("amount0", "amount1")
    to = event.text("recipient")
    reserve0, reserve1 = _reserves_after(logs, event)
    stays = to == pair.address
    pair.balance0, pair.balance1 = (reserve0, reserve1) if stays else (reserve0 + amount0, reserve1 + amount1)
    burned, supply = pair.balance_of.get(pair.address, 0), pair.total_supply
    model0, model1 = pair.burn(to)
    _require(event, "shares burned", _sum(logs.burned), burned)
    _require(event, "shares minted in all", _sum(logs.minted), pair.total_supply - supply + burned)
    _require(event, "amount0", amount0, model0)
    _require(event, "amount1", amount1, model1)
    _check_sync(pair, logs, event)


def _swap(pair: UniswapV2Pair, logs: _Logs, event: EventRecord) -> None:
    names = ("amount0_in", "amount1_in", "amount0_out", "amount1_out")
    amounts = event.integers(*names)
    amount0_in, amount1_in, amount0_out, amount1_out = amounts
    to = event.text("recipient")
    if to == pair.address:  # what it sends to itself comes in again
        amount0_in, amount1_in = amount0_in - amount0_out, amount1_in - amount1_out
    pair.balance0, pair.balance1 = pair.reserve0, pair.reserve1
    swap = pair.swap(amount0_out, amount1_out, to, paid0=amount0_in, paid1=amount1_in)
    for name, chain, model in zip(names, amounts, swap, strict=True):
        _require(event, name, chain, model)
    _check_sync(pair, logs, event)


def _sync(pair: UniswapV2Pair, event: EventRecord) -> None:
    pair.block_timestamp = event.block_timestamp
    pair.balance0, pair.balance1 = event.integers("reserve0", "reserve1")
    pair.sync()


def _reserves_after(logs: _Logs, event: EventRecord) -> tuple[int, ...]:
    if logs.sync is None:
        raise ReplayMismatchError(event, "Sync", "none", "one before it")
    return logs.sync.integers("reserve0", "reserve1")


def _check_sync(pair: UniswapV2Pair, logs: _Logs, event: EventRecord) -> None:
    reserve0, reserve1 = _reserves_after(logs, event)
    _require(event, "reserve0", reserve0, pair.reserve0)
    _require(event, "reserve1", reserve1, pair.reserve1)


def _require(event: EventRecord, name: str, chain: int, model: int) -> None:
    if chain != model:
        raise ReplayMismatchError(event, name, chain, model)


def _sum(transfers: Sequence[EventRecord]) -> int:
    return sum(value for transfer in transfers for value in transfer.integers("value"))


_CALLS: Mapping[str, Callable[[UniswapV2Pair, _Logs, EventRecord], None]] = {
    "Mint": _mint,
    "Burn": _burn,
    "Swap": _swap,
}
