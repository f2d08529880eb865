"""A snapshot as a person reads it: price, liquidity, balances, and what positions hold and have earned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amm.accounting import position_amounts, price_from_sqrt_price_x96, share_amounts, uncollected_fees
from amm.uniswap_v3.pool import UniswapV3Pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amm.snapshot import Snapshot, Token
    from amm.uniswap_v2 import UniswapV2Pair

Row = tuple[str, str]


def snapshot_rows(snapshot: Snapshot) -> list[Row]:
    """What a snapshot holds, as names and texts; amounts are exact, in whole tokens where the decimals are known."""
    pool, tokens = snapshot.pool, snapshot.tokens or (None, None)
    rows = [
        ("chain", _known(snapshot.chain_id)),
        ("block", f"{_known(snapshot.block_number)} {snapshot.block_hash or ''}".rstrip()),
        ("pool", _known(snapshot.address)),
        *((f"token{index}", _describe(token)) for index, token in enumerate(tokens)),
    ]
    kind_rows = _pool_rows(pool, tokens) if isinstance(pool, UniswapV3Pool) else _pair_rows(pool, tokens)
    return [*rows, *kind_rows]


def amount_text(amount: int, token: Token | None) -> str:
    """An amount in whole tokens and every digit; in smallest units where the decimals are not known.

    >>> from amm.snapshot import Token
    >>> amount_text(1_234_500, Token("0x", "USDC", 6)), amount_text(7, None)
    ('1.2345 USDC', '7 units')
    """
    if token is None or token.decimals is None:
        return f"{amount} units" if token is None or token.symbol is None else f"{amount} units of {token.symbol}"
    whole, part = divmod(abs(amount), 10**token.decimals)
    digits = f"{part:0{token.decimals}d}".rstrip("0") if token.decimals else ""
    number = f"{'-' if amount < 0 else ''}{whole}{'.' if digits else ''}{digits}"
    return f"{number} {token.symbol or token.address}"


def _pool_rows(pool: UniswapV3Pool, tokens: tuple[Token | None, Token | None]) -> Iterator[Row]:
    yield "kind", f"Uniswap v3, fee {pool.fee} pips, tick spacing {pool.tick_spacing}"
    slot0 = pool.slot0
    if slot0.sqrt_price_x96 == 0:
        yield "price", "not initialised"
        return
    price = price_from_sqrt_price_x96(slot0.sqrt_price_x96)
    yield "price", _price_text(price.numerator, price.denominator, tokens)
    yield "sqrt_price_x96", str(slot0.sqrt_price_x96)
    yield "tick", str(slot0.tick)
    yield "liquidity", str(pool.liquidity)
    yield "balances", _pair_text(pool.balance0, pool.balance1, tokens)
    yield "protocol fees", _pair_text(pool.protocol_fees.token0, pool.protocol_fees.token1, tokens)
    yield "initialised ticks", str(len(pool.ticks))
    yield "observations", str(slot0.observation_cardinality)
    for (owner, tick_lower, tick_upper), position in pool.positions.items():
        name = f"position {owner}:{tick_lower}:{tick_upper}"
        yield name, f"liquidity {position.liquidity}"
        yield "  worth", _pair_text(*position_amounts(pool, owner, tick_lower, tick_upper), tokens)
        yield "  uncollected", _pair_text(*uncollected_fees(pool, owner, tick_lower, tick_upper), tokens)


def _pair_rows(pair: UniswapV2Pair, tokens: tuple[Token | None, Token | None]) -> Iterator[Row]:
    yield "kind", "Uniswap v2, fee 3000 pips"
    if pair.reserve0 and pair.reserve1:
        yield "price", _price_text(pair.reserve1, pair.reserve0, tokens)
    yield "reserves", _pair_text(pair.reserve0, pair.reserve1, tokens)
    yield "balances", _pair_text(pair.balance0, pair.balance1, tokens)
    yield "shares", str(pair.total_supply)
    yield "protocol fee", "off" if pair.fee_to is None else f"to {pair.fee_to}"
    for holder, shares in pair.balance_of.items():
        if shares:
            yield f"holder {holder}", f"{shares} shares"
            yield "  worth", _pair_text(*share_amounts(pair, holder), tokens)


def _pair_text(amount0: int, amount1: int, tokens: tuple[Token | None, Token | None]) -> str:
    return f"{amount_text(amount0, tokens[0])}, {amount_text(amount1, tokens[1])}"


def _price_text(numerator: int, denominator: int, tokens: tuple[Token | None, Token | None]) -> str:
    """Token1 for one token0: in whole tokens if both decimals are known, otherwise in smallest units."""
    token0, token1 = tokens
    if token0 is None or token1 is None or token0.decimals is None or token1.decimals is None:
        return f"{numerator / denominator:.10g} units of token1 for one unit of token0"
    scaled = numerator * 10**token0.decimals / (denominator * 10**token1.decimals)
    return f"{scaled:.10g} {token1.symbol or 'token1'} for one {token0.symbol or 'token0'}"


def _describe(token: Token | None) -> str:
    if token is None:
        return "not known"
    decimals = "decimals not known" if token.decimals is None else f"{token.decimals} decimals"
    return f"{token.symbol or 'no symbol'} {token.address}, {decimals}"


def _known(value: object) -> str:
    return "not known" if value is None else str(value)
