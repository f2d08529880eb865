"""What one step does to a path: one random word, and integers; on numpy arrays, or compiled, on numbers.

Random words are the outputs of SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
generators"), whose n-th word is a function of n: any path can be drawn from any step on. One word decides a step:
31 of its bits whether the bid fills, 31 others whether the ask does, and one where the mid price goes.
"""

from typing import Any, Final, NamedTuple

import numpy as np

GAMMA: Final = 0x9E37_79B9_7F4A_7C15
"""From one counter to the next."""
WORD: Final = 2**64
CERTAIN: Final = 2**31
"""The share of words below which a side fills, where it fills for certain."""

_FIRST, _SECOND = np.uint64(0xBF58_476D_1CE4_E5B9), np.uint64(0x94D0_49BB_1331_11EB)
_SHIFT_30, _SHIFT_27, _SHIFT_31 = np.uint64(30), np.uint64(27), np.uint64(31)
_BID_SHIFT, _ASK_SHIFT, _SHARE = np.uint64(33), np.uint64(2), np.uint64(CERTAIN - 1)
_ZERO, _ONE = np.uint64(0), np.uint64(1)


class Step(NamedTuple):
    """What a step changes; each an int64, or an array of them."""

    inventory: Any
    """Afterwards."""
    fills: Any
    """Of both sides together."""
    outcome: Any
    """1 for a fill of the bid, 2 for one of the ask, 3 for both, else 0."""
    swing: Any
    """The inventory afterwards, with the sign of the move of the mid price."""
    impact: Any
    """The change of the inventory, times the inventory afterwards."""


def mixed(counter: Any) -> Any:  # noqa: ANN401 - a uint64 or an array of them
    """SplitMix64's word for a counter, which is a uint64 or an array of them."""
    word = (counter ^ (counter >> _SHIFT_30)) * _FIRST
    word = (word ^ (word >> _SHIFT_27)) * _SECOND
    return word ^ (word >> _SHIFT_31)


def step_of(word: Any, inventory: Any, bid_share: Any, ask_share: Any) -> Step:  # noqa: ANN401 - the same
    """Fill and move.

    Args:
        word: random, uint64.
        inventory: before, int64.
        bid_share: of the words, in 2**-31: the probability that the bid fills; uint64.
        ask_share: the ask's.
    """
    bought = (word >> _BID_SHIFT < bid_share) * 1
    sold = (word >> _ASK_SHIFT & _SHARE < ask_share) * 1
    after = inventory + bought - sold
    sign = (word & _ONE != _ZERO) * 2 - 1
    return Step(after, bought + sold, bought + 2 * sold, after * sign, (bought - sold) * after)
