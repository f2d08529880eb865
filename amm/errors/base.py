"""What every error of the package is built from, and the errors that no contract knows."""

from typing import ClassVar, dataclass_transform


class AmmError(Exception):
    """Root of everything this package raises on purpose."""


@dataclass_transform(eq_default=False)
class _ValuedError(AmmError):
    """An error that is one rule and the values that break it: a subclass names them by annotation."""

    rule: ClassVar[str] = ""
    _names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._names = cls._names + tuple(cls.__annotations__)

    def __init__(self, *values: object) -> None:
        super().__init__(*values)
        for name, value in zip(self._names, values, strict=True):
            setattr(self, name, value)

    def __str__(self) -> str:
        """Say the rule and the values."""
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._names)
        return f"{self.rule} ({values})" if values else self.rule


class ArgumentError(_ValuedError, ValueError):
    """An argument that the contract's own types could not hold, or that makes no pool."""

    name: str
    value: object
    expected: str

    def __str__(self) -> str:
        """Say which argument, what it must be, and what it is."""
        return f"{self.name} must be {self.expected}, not {self.value!r}"


class RevertError(_ValuedError):
    """The contract reverts: `reason` is its own string, empty where it gives none."""

    reason = ""

    def __str__(self) -> str:
        """Say the contract's reason, the rule and the values."""
        text = super().__str__()
        return f"{self.reason}: {text}" if self.reason else text


class SnapshotError(_ValuedError, ValueError):
    """A snapshot that cannot be read: `key` is the path of the entry at fault."""

    key: str
    problem: str

    def __str__(self) -> str:
        """Say which entry, and what is wrong with it."""
        return f"snapshot entry {self.key!r}: {self.problem}"


def check_int(name: str, value: int, low: int, high: int) -> None:
    """Accept a plain `int` from `low` to `high`, both included.

    Floats and fixed-width integers are refused because they would lose digits without a word; `bool` because it is
    never an amount.

    Raises:
        ArgumentError: if `value` is anything else.
    """
    if type(value) is not int:
        raise ArgumentError(name, value, "a plain int")
    if not low <= value <= high:
        raise ArgumentError(name, value, f"from {low} to {high}")
