"""The simulation of stale quotes, and its limits; the laws themselves are tested as theorems."""

import math

import pytest
from quadrature import integrate, normal_density

from compare.errors import InputError
from compare.staleness import passive_share, requoting_share, simulate_staleness


@pytest.mark.parametrize("random_looks", [True, False])
def test_without_a_spread_both_lose_all_of_it(*, random_looks: bool) -> None:
    """At a half-spread of nothing the share is one, for pool and maker, at random and at fixed times."""
    assert passive_share(0.0, random_looks=random_looks) == pytest.approx(1, rel=1e-15)
    assert requoting_share(0.0, random_looks=random_looks) == pytest.approx(1, rel=1e-15)


@pytest.mark.parametrize("half_spread", [0.1, 0.5, 1.0, 3.0])
def test_o51_a_requoting_maker_loses_the_option_on_one_move(half_spread: float) -> None:
    """Both laws are E[(|move| - c)^+ ^2], for a normal and for a Laplace move of variance one, by quadrature."""

    def tail(density: float, move: float) -> float:
        return 2 * density * (move - half_spread) ** 2

    fixed = integrate(lambda move: tail(normal_density(move), move), half_spread, half_spread + 12)
    root = math.sqrt(2)
    random = integrate(lambda move: tail(math.exp(-root * move) / root, move), half_spread, half_spread + 40)
    assert requoting_share(half_spread, random_looks=False) == pytest.approx(fixed, rel=1e-10)
    assert requoting_share(half_spread) == pytest.approx(random, rel=1e-10)


def test_a_wider_spread_loses_less_and_requoting_less_than_standing_still() -> None:
    """Both laws fall, and the maker's is below the pool's everywhere."""
    widths = [k / 10 for k in range(1, 40)]
    for random_looks in (True, False):
        pool = [passive_share(width, random_looks=random_looks) for width in widths]
        maker = [requoting_share(width, random_looks=random_looks) for width in widths]
        assert pool == sorted(pool, reverse=True)
        assert maker == sorted(maker, reverse=True)
        assert all(one < other for one, other in zip(maker, pool, strict=True))


def test_a_seed_gives_the_same_simulation() -> None:
    """The same seed gives the same numbers, another gives others."""
    assert simulate_staleness(1.0, runs=3, looks=10, seed=1) == simulate_staleness(1.0, runs=3, looks=10, seed=1)
    assert simulate_staleness(1.0, runs=3, looks=10, seed=1) != simulate_staleness(1.0, runs=3, looks=10, seed=2)


@pytest.mark.parametrize(("runs", "looks", "width"), [(1, 10, 1.0), (2, 0, 1.0), (2, 10, -1.0), (2, 10, math.nan)])
def test_numbers_out_of_range_are_refused(runs: int, looks: int, width: float) -> None:
    """One run has no standard error, no look no loss, and a half-spread is zero or more."""
    with pytest.raises(InputError, match=r"runs|half_spread"):
        simulate_staleness(width, runs=runs, looks=looks, seed=1)
