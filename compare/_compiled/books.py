"""The ledger in memory: what `compare.ledger` and `compare.provider_book` book, by the same functions."""

from amm._compiled.addressing import get, load, put, store
from amm._compiled.limbs import as_signed, as_unsigned
from amm._compiled.plain_functions import compiled
from compare import booking as arithmetic
from compare._compiled.records import AGENTS, KINDS, LEDGER, PROVIDER, wide, word
from compare.booking import Units
from compare.ledger import Agent
from compare.provider_book import Amounts, FlowKind
from lpmm_numba.parts import part

_revaluation = compiled(arithmetic.revaluation)
_booking = compiled(arithmetic.booking)
_capture = compiled(arithmetic.capture)

BASE, CASH, FEE_BASE, FEE_CASH = (wide(PROVIDER, name) for name in ("base", "cash", "fee_base", "fee_cash"))
INVENTORY, REBALANCING, FEE_INVENTORY = (wide(PROVIDER, name) for name in ("inventory", "rebalancing", "fee_inventory"))
EDGE, TRADING_EDGE, FEES, VOLUME = (wide(PROVIDER, name) for name in ("edge", "trading_edge", "fees", "volume"))
SPREAD_CAPTURE, ADVERSE_SELECTION = wide(PROVIDER, "spread_capture"), wide(PROVIDER, "adverse_selection")
PAID_GAS = wide(PROVIDER, "gas")
TRADES, FAIR_TICKS = word(PROVIDER, "trades"), word(PROVIDER, "fair_ticks")
UNIT_QUOTE, UNIT_BASE_TICK = wide(LEDGER, "quote"), wide(LEDGER, "base_tick")

NOISE, INFORMED, ARBITRAGE, UPKEEP = (
    KINDS.index(kind) for kind in (FlowKind.NOISE, FlowKind.INFORMED, FlowKind.ARBITRAGE, FlowKind.UPKEEP)
)
VENUE, GAS, DUST, OUTSIDE, ARBITRAGEUR = (
    AGENTS.index(agent) for agent in (Agent.VENUE, Agent.GAS, Agent.DUST, Agent.OUTSIDE, Agent.ARBITRAGEUR)
)
# The takers stand first among the agents, in the order of their flows: one number is both.
if [AGENTS.index(one) for one in (Agent.NOISE, Agent.INFORMED, Agent.ARBITRAGEUR)] != [NOISE, INFORMED, ARBITRAGE]:
    raise ImportError("agents and flows are in different orders")


@part
def signed(record, place):
    """Return a wide field that can be negative."""
    return as_signed(load(record, place))


@part
def add(record, place, amount):
    """Add to a wide field."""
    store(record, place, load(record, place) + amount)


@part
def update(record, place, now):
    """Put amounts in the place of those before, and return the change."""
    before = Amounts(signed(record, place), signed(record, place + 1))
    store(record, place, as_unsigned(now.base))
    store(record, place + 1, as_unsigned(now.quote))
    return Amounts(now.base - before.base, now.quote - before.quote)


@part
def ordered(amount0, amount1, token0):
    """Return a pool's amounts as base and quote."""
    first, second = as_signed(amount0), as_signed(amount1)
    return Amounts(first, second) if token0 else Amounts(second, first)


@part
def units_of(ledger):
    """Return what tokens are worth."""
    return Units(signed(ledger, UNIT_QUOTE), signed(ledger, UNIT_BASE_TICK))


@part
def receive(provider, kind, change, fee, fair_ticks, units):
    """Book a provider's part of a trade, after the move of the fair price (ProviderBook.mark and receive)."""
    mark(provider, fair_ticks, units)
    booked = _booking(change, fee, fair_ticks, units)
    add(provider, BASE, change.base)
    add(provider, CASH, booked.cash)
    add(provider, FEE_BASE, fee.base)
    add(provider, FEE_CASH, booked.fee_cash)
    add(provider, EDGE + kind, booked.edge)
    add(provider, FEES + kind, booked.fee)
    add(provider, TRADING_EDGE + kind, booked.edge - booked.fee)
    add(provider, VOLUME + kind, booked.volume)
    put(provider, TRADES + kind, get(provider, TRADES + kind) + 1)


@part
def mark(provider, fair_ticks, units):
    """Let the holdings before a move of the fair price earn it (ProviderBook.mark)."""
    before = get(provider, FAIR_TICKS)
    if fair_ticks != before:
        moved = _revaluation(signed(provider, BASE), signed(provider, FEE_BASE), fair_ticks - before, units)
        add(provider, INVENTORY, moved.all_tokens)
        add(provider, REBALANCING, moved.trading)
        add(provider, FEE_INVENTORY, moved.fees)
        put(provider, FAIR_TICKS, fair_ticks)


@part
def receive_quoted(provider, kind, change, fee, prices, units):
    """Book a maker's part of a trade; prices are the fair one and the one it quoted around, ticks."""
    fair_ticks, reference_ticks = prices
    receive(provider, kind, change, fee, fair_ticks, units)
    captured = _capture(change, fee, fair_ticks, reference_ticks, units)
    add(provider, SPREAD_CAPTURE + kind, captured.spread_capture)
    add(provider, ADVERSE_SELECTION + kind, captured.adverse_selection)


@part
def move(ledger, agent, amounts, units):
    """Let an agent receive tokens."""
    add(ledger, 2 * agent, amounts.base)
    add(ledger, 2 * agent + 1, amounts.quote * units.quote)


@part
def book_taker(ledger, kind, taker, fair_ticks, units):
    """Book what a taker received; an arbitrageur is rid of it outside, at the fair price (Ledger.book)."""
    move(ledger, kind, taker, units)
    if kind == ARBITRAGE:
        money = -taker.base * (fair_ticks * units.base_tick)
        add(ledger, 2 * ARBITRAGEUR, -taker.base)
        add(ledger, 2 * ARBITRAGEUR + 1, -money)
        add(ledger, 2 * OUTSIDE, taker.base)
        add(ledger, 2 * OUTSIDE + 1, money)


@part
def book_gas(ledger, taker, gas, units):
    """Let a taker pay quote token units for a transaction."""
    cost = gas * units.quote
    add(ledger, 2 * taker + 1, -cost)
    add(ledger, 2 * GAS + 1, cost)


@part
def pay_gas(provider, ledger, gas, units):
    """Let a provider pay quote token units for its own transactions (Ledger.pay_gas)."""
    cost = gas * units.quote
    add(provider, CASH, -cost)
    add(provider, PAID_GAS, cost)
    add(ledger, 2 * GAS + 1, cost)
