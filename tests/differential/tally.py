"""How many transactions were compared with the contracts: counted here, so that any test run can say so."""

PROPERTY = "transactions compared with the mainnet contracts"
"""Under which name a test reports its part."""

_counts = {PROPERTY: 0}


def count() -> None:
    """One more."""
    _counts[PROPERTY] += 1


def total() -> int:
    """All in this process so far."""
    return _counts[PROPERTY]
