"""Uniswap v3: state as data, transitions as functions, and the pool as a thin object on top."""
