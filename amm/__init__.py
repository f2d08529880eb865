"""Automated market makers in exact integers: Uniswap v2 and v3 as the contracts compute them."""
