"""The compiled comparison: worlds in arrays, and the loops that live through a path and a tape in them.

`records` says how a world stands in memory. `clock` finds the next event as `compare.clocks.Timeline` orders them, one
at a time, so that no list of them is ever made. `books` books trades with the functions of `compare.booking`.
`pool_world`, `pair_world` and `book_world` are the loops, on top of the swaps of `amm._compiled` and of the quotes in
`quotes`. `pool_memory`, `pair_memory` and `book_memory` carry a plain world into arrays and back, `world_clock` the
clocks and the path; `worlds` lives through them.
"""
