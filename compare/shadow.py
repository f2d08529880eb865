"""What noise has to do with arbitrage: the same run without noise, and the difference (identity 7).

Noise moves a pool away from the fair price and an arbitrageur moves it back, at the providers' expense. A quote in a
book that noise has taken, on the other hand, can no longer be picked off. So what a provider loses to arbitrage is not
what the price path alone would have cost it. A second run of the same providers on the same path, with the noise left
out, says what that would have been; the rest is the noise's doing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Unpack

from compare.errors import InputError
from compare.provider_book import FlowKind
from compare.run import ReplayOptions, replay
from compare.tape import TakerKind
from compare.tape_file import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from fractions import Fraction

    from compare.paths import PricePath
    from compare.result import Comparison
    from compare.tape import TakerTape
    from compare.world import Provider


@dataclass(frozen=True, slots=True)
class ArbitrageSplit:
    """One provider's edge against arbitrageurs, in two parts, wealth units (a loss is <= 0).

    Attributes:
        path: What the price path alone causes.
        noise: What noise adds: it displaces a pool, takes quotes before the arbitrageur does, and moves inventories.
    """

    path: int
    noise: int

    @property
    def edge(self) -> int:
        """Both parts: the provider's whole edge against arbitrageurs."""
        return self.path + self.noise

    def summary(self, quote: Callable[[int], float]) -> dict[str, float | str]:
        """Return both parts for JSON: in quote tokens, and as exact wealth units in text.

        Args:
            quote: Wealth units to quote tokens.
        """
        return {
            "price_path": quote(self.path),
            "noise": quote(self.noise),
            "price_path_exact": str(self.path),
            "noise_exact": str(self.noise),
        }


def without_noise(tape: TakerTape) -> TakerTape:
    """Return the tape's other orders."""
    kept = tape.kind != TakerKind.NOISE
    columns = {key: getattr(tape, key)[kept] for key in COLUMNS}
    return replace(
        tape, **columns, name=f"{tape.name} without noise", description=f"{tape.description}; noise left out"
    )


def replay_with_shadow(
    path: PricePath,
    tape: TakerTape,
    providers: Sequence[Provider],
    *,
    capital: Fraction | int | str,
    **options: Unpack[ReplayOptions],
) -> Comparison:
    """Replay with the noise and without it, and return the first run with its arbitrage told apart.

    Args:
        path: The fair price.
        tape: The takers.
        providers: Who takes part.
        capital: Quote tokens each provider starts with, in value.
        **options: Those of `replay`; its progress counts both runs.

    Raises:
        InputError: As `replay`.
        LedgerError: As `replay`.
    """
    result = replay(path, tape, providers, capital=capital, **_part(options, 0))
    shadow = replay(path, without_noise(tape), providers, capital=capital, **_part(options, 1))
    return replace(result, arbitrage=split_arbitrage(result, shadow))


def _part(options: ReplayOptions, number: int) -> ReplayOptions:
    """Return the options of one of the two runs: its progress is half of both."""
    progress = options.get("progress")
    if progress is None:
        return options
    part: ReplayOptions = {**options, "progress": lambda done, total: progress(number * total + done, 2 * total)}
    return part


def split_arbitrage(result: Comparison, shadow: Comparison) -> dict[str, ArbitrageSplit]:
    """Return each provider's arbitrage in parts, by the provider's name.

    Args:
        result: A run.
        shadow: The same run on `without_noise` of its tape.

    Raises:
        InputError: The second run differs in more than the noise; it names what differs.
    """
    for what, here, there in _settings(result, shadow):
        if here != there:
            problem = f"the {what} is not that of the run"
            raise InputError(problem, source="shadow", remedy="replay the same setting on without_noise(tape)")
    return {
        one.name: _split(one.book.sums.edge[FlowKind.ARBITRAGE], shadow[one.name].book.sums.edge[FlowKind.ARBITRAGE])
        for one in result.providers
    }


def _settings(result: Comparison, shadow: Comparison) -> list[tuple[str, object, object]]:
    """Return what must be equal: its name, and both runs' own."""
    same = ("path", "market", "clocks", "mode", "capital", "gas", "rule", "leverage", "lags_ns")
    here, there = ([(one.name, one.setting) for one in run.providers] for run in (result, shadow))
    return [
        *((key, getattr(result, key), getattr(shadow, key)) for key in same),
        ("tape", without_noise(result.tape), shadow.tape),
        ("set of providers", here, there),
    ]


def _split(edge: int, path: int) -> ArbitrageSplit:
    return ArbitrageSplit(path, edge - path)
