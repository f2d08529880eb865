"""The compiled engine: the functions of this package, run by numba on arrays. Nothing else imports numba.

`translation` compiles a plain function as it stands; `wide_type` and `operators` give the compiler the 256-bit integers
that it needs for that, `division` their quotients, and `second_bodies` the few primitives that have another body there.
`v3_swaps` is the swap loop over a pool in arrays (`pool_arrays`); `swap_batch` is what `amm.batch` calls.
"""
