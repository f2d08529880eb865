"""Closed forms of automated market making, in floats, beside the exact integer model.

These are the formulas an analyst writes down: continuous amounts, no rounding, no ticks. They state what the exact
model must come close to, and the tests hold the two together. Nothing here touches a pool, and the exact core never
calls anything here.

One subject a module:

* `constant_product`: swaps, arbitrage and impermanent loss of x * y = k.
* `concentrated`: holdings, value, impermanent loss and depth of a position between two prices.
* `options`: the same position as a strip of options, its expected value and its expected time in range.
* `loss_versus_rebalancing`: what arbitrage takes from a pool without fees.
* `fees_and_blocks`: what is left of that with fees, blocks and gas.
* `routing`: arbitrage through ranges of liquidity, one order over two pools.
* `just_in_time`: liquidity minted around one swap.
* `loss_study`: the published totals of the first study of v3 positions.

Throughout, a price is in token1 per token0, so token1 is the numeraire; a fee is a fraction of the input (0.003 is 30
bp); volatility is per square root of the unit in which time is measured; variance is volatility squared times time,
without a unit.
"""
