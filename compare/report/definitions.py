"""The definitions that a report quotes: rows of the project's page of definitions, word for word."""

from __future__ import annotations

from typing import NamedTuple


class Definition(NamedTuple):
    """One printed number; code stands between backquotes.

    Attributes:
        printed: What the page prints it as.
        formula: What it is.
        meaning: What it means; "" where the formula says it.
    """

    printed: str
    formula: str
    meaning: str = ""


NOTATION = (
    "Money is in quote tokens. S fair price. t time. A provider holds Q base tokens and K quote tokens; its endowment "
    "is Q0, K0. In one trade it receives dx base and dy quote, fees included; of these fx and fy are fee income. Sums "
    "run over its trades, or over the moves dS of the fair price. `S_T` is the last price."
)
DEFINITIONS = {
    "profit_and_loss": Definition(
        "profit and loss", "`S_T Q + K - (S_0 Q0 + K0)`", "wealth at the end less wealth at the start"
    ),
    "hodl": Definition("HODL", "`Q0 (S_T - S_0)`", "what leaving the endowment alone earns"),
    "beyond_hodl": Definition("profit beyond HODL", "`S_T (Q - Q0) + K - K0`", "the first less the second"),
    "hedged_profit": Definition(
        "profit hedged",
        "`sum of edge - gas`",
        "what is left when the provider's holdings are hedged at the fair price all the time",
    ),
    "edge": Definition(
        "edge", "`S dx + dy`", "what the provider gains in one trade, both tokens at the fair price of the moment"
    ),
    "fees": Definition("fees", "`S_T sum fx + sum fy`", "fee income, marked at the end"),
    "lvr": Definition(
        "loss versus rebalancing (LVR)",
        "`sum of (S (dx - fx) + (dy - fy))`, printed with its sign",
        "what the curve's trades lost against the fair price of their moment; noise traders can make it positive",
    ),
    "rebalancing": Definition(
        "rebalancing beyond HODL",
        "`sum of (x - Q0) dS`",
        "what the curve's holdings x (fees left out) earned as the price moved, beyond the endowment's",
    ),
    "impermanent_loss": Definition(
        "impermanent loss",
        "`LVR + rebalancing beyond HODL`",
        "position without its fees, less HODL; the identity IL = LVR + rebalancing is exact on every path",
    ),
    "upkeep": Definition(
        "gas and upkeep",
        "gas, and trades with the outside",
        "what moving a position, or hedging a just-in-time bundle, has cost",
    ),
    "spread_capture": Definition(
        "spread capture",
        "`sum of (m dx + dy - fy)`",
        "what fills gain against m, the fair price the maker quoted around",
    ),
    "rebates": Definition("maker rebates", "`sum of fy`", "what the venue paid per fill; a maker fee is negative"),
    "adverse_selection": Definition(
        "adverse selection",
        "`sum of (S - m) dx`",
        "the move of the fair price between quote and fill, against the maker",
    ),
    "inventory": Definition(
        "inventory beyond HODL",
        "`sum of (Q - Q0) dS`",
        "what its holdings earned as the price moved, beyond the endowment's",
    ),
    "volume": Definition("volume", "`sum of S times the base traded`, by kind of taker"),
    "edge_bps": Definition("`*_edge_bps`", "edge by kind of taker, per volume of that kind, basis points"),
    "profit_bps": Definition("`hedged_bps`, `beyond_hodl_bps`", "the profit per volume, basis points"),
    "capital": Definition(
        "`capital`, `position`",
        "what a provider has of its own at the start, and what it brings: position is leverage times capital, the rest "
        "borrowed quote tokens without interest",
    ),
    "profit_apr": Definition(
        "`hedged_apr`, `beyond_hodl_apr`", "the profit per capital (what is one's own) and year of 365 days"
    ),
    "peak_locked_capital": Definition(
        "`peak_locked_capital`",
        "the least endowment, at the first price, with which the provider could have made its trades: all of it in a "
        "pool; of a maker's, the most base and the most quote that its trades had ever taken out",
    ),
    "profit_apr_on_locked": Definition(
        "`hedged_apr_on_locked`, `beyond_hodl_apr_on_locked`", "the profit per peak locked capital and year"
    ),
    "markout": Definition(
        "markout at a horizon h",
        "`S(t + h) dx + dy`, summed by kind of taker; at h = 0 it is the edge, beyond the end of the path the last "
        "price counts",
    ),
    "toxic_share": Definition("`toxic_share`", "share of volume whose markout at 10 s is negative"),
    "break_even_noise_volume": Definition(
        "`break_even_noise_volume`",
        "the noise volume at which the hedged profit is zero if the rest stays as it was: noise volume times what "
        "others took, over the noise edge. For a pool a little low, because noise also displaces the pool",
    ),
    "fees_over_lvr": Definition("`fees_over_lvr`", "accrued fees over LVR"),
    "realised_over_implied_volatility": Definition(
        "`realised_over_implied_volatility`",
        "root of LVR over accrued fees: the path's volatility over the one at which LVR would have "
        "eaten the fees, because LVR grows with its square; pools only",
    ),
    "trade_probability": Definition(
        "`trade_probability`",
        "share of the arbitrageur's looks (one each block time) at which it traded in the provider's venue",
    ),
    "effective_spread_bps": Definition(
        "`effective_spread_bps`",
        "twice what noise takers paid in the venue, both tokens at the fair price of the moment, "
        "venue fees included, per volume",
    ),
    "realised_spread_bps": Definition(
        "`realised_spread_bps`, `price_impact_bps`",
        "the same at the fair price 10 s later, and the effective spread less that",
    ),
    "abandonment_rate": Definition(
        "`abandonment_rate`",
        "share of the noise takers' demand, at the fair price when it came, that was not traded in the venue",
    ),
    "shortfall_bps": Definition(
        "`shortfall_bps`",
        "implementation shortfall of the noise takers: what they paid, and what the price did "
        "within 5 minutes to what they wanted and did not get, per demand; `_small`, `_medium`, "
        "`_large` are the thirds of the orders by size",
    ),
    "fill_rate": Definition("`fill_rate`", "orders of the tape that traded at all, over all orders"),
    "hedged_sharpe": Definition(
        "`hedged_sharpe`",
        "mean over standard deviation of the hedged profit's steps between samples, times the root of the steps in a "
        "year",
    ),
    "max_drawdown": Definition(
        "`max_drawdown`, `hedged_max_drawdown`",
        "largest fall from a running maximum, of profit beyond HODL and of hedged profit, at the samples",
    ),
    "hedged_cvar": Definition(
        "`hedged_cvar`",
        "conditional value at risk: the mean of the worst twentieth of the hedged profit's steps between samples",
    ),
    "days_to_recover": Definition(
        "`days_to_recover`",
        "the longest time that profit beyond HODL stayed below its running maximum, to the end if it never came back",
    ),
    "inventory_half_life_seconds": Definition(
        "`inventory_half_life_seconds`",
        "in what time a deviation of the base held from its mean halves: from the correlation r of "
        "neighbouring samples, `-ln 2 / ln r` steps",
    ),
    "lowest_equity": Definition(
        "`lowest_equity`",
        "capital plus profit and loss, the lowest over the samples; below zero, the provider would have been "
        "liquidated",
    ),
    "inventory_deviation": Definition(
        "`inventory_deviation`", "standard deviation over the samples of the base tokens held"
    ),
    "time_quoting": Definition(
        "`time_quoting`",
        "share of samples at which takers are offered anything (for a liquidity provider: time in range)",
    ),
    "mean_depth": Definition(
        "`mean_depth`",
        "base tokens that takers could buy, or sell, within 2 % of the fair price, the smaller of both; mean over the "
        "samples",
    ),
    "depth_half_life_seconds": Definition(
        "`depth_half_life_seconds`",
        "in what time a deviation of that depth from its mean halves, as for the base held; recovery quicker than the "
        "samples are apart is not seen, so ask for more of them (`replay(samples=...)`)",
    ),
    "kyle_lambda": Definition(
        "`kyle_lambda`",
        "two percent of the mean fair price over `mean_depth`: by how much a taker moves the "
        "venue's price per base token; over the price it is Amihud's ratio",
    ),
    "arbitrage_edge": Definition(
        "`arbitrage_edge`",
        "with `run.split_arbitrage`: the edge against arbitrageurs in two parts that add up "
        "exactly. `price_path` is that edge in a second run of the same setting without noise "
        "takers, `noise` is the rest: noise displaces a pool, takes quotes before the arbitrageur "
        'does, and moves inventories. Printed as "arbitrage that ... causes"',
    ),
}
"""By the key that a result has for the number."""
WHO_PAYS_WHOM = (
    "Who pays whom: every transfer at the fair price of its trade, payer by payer. What a provider gains there is its "
    "hedged profit, and everyone's gains together are zero."
)
IDENTITIES = (
    "`P&L = sum Q dS + sum edge - gas`.",
    "`P&L - HODL = fees + IL - upkeep`, and 2b `fees accrued + sum (fees held) dS = fees marked at the end`.",
    "`P&L of what trades = sum x dS - LVR`.",
    "`IL = sum (x - Q0) dS - LVR`.",
    "`P&L of a maker = spread capture + rebates + adverse selection + sum Q dS - upkeep`.",
    "All agents together hold what was brought: providers, takers, arbitrageurs and their hedges, venues, gas, dust.",
    (
        "Arbitrage loss = what the price path alone causes + what noise displacement causes, by a second run without "
        "noise."
    ),
    "No venue owes more than it holds; the difference is the dust of its roundings.",
)
"""Numbered from 1."""
