"""A number of any size, written for a table."""


def number_text(value: float) -> str:
    """Write four decimals, and more digits where those would show too few.

    >>> number_text(64.89251), number_text(0.00012345)
    ('64.8925', '0.0001234')
    """
    return f"{value:.4f}" if not value or abs(value) >= 1 else f"{value:.4g}"
