"""compare.randomness: streams that share nothing, and an exponential with the same bits everywhere."""

import importlib
import math
import os
import subprocess
import sys
from decimal import Decimal, localcontext
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.errors import InputError
from compare.randomness import Stream, generator, portable_exp


def test_a_stream_is_a_spawned_child_of_the_seed() -> None:
    """Stream n of a seed is the n-th child that numpy's own spawning gives."""
    children = np.random.SeedSequence(42).spawn(len(Stream))
    for stream, child in zip(Stream, children, strict=True):
        expected = np.random.Generator(np.random.PCG64(child)).integers(2**62, size=4)
        assert (generator(42, stream).integers(2**62, size=4) == expected).all()


def test_streams_and_seeds_differ() -> None:
    """No two streams of three seeds, zero among them, begin alike."""
    first = [int(generator(seed, stream).integers(2**62)) for seed in (0, 1, 2**80) for stream in Stream]
    assert all(one != other for one, other in combinations(first, 2))


@pytest.mark.parametrize("seed", [-1, 1.0, True, None, "7"])
def test_what_is_no_seed_is_refused(seed: object) -> None:
    """A seed is an integer of zero or more, and there is no default."""
    with pytest.raises(InputError, match=r"seed: .* is not a whole number"):
        generator(seed, Stream.TAPE_SIDE)  # type: ignore[arg-type]  # that is what it refuses


@given(st.floats(-700, 700))
def test_portable_exp_is_within_two_units_of_the_last_place(exponent: float) -> None:
    """Against 40 digits of Decimal: at most two units in the last place away."""
    with localcontext() as context:
        context.prec = 40
        exact = Decimal(exponent).exp()
        error = abs(Decimal(float(portable_exp(np.array([exponent]))[0])) - exact)
    assert error <= 2 * Decimal(math.ulp(float(exact)))


def test_portable_exp_has_fixed_bits() -> None:
    """Golden bits: built of correctly rounded operations, it is the same on every machine."""
    values = portable_exp(np.array([-3.7, -1e-9, 0.0, 1e-3, 0.5, 20.25]))
    assert [value.hex() for value in values.tolist()] == [
        "0x1.9511fc6871044p-6",
        "0x1.fffffff768fa1p-1",
        "0x1.0000000000000p+0",
        "0x1.0041919b7ee34p+0",
        "0x1.a61298e1e069cp+0",
        "0x1.290d76d1966aap+29",
    ]


BITS = """
import hashlib, numpy
from compare.randomness import Stream, generator, portable_exp
normals = generator(1, Stream.PATH_DIFFUSION).standard_normal(100_000)
print(hashlib.sha256(portable_exp(normals).tobytes()).hexdigest())
"""


def test_an_older_processor_draws_the_same_bits() -> None:
    """With every vector instruction that numpy would choose at run time switched off, 100,000 draws are the same.

    numpy's own exponential is not: on one processor with AVX-512 it differs in about one value of ten.
    """
    core = importlib.import_module("numpy._core._multiarray_umath")  # the only place that lists them
    dispatched = " ".join(name for name in core.__cpu_dispatch__ if core.__cpu_features__[name])
    outputs = [
        subprocess.run(
            [sys.executable, "-c", BITS],
            env=os.environ | {"NPY_DISABLE_CPU_FEATURES": features},
            cwd=Path(__file__).parents[1],
            capture_output=True,
            check=True,
        ).stdout
        for features in ("", dispatched)
    ]
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) > 64


def test_portable_exp_leaves_the_range_of_doubles_quietly() -> None:
    """Too large is infinity and too small is zero, without a warning: the path refuses both by name."""
    assert portable_exp(np.array([1e4, -1e4])).tolist() == [math.inf, 0.0]
