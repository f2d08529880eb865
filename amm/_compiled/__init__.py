"""The compiled engine: the functions of this package, run by numba on arrays. Nothing else imports numba.

`translation` compiles a plain function as it stands; `wide_type` and `operators` give the compiler the 256-bit integers
that it needs for that, `division` their quotients, and `second_bodies`, `step_bodies` and `pair_bodies` the primitives
that have another body there, each tested against its plain one. `v3_swaps` is the swap loop over a pool in arrays
(`pool_arrays`), `v3_positions` and `v3_events` add mints, burns and collects; `pair_swaps` is that over a v2 pair
(`pair_arrays`), and `pair_events` adds its mints and burns; `swap_batch`, `event_batch`, `pair_batch` and
`pair_event_batch` are what `amm.batch` calls.
"""
