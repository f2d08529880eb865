"""Prices drawn from a law: the constructors of a `PricePath` that read no data."""

from abc import ABC, abstractmethod
from functools import partial
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare import synthetic
from compare.durations import Duration, Instant, Rate
from compare.quantise import Exact

# A simulated path may fall to this share of its first price before seeds stop sharing one tick size.
_SIMULATED_SCALE = 0.1


class SimulatedPaths(ABC):
    """What can be drawn, by name; every law is exact at the times it is asked for (see `compare.synthetic`)."""

    @classmethod
    @abstractmethod
    def from_arrays(
        cls,
        times: ArrayLike,
        prices: ArrayLike,
        *,
        tick_size: Exact | None = None,
        scale: float | None = None,
        name: str = "",
        description: str = "",
    ) -> Self:
        """A path from arrays; `PricePath` says how."""

    @classmethod
    def gbm(
        cls,
        *,
        price: float,
        volatility: float,
        days: float,
        step: Duration = "12s",
        seed: int,
        drift: float = 0.0,
        start: Instant = 0,
        tick_size: Exact | None = None,
    ) -> Self:
        """Geometric Brownian motion.

        Args:
            price: First price, quote per base.
            volatility: Annual and relative (0.6 is 60 % a year), zero or more.
            days: Length; the last price is the last whole step in it.
            step: Time between prices.
            seed: An integer of zero or more.
            drift: Annual growth of the expected price.
            start: Time of the first price.
            tick_size: Quote per base; by default one power of ten for every seed (see
                `compare.quantise.choose_tick_size`).

        Raises:
            InputError: An argument outside these rules, or a tick size too coarse or too fine for the path.
        """
        law = partial(synthetic.gbm, price=price, volatility=volatility, drift=drift, seed=seed)
        return cls._simulated("GBM", law, days=days, step=step, start=start, tick_size=tick_size)

    @classmethod
    def ornstein_uhlenbeck(
        cls,
        *,
        price: float,
        volatility: float,
        half_life: Duration,
        mean: float | None = None,
        days: float,
        step: Duration = "12s",
        seed: int,
        start: Instant = 0,
        tick_size: Exact | None = None,
    ) -> Self:
        """Mean reversion: the logarithm of the price is an Ornstein-Uhlenbeck process around that of `mean`.

        By default `mean` is the first price; a displacement halves in `half_life` on average, and `volatility` is that
        of the noise, before reversion. Other arguments and errors are those of `gbm`.
        """
        law = partial(
            synthetic.ornstein_uhlenbeck,
            price=price,
            volatility=volatility,
            half_life=half_life,
            mean=price if mean is None else mean,
            seed=seed,
        )
        return cls._simulated("Ornstein-Uhlenbeck", law, days=days, step=step, start=start, tick_size=tick_size)

    @classmethod
    def jump(
        cls,
        *,
        price: float,
        volatility: float,
        jump_rate: Rate,
        jump_mean: float = 0.0,
        jump_volatility: float,
        days: float,
        step: Duration = "12s",
        seed: int,
        drift: float = 0.0,
        start: Instant = 0,
        tick_size: Exact | None = None,
    ) -> Self:
        """Merton's jump diffusion (1976); with a jump rate of zero it is the `gbm` of the same seed.

        Jumps arrive at `jump_rate`, such as "2/d"; the logarithm of each is normal with mean `jump_mean` and standard
        deviation `jump_volatility`. `volatility` is that between jumps, and `drift` the annual growth of the expected
        price, jumps included. Other arguments and errors are those of `gbm`.
        """
        law = partial(
            synthetic.jump,
            price=price,
            volatility=volatility,
            jump_rate=jump_rate,
            jump_mean=jump_mean,
            jump_volatility=jump_volatility,
            drift=drift,
            seed=seed,
        )
        return cls._simulated("jump diffusion", law, days=days, step=step, start=start, tick_size=tick_size)

    @classmethod
    def trend(
        cls,
        *,
        price: float,
        end_price: float,
        volatility: float = 0.0,
        days: float,
        step: Duration = "12s",
        seed: int,
        start: Instant = 0,
        tick_size: Exact | None = None,
    ) -> Self:
        """From `price` to `end_price`: straight in the logarithm, plus a Brownian bridge of `volatility`.

        Every seed ends at `end_price`, to the tick. Other arguments and errors are those of `gbm`.
        """
        law = partial(synthetic.trend, price=price, end_price=end_price, volatility=volatility, seed=seed)
        return cls._simulated("trend", law, days=days, step=step, start=start, tick_size=tick_size)

    @classmethod
    def constant(
        cls,
        *,
        price: float,
        days: float,
        step: Duration = "12s",
        start: Instant = 0,
        tick_size: Exact | None = None,
    ) -> Self:
        """A price that never moves; the arguments are those of `gbm`."""
        law = partial(synthetic.constant, price=price)
        return cls._simulated("constant", law, days=days, step=step, start=start, tick_size=tick_size)

    @classmethod
    def _simulated(
        cls,
        name: str,
        law: partial[NDArray[np.float64]],
        *,
        days: float,
        step: Duration,
        start: Instant,
        tick_size: Exact | None,
    ) -> Self:
        times = synthetic.time_grid(days, step, start)
        prices = law(times)
        about = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in law.keywords.items())
        return cls.from_arrays(
            times,
            prices,
            tick_size=tick_size,
            scale=float(prices[0]) * _SIMULATED_SCALE,
            name=name,
            description=f"{name}: {about}, {days} days by {step}",
        )
