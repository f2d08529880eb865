"""Who pays whom: every party from its own side, zero in all, and equal to the books."""

from fractions import Fraction

import pytest
from worlds import gbm, market_of, poisson, providers, run

from compare import Clocks, Comparison, Mode, PricePath, replay
from compare.clocks import SECOND_NS
from compare.just_in_time_provider import JustInTime
from compare.ledger import Agent
from compare.liquidity_provider import LiquidityProvider
from compare.transfers import Party, Transfers


def _routed_with_everyone() -> Comparison:
    """Every kind of payment: gas of both kinds, taker fees, dust, bundles, re-centring at a cost."""
    path = gbm(11, volatility=2.0)
    market = market_of(path)
    everyone = [
        LiquidityProvider("2%", 3_000, recentre=True, outside_cost_bps=2, gas=1.0),
        JustInTime(gas=0.5),
        *providers()[1:],
    ]
    tape = poisson(path, market, rate="200/h", mean_size=2)
    return replay(
        path,
        tape,
        everyone,
        market=market,
        capital=200_000,
        mode=Mode.ROUTED,
        gas=Fraction(1, 5),
        clocks=Clocks(36 * SECOND_NS, 24 * SECOND_NS),
        samples=20,
    )


RUNS = {"parallel": run(gas=Fraction(1, 10)), "routed": _routed_with_everyone()}
each_run = pytest.mark.parametrize("name", RUNS)


@each_run
def test_gains_add_up_to_nothing(name: str) -> None:
    """Identity 6 for trades alone: at the fair price of each trade all parties together gain zero, to the last unit."""
    for world in RUNS[name].worlds:
        assert Transfers.of(world).residual == 0


@each_run
def test_payments_explain_every_gain(name: str) -> None:
    """What a party was paid less what it paid is its gain, summed from its own side; payments are above zero."""
    for world in RUNS[name].worlds:
        transfers = Transfers.of(world)
        for party in transfers.parties:
            got = sum(amount for (_, receiver), amount in transfers.paid.items() if receiver == party)
            gave = sum(amount for (payer, _), amount in transfers.paid.items() if payer == party)
            assert got - gave == transfers.gains[party]
        assert all(amount > 0 for amount in transfers.paid.values())


@each_run
def test_a_provider_gains_its_hedged_profit(name: str) -> None:
    """The books keep the same number apart, as edge less gas."""
    for provider in RUNS[name].providers:
        sums = provider.book.sums
        gains = Transfers.of(provider.world).gains
        assert gains.get(Party(provider.name), 0) == sum(sums.edge.values()) - sums.gas


@each_run
def test_gas_and_hedged_arbitrage_are_what_the_ledger_holds(name: str) -> None:
    """Who holds no inventory has as its wealth what it gained in trades: the arbitrageur, hedged, and gas."""
    for world in RUNS[name].worlds:
        gains = Transfers.of(world).gains
        assert gains[Party("arbitrageur", Agent.ARBITRAGEUR)] == world.wealth(Agent.ARBITRAGEUR)
        assert gains.get(Party("gas", Agent.GAS), 0) == world.wealth(Agent.GAS)


def test_everyone_pays_someone_in_a_busy_world() -> None:
    """The routed run has all eight kinds of party, the venue and the dust among them."""
    transfers = Transfers.of(RUNS["routed"].worlds[0])
    names = {party.name for party in transfers.parties}
    assert names >= {"noise takers", "liquidity provider", "just-in-time provider", "market maker", "arbitrageur"}
    assert names >= {"venue", "gas", "rounding dust", "outside market"}


def test_at_a_constant_price_gains_are_wealth() -> None:
    """Without moves of the price, what everyone gained in trades is what everyone is richer by."""
    path = PricePath.constant(price=2_000, days=0.05)
    market = market_of(path)
    result = replay(path, poisson(path, market), providers(), market=market, capital=200_000, samples=5)
    for world in result.worlds:
        gains = Transfers.of(world).gains
        for party, agent in ((party, party.agent) for party in gains if party.agent not in {None, Agent.DUST}):
            assert agent is not None
            assert gains[party] == world.wealth(agent)


def test_a_provider_may_be_called_as_another_party_is() -> None:
    """A provider named as the gas is keeps an account of its own."""
    path = gbm()
    market = market_of(path)
    named = LiquidityProvider("5%", 500, name="gas")
    result = replay(path, poisson(path, market), [named], market=market, capital=200_000, gas=1, samples=5)
    gains = Transfers.of(result.worlds[0]).gains
    assert gains[Party("gas")] != gains[Party("gas", Agent.GAS)]
