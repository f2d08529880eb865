"""What a move of the fair price and a share of a trade add to a provider's books: functions of integers alone.

Both machines book with these. Holdings are base token units, cash and values are wealth units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from compare.provider_book import Amounts


class Units(NamedTuple):
    """What tokens are worth in wealth units (see `compare.market.Market`).

    Attributes:
        quote: Of one quote token unit.
        base_tick: Of one base token unit at a price of one tick.
    """

    quote: int
    base_tick: int


class Revaluation(NamedTuple):
    """What a move of the fair price earned, wealth units.

    Attributes:
        all_tokens: On everything held.
        trading: On what trades, without fee income.
        fees: On fee income.
    """

    all_tokens: int
    trading: int
    fees: int


class Booking(NamedTuple):
    """What a share of a trade is, wealth units.

    Attributes:
        cash: Change of the cash held.
        fee_cash: The part of it that is fee income.
        edge: Value of the whole share at the fair price.
        fee: Value of the fee income in it.
        volume: Value of the base traded, without sign and without fees.
    """

    cash: int
    fee_cash: int
    edge: int
    fee: int
    volume: int


class Capture(NamedTuple):
    """What a maker's share earned against the price it quoted around, and what that price was off; wealth units."""

    spread_capture: int
    adverse_selection: int


def revaluation(base: int, fee_base: int, move: int, units: Units) -> Revaluation:
    """Return what holding `base`, of which `fee_base` is fee income, earned by a move of so many ticks."""
    step = move * units.base_tick
    return Revaluation(base * step, (base - fee_base) * step, fee_base * step)


def booking(change: Amounts, fee: Amounts, fair_ticks: int, units: Units) -> Booking:
    """Return what receiving `change`, of which `fee` is fee income, is at the fair price."""
    cash, fee_cash, price = change.quote * units.quote, fee.quote * units.quote, fair_ticks * units.base_tick
    traded, fee_value = (change.base - fee.base) * price, fee.base * price
    return Booking(cash, fee_cash, cash + traded + fee_value, fee_cash + fee_value, abs(traded))


def capture(change: Amounts, fee: Amounts, fair_ticks: int, reference_ticks: int, units: Units) -> Capture:
    """Return the two parts of a maker's edge beside fees: against the price it quoted around, and that one's error."""
    traded, paid = change.base - fee.base, change.quote - fee.quote
    return Capture(
        paid * units.quote + traded * (reference_ticks * units.base_tick),
        traded * ((fair_ticks - reference_ticks) * units.base_tick),
    )
