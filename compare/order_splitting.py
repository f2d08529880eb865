"""One order or many small ones: what that changes in a pool, and against a market maker who leans on its inventory.

Four settings, all exact:

* a curve without a fee: nothing, unless something brings the price back in between (`curve_cost`);
* a v2 pair, whose fee stays in its reserves: many are worse (`pair_proceeds`);
* a market maker whose quotes follow its inventory: each next part is dearer, not cheaper, but all of them together are
  cheaper than walking a book that knows the whole order (`quoted_price`, `walked_price`);
* the same market maker, whose inventory recovers between parts: cheaper the more it does (`quoted_price`).
"""

from fractions import Fraction

from amm import UniswapV2Pair
from compare.errors import InputError

Amount = int | Fraction


def curve_cost(
    base_reserve: Amount, quote_reserve: Amount, size: Amount, parts: int, *, restored: bool = False
) -> Fraction:
    """Quote tokens that buying `size` base tokens in equal parts costs on a constant product without a fee.

    Args:
        base_reserve: before the first part.
        quote_reserve: the same.
        size: base tokens bought in all; less than the reserve.
        parts: how many.
        restored: whether arbitrage brings both reserves back before each next part.

    Raises:
        InputError: no parts, or more than there is.

    >>> round(float(curve_cost(10_000, 100_000, 1_000, parts=10)), 2)
    11111.11
    >>> round(float(curve_cost(10_000, 100_000, 1_000, parts=10, restored=True)), 2)
    10101.01
    """
    part = _part(size, parts)
    if not 0 < size < base_reserve:
        raise InputError(f"{size} of {base_reserve} base tokens cannot be bought", place="size")
    base, quote, paid = Fraction(base_reserve), Fraction(quote_reserve), Fraction(0)
    for _ in range(parts):
        cost = quote * part / (base - part)
        paid += cost
        if not restored:
            base, quote = base - part, quote + cost
    return paid


def pair_proceeds(pair: UniswapV2Pair, amount_in: int, parts: int) -> int:
    """Token1 units that selling token0 to a pair in equal parts pays out; the pair itself is left as it was.

    Args:
        pair: as it stands before the first part.
        amount_in: token0 units sold in all, fee included; a multiple of the parts.
        parts: how many.

    Raises:
        InputError: no parts, or parts between two units.
        RevertError: the pair refuses a part.
    """
    part = _part(amount_in, parts)
    if part.denominator != 1:
        raise InputError(f"{amount_in} units do not divide into {parts} parts", place="parts")
    trial = pair.copy()
    return sum(trial.swap_exact_input(True, part.numerator, "taker").amount1_out for _ in range(parts))


def quoted_price(
    mid_price: Amount,
    *,
    half_spread: Amount,
    skew_per_unit: Amount,
    size: Amount,
    parts: int,
    recovery: Fraction = Fraction(0),
) -> Fraction:
    """Average price of buying `size` in equal parts, each filled whole at the ask of a market maker who quotes anew.

    The market maker starts without inventory, and quotes around mid_price - skew_per_unit * inventory: as a taker buys,
    its quotes go up.

    Args:
        mid_price: throughout.
        half_spread: from the price it quotes around to its ask.
        skew_per_unit: price for each unit of inventory.
        size: bought in all.
        parts: how many.
        recovery: share of its inventory it gets rid of before each next part.

    Raises:
        InputError: no parts.

    >>> float(quoted_price(100, half_spread=Fraction("0.05"), skew_per_unit=Fraction("0.0001"), size=1_000, parts=10))
    100.095
    """
    part = _part(size, parts)
    inventory = paid = Fraction(0)
    for _ in range(parts):
        paid += part * (mid_price + half_spread - skew_per_unit * inventory)
        inventory = (inventory - part) * (1 - recovery)
    return paid / size


def walked_price(mid_price: Amount, *, half_spread: Amount, skew_per_unit: Amount, size: Amount) -> Fraction:
    """Average price where the same market maker moves its ask with every unit: the limit of ever smaller parts."""
    return Fraction(mid_price + half_spread) + Fraction(skew_per_unit) * size / 2


def _part(size: Amount, parts: int) -> Fraction:
    if parts < 1:
        raise InputError(f"an order has no {parts} parts", place="parts", remedy="give at least one")
    return Fraction(size) / parts
