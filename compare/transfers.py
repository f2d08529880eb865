"""Who pays whom: the trades of a world as wealth that passes between its parties.

In every trade a taker faces everyone else: providers, the venue, the rounding dust, the gas. Each amount is valued at
the fair price of that moment, so a trade moves wealth and makes none; what holdings earn as the price moves later is
no transfer and is left out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from compare.ledger import TAKER_OF, Agent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compare.ledger import Ledger, Trade
    from compare.provider_book import Amounts

_NAMES = {
    Agent.NOISE: "noise takers",
    Agent.INFORMED: "informed takers",
    Agent.ARBITRAGEUR: "arbitrageur",
    Agent.VENUE: "venue",
    Agent.GAS: "gas",
    Agent.DUST: "rounding dust",
    Agent.OUTSIDE: "outside market",
}
_BEFORE_PROVIDERS = (Agent.NOISE, Agent.INFORMED)


class Party(NamedTuple):
    """Someone in a world: a provider by its name, or one of the others.

    Attributes:
        name: What a person calls it.
        agent: Which of the others it is; None for a provider.
    """

    name: str
    agent: Agent | None = None


@dataclass(frozen=True, slots=True)
class Transfers:
    """Wealth that passed between the parties of one world, wealth units.

    Attributes:
        parties: Everyone who gave or got anything: takers, providers, and where it went.
        paid: By (payer, receiver), what passed less what came back; above zero.
        gains: By party, what it gained in all, summed from its own side of each trade; a provider's is its hedged
            profit.
    """

    parties: tuple[Party, ...]
    paid: dict[tuple[Party, Party], int]
    gains: dict[Party, int]

    @classmethod
    def of(cls, world: Ledger) -> Transfers:
        """Return the transfers of a world whose trades are done."""
        flows: defaultdict[tuple[Party, Party], int] = defaultdict(int)
        gains: defaultdict[Party, int] = defaultdict(int)
        for trade in world.trades:
            taker = _party(TAKER_OF[trade.kind])
            gains[taker] += _at_fair(world, trade, trade.taker) - world.market.cash(trade.gas)
            for party, gain in _others(world, trade):
                flows[taker, party] += gain
                gains[party] += gain
        gas = _party(Agent.GAS)
        for name, book in world.providers.items():
            flows[Party(name), gas] += book.sums.gas
            gains[Party(name)] -= book.sums.gas
            gains[gas] += book.sums.gas
        net = {(a, b) if flow > 0 else (b, a): abs(flow) for (a, b), flow in flows.items() if flow}
        moved = {party for pair in net for party in pair}
        parties = tuple(party for party in _everyone(world) if party in moved)
        return cls(parties, net, {party: gains[party] for party in parties})

    @property
    def residual(self) -> int:
        """What everyone gained together: zero, or the trades were booked wrongly."""
        return sum(self.gains.values())


def _party(agent: Agent) -> Party:
    return Party(_NAMES[agent], agent)


def _everyone(world: Ledger) -> list[Party]:
    takers = [_party(agent) for agent in _BEFORE_PROVIDERS]
    rest = [_party(agent) for agent in Agent if agent not in _BEFORE_PROVIDERS]
    return [*takers, *map(Party, world.providers), *rest]


def _others(world: Ledger, trade: Trade) -> Iterator[tuple[Party, int]]:
    """Yield what everyone but the taker gained in a trade."""
    for share in trade.shares:
        yield Party(share.name), _at_fair(world, trade, share.change)
    yield _party(Agent.VENUE), _at_fair(world, trade, trade.venue)
    yield _party(Agent.DUST), _at_fair(world, trade, trade.dust)
    yield _party(Agent.GAS), world.market.cash(trade.gas)


def _at_fair(world: Ledger, trade: Trade, amounts: Amounts) -> int:
    return world.market.cash(amounts.quote) + world.market.value(amounts.base, trade.fair_ticks)
