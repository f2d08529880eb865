"""The on-chain Quoter's answers on the mainnet WBTC/WETH 0.3 % pool, at one block with 458 initialised ticks."""

import json
from pathlib import Path

import pytest

from amm import UniswapV3Pool
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "uniswap_v3_wbtc_weth_quoter"


@pytest.fixture(scope="module")
def pool(folder: Path) -> UniswapV3Pool:
    snapshot = json.loads((folder / "snapshot_24407242.json").read_text(encoding="utf-8"))
    ticks = {int(tick): (gross, net) for tick, (gross, net, _) in snapshot["tick_data"].items()}
    scalars = snapshot["scalars"]
    return UniswapV3Pool.from_state(
        scalars["fee"],
        scalars["tick_spacing"],
        sqrt_price_x96=scalars["sqrt_price_x96"],
        tick=scalars["tick"],
        liquidity=scalars["liquidity"],
        ticks=ticks,
    )


def test_all_quotes_of_the_chain_are_exact(folder: Path, pool: UniswapV3Pool) -> None:
    """80 of 80 answers, exact in and exact out, both ways, from one unit to 2**255 - 1, without touching the pool.

    The Quoter answers an output beyond what the pool holds with the input that empties it, and so does the model.
    """
    before = pool.copy()
    entries = json.loads((folder / "quoter_24407242.json").read_text(encoding="utf-8"))["entries"]
    answers = {key: quoter(pool, key) for key in entries}
    assert answers == {key: entry["value"] for key, entry in entries.items()}
    assert len(answers) == 80
    assert pool == before


def quoter(pool: UniswapV3Pool, key: str) -> int:
    """What the Quoter was asked is in the key: pool, function, direction and amount."""
    _, function, direction, amount = key.split("|")
    zero_for_one = direction == "WBTC->WETH"
    limit = MIN_SQRT_RATIO + 1 if zero_for_one else MAX_SQRT_RATIO - 1
    exact_in = function == "quoteExactInputSingle"
    result = pool.quote(zero_for_one, int(amount) if exact_in else -int(amount), limit)
    amount_in, amount_out = (result.amount0, -result.amount1) if zero_for_one else (result.amount1, -result.amount0)
    return amount_out if exact_in else amount_in
