"""Published totals of v3 positions: what they earned in fees and lost to price moves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LossStudy:
    """Totals over many pools, in millions of US dollars.

    Attributes:
        source: authors, year and where it can be read.
        pools: number of pools.
        days: length of the period.
        fees: fees earned.
        impermanent_loss: value lost against holding, at most zero.
        volume: traded volume.
    """

    source: str
    pools: int
    days: int
    fees: float
    impermanent_loss: float
    volume: float

    @property
    def net(self) -> float:
        """Fees and impermanent loss together."""
        return self.fees + self.impermanent_loss

    @property
    def loss_over_fees(self) -> float:
        """Size of the loss over fees: above one, providers would have done better holding."""
        return -self.impermanent_loss / self.fees

    @property
    def mean_fee_bps(self) -> float:
        """Fees over volume, in basis points."""
        return self.fees / self.volume * 10_000


# 5 May to 20 September 2021; the volume is the round number of the source, "over 100 billion".
LOESCH_2021 = LossStudy(
    source="Loesch, Hindman, Richardson and Welch, Impermanent Loss in Uniswap v3 (2021), arXiv 2111.09192",
    pools=17,
    days=138,
    fees=199.3,
    impermanent_loss=-260.1,
    volume=100_000.0,
)
