"""What the ledger of a world holds, in arrays."""

import numpy as np

from amm.batch import to_limbs
from compare._compiled.records import AGENTS, KINDS, LEDGER, PROVIDER, SUMS, get_wide, set_wide
from compare.ledger import Ledger
from compare.provider_book import ProviderBook

_PLAIN_SUMS = ("inventory", "rebalancing", "fee_inventory", "gas")


class LedgerMemory:
    """What every agent of a world holds, and the units, in arrays.

    Attributes:
        record: One LEDGER.
    """

    def __init__(self, ledger: Ledger) -> None:
        """Copy the accounts."""
        self._plain, self.record = ledger, np.zeros(1, dtype=LEDGER)
        units = ledger.market.units
        set_wide(self.record, "quote", units.quote)
        set_wide(self.record, "base_tick", units.base_tick)
        for place, agent in enumerate(AGENTS):
            account = ledger.accounts[agent]
            for column, value in enumerate((account.base, account.cash)):
                self.record["agents"][0, place, column] = to_limbs([value])[0]

    def leave(self) -> None:
        """Make the plain accounts what the arrays say."""
        for place, agent in enumerate(AGENTS):
            account = self._plain.accounts[agent]
            account.base, account.cash = (get_wide(self.record, "agents", place, column) for column in (0, 1))


class Page:
    """One provider's page of the ledger, in arrays.

    Attributes:
        record: One PROVIDER.
    """

    def __init__(self, book: ProviderBook) -> None:
        """Copy the page."""
        self._plain, self.record = book, np.zeros(1, dtype=PROVIDER)
        page, sums = self.record, book.sums
        for prefix, account in (("", book.account), ("fee_", book.fee_income)):
            set_wide(page, f"{prefix}base", account.base)
            set_wide(page, f"{prefix}cash", account.cash)
        for name in _PLAIN_SUMS:
            set_wide(page, name, getattr(sums, name))
        for place, kind in enumerate(KINDS):
            page["trades"][0, place] = sums.trades.get(kind, 0)
            for name in SUMS:
                page[name][0, place] = to_limbs([getattr(sums, name).get(kind, 0)])[0]
        page["fair_ticks"] = book.fair_ticks

    def leave(self) -> None:
        """Make the plain page what the arrays say."""
        book, page = self._plain, self.record
        book.account.base, book.account.cash = get_wide(page, "base"), get_wide(page, "cash")
        book.fee_income.base, book.fee_income.cash = get_wide(page, "fee_base"), get_wide(page, "fee_cash")
        sums = book.sums
        for name in _PLAIN_SUMS:
            setattr(sums, name, get_wide(page, name))
        for place, kind in enumerate(KINDS):
            trades = int(page["trades"][0, place])
            if trades:
                sums.trades[kind] = trades
                for name in SUMS:
                    getattr(sums, name)[kind] = get_wide(page, name, place)
        book.fair_ticks = int(page["fair_ticks"][0])
