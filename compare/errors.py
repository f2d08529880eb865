"""Errors of the comparator: every one says what was wrong, where, and what would be right."""

import os


class CompareError(Exception):
    """Root of every error that the comparator raises on purpose."""


class InputError(CompareError, ValueError):
    """A file, a row, a key or an argument that a person gave cannot be used.

    Attributes:
        problem: What is wrong, with the offending value.
        source: The file or the object at fault; "" where there is none.
        place: The line, row, column or key inside the source; "" where there is none.
        remedy: What would be right; "" where the problem says it already.

    >>> print(InputError("the price is -1.0", source="eth.csv", place="line 3", remedy="a price is positive"))
    eth.csv, line 3: the price is -1.0; a price is positive
    """

    def __init__(self, problem: str, *, source: str | os.PathLike[str] = "", place: str = "", remedy: str = "") -> None:
        """Keep the parts, so that a caller can show them apart."""
        self.problem = problem
        self.source = os.fspath(source)
        self.place = place
        self.remedy = remedy
        super().__init__(problem)

    def __str__(self) -> str:
        """Where, what, and what would be right, on one line."""
        where = ", ".join(part for part in (self.source, self.place) if part)
        located = f"{where}: {self.problem}" if where else self.problem
        return f"{located}; {self.remedy}" if self.remedy else located


class NotCompiledError(CompareError):
    """The compiled comparison was asked for, and cannot do what was asked; the plain one can.

    Attributes:
        reason: What it cannot do.
    """

    def __init__(self, reason: str) -> None:
        """Name it."""
        super().__init__(f"the compiled comparison cannot do this: {reason}; run it on the plain engine")
        self.reason = reason


class LedgerError(CompareError):
    """The books do not close: a defect of this program, never of its input."""
