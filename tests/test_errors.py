"""What an error says and carries."""

import copy
import inspect
import pickle

import pytest

from amm import AmmError, ArgumentError, RevertError, errors
from amm.errors import PoolLockedError, TickOrderError, check_int

REVERTS = [
    error
    for _, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, RevertError) and error is not RevertError
]


def test_a_revert_carries_reason_and_values() -> None:
    """The contract's own string, the values as attributes, and both in the message."""
    error = TickOrderError(60, -60)
    assert (error.reason, error.tick_lower, error.tick_upper) == ("TLU", 60, -60)
    assert str(error) == "TLU: tick_lower must be below tick_upper (tick_lower=60, tick_upper=-60)"
    assert str(PoolLockedError()).startswith("LOK: ")


@pytest.mark.parametrize("error", REVERTS, ids=lambda error: error.__name__)
def test_every_revert_can_be_raised_and_sent(error: type[RevertError]) -> None:
    """Each class takes its values, states its rule, and survives copying and pickling, as between processes."""
    values = list(range(len(error._names)))
    raised = error(*values)
    assert isinstance(raised, AmmError)
    assert error.rule in str(raised)
    for twin in (copy.copy(raised), pickle.loads(pickle.dumps(raised))):  # noqa: S301  # our own bytes
        assert type(twin) is error
        assert str(twin) == str(raised)
        assert twin.args == tuple(values)


@pytest.mark.parametrize("value", [1.0, True, "1", None])
def test_only_plain_integers_are_accepted(value: object) -> None:
    """A float or a flag is no amount, whatever its value."""
    with pytest.raises(ArgumentError, match="amount must be a plain int"):
        check_int("amount", value, 0, 10)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize("value", [-1, 11])
def test_an_integer_out_of_range_is_refused(value: int) -> None:
    """The message names the argument, the range and the value, and the class is a ValueError too."""
    with pytest.raises(ValueError, match=f"amount must be from 0 to 10, not {value}"):
        check_int("amount", value, 0, 10)
