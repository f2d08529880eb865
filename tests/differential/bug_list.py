"""The bugs to plant: each one line of the models, and the line that breaks it."""

from dataclasses import dataclass
from pathlib import Path


class BugError(Exception):
    """A bug that does not apply to the source, or a run that tells nothing."""


@dataclass(frozen=True)
class Bug:
    """Part of a line that stands in the file exactly once, and what takes its place."""

    file: str
    line: str
    broken: str

    def plant(self, root: Path) -> str:
        """Break the file under `root`, and return what it was.

        Raises:
            BugError: the line is not in the file exactly once.
        """
        path = root / self.file
        intact = path.read_text(encoding="utf-8")
        if intact.count(self.line) != 1:
            raise BugError(f"{self.file} has {intact.count(self.line)} times, not once: {self.line!r}")
        path.write_text(intact.replace(self.line, self.broken), encoding="utf-8")
        return intact

    def __str__(self) -> str:
        return f"{self.file}: {self.line.strip()!r} -> {self.broken.strip()!r}"


FULL_MATH = "amm/math/full_math.py"
TICK_MATH = "amm/math/tick_math.py"
SQRT_PRICE_MATH = "amm/math/sqrt_price_math.py"
SWAP_MATH = "amm/math/swap_math.py"
TICK_BITMAP = "amm/math/tick_bitmap.py"
LIQUIDITY_MATH = "amm/math/liquidity_math.py"
CONSTANT_PRODUCT = "amm/math/constant_product.py"
PAIR_SHARES = "amm/math/pair_shares.py"
TICK = "amm/uniswap_v3/tick.py"
POSITION = "amm/uniswap_v3/position.py"
SWAP = "amm/uniswap_v3/swap.py"
FLASH = "amm/uniswap_v3/flash.py"
COMMIT = "amm/uniswap_v3/commit.py"
ORACLE = "amm/uniswap_v3/oracle.py"
POOL = "amm/uniswap_v3/pool.py"
OWNER_ACTIONS = "amm/uniswap_v3/owner_actions.py"
GUARDS = "amm/uniswap_v3/guards.py"
PAYMENTS = "amm/uniswap_v3/payments.py"
CALLBACK = "amm/callback.py"
PAIR = "amm/uniswap_v2/pair.py"
SHARES = "amm/uniswap_v2/erc20.py"

BUGS = (
    # the maths
    Bug(FULL_MATH, "quotient = -(-a * b // denominator)", "quotient = a * b // denominator"),
    Bug(TICK_MATH, "return (ratio_x128 + 0xFFFFFFFF) >> 32", "return ratio_x128 >> 32"),
    Bug(TICK_MATH, "0x48A170391F7DC42444E8FA2,", "0x48A170391F7DC42444E8FA3,"),
    Bug(TICK_MATH, "0xFFFCB933BD6FAD37AA2D162D1A594001,", "0xFFFCB933BD6FAD37AA2D162E1A594001,"),
    Bug(
        TICK_MATH,
        "get_sqrt_ratio_at_tick(tick_high) > sqrt_price_x96",
        "get_sqrt_ratio_at_tick(tick_high) >= sqrt_price_x96",
    ),
    Bug(TICK_MATH, "sqrt_price_x96 >= MAX_SQRT_RATIO", "sqrt_price_x96 > MAX_SQRT_RATIO"),
    Bug(TICK_MATH, "_LOG2_STEPS: Final = 14", "_LOG2_STEPS: Final = 13"),
    Bug(SQRT_PRICE_MATH, "return div_rounding_up(scaled, sqrt_ratio_a_x96)", "return scaled // sqrt_ratio_a_x96"),
    Bug(SQRT_PRICE_MATH, "scaled = mul_div(liquidity << 96", "scaled = mul_div_rounding_up(liquidity << 96"),
    Bug(
        SQRT_PRICE_MATH, "return mul_div_rounding_up(liquidity, sqrt_ratio_b", "return mul_div(liquidity, sqrt_ratio_b"
    ),
    Bug(
        SQRT_PRICE_MATH,
        "if sqrt_price_x96 == 0 or amount <= (MAX_UINT256 - numerator) // sqrt_price_x96:",
        "if amount >= 0:",
    ),
    Bug(
        SQRT_PRICE_MATH,
        "return mul_div_rounding_up(numerator, sqrt_price_x96, numerator + ",
        "return mul_div(numerator, sqrt_price_x96, numerator + ",
    ),
    Bug(SQRT_PRICE_MATH, "quotient = mul_div(amount, Q96", "quotient = mul_div_rounding_up(amount, Q96"),
    Bug(SQRT_PRICE_MATH, "if sqrt_price_x96 <= quotient:", "if sqrt_price_x96 < quotient:"),
    Bug(SQRT_PRICE_MATH, "if amount <= MAX_UINT160:", "if amount <= 0:"),
    Bug(SQRT_PRICE_MATH, "if sqrt_price_x96 == 0 or amount <=", "if sqrt_price_x96 == 1 or amount <="),
    Bug(FULL_MATH, "    if denominator == 0:\n        return 0\n", "    if denominator == 0:\n        return 1\n"),
    Bug(SWAP_MATH, "amount_less_fee = mul_div(", "amount_less_fee = mul_div_rounding_up("),
    Bug(SWAP_MATH, "if amount_less_fee >= amount_in:", "if amount_less_fee > amount_in:"),
    Bug(
        SWAP_MATH,
        "amount_in, amount_out, amount_remaining - amount_in",
        "amount_in, amount_out, amount_remaining - amount_less_fee",
    ),
    Bug(SWAP_MATH, "if amount_remaining >= amount_out:", "if amount_remaining > amount_out:"),
    Bug(SWAP_MATH, "amount_out = min(amount_out, amount_remaining)", "amount_out = amount_out + 0"),
    Bug(TICK_BITMAP, "below = word & ((2 << bit) - 1)", "below = word & ((1 << bit) - 1)"),
    Bug(TICK_BITMAP, "return first - bit + 255, False", "return first - bit + 256, False"),
    Bug(TICK_BITMAP, "first = compressed + 1", "first = compressed"),
    Bug(LIQUIDITY_MATH, "2 * ticks_on_one_side + 1", "2 * ticks_on_one_side"),
    Bug(CONSTANT_PRODUCT, "safe_math.div(numerator, denominator), 1)", "safe_math.div(numerator, denominator), 0)"),
    Bug(CONSTANT_PRODUCT, "// reserve_priced * seconds) & MAX_UINT256", "// reserve_priced * seconds)"),
    # ticks and positions
    Bug(
        TICK,
        "if info.liquidity_gross == 0 and tick <= state.slot0.tick:",
        "if info.liquidity_gross == 0 and tick < state.slot0.tick:",
    ),
    Bug(TICK, "(-liquidity_delta if upper else liquidity_delta)", "(liquidity_delta if upper else -liquidity_delta)"),
    Bug(
        TICK,
        "if liquidity_gross > state.max_liquidity_per_tick:",
        "if liquidity_gross >= state.max_liquidity_per_tick:",
    ),
    Bug(TICK, "if state.slot0.tick < tick_upper:", "if state.slot0.tick <= tick_upper:"),
    Bug(TICK, "if state.slot0.tick < tick_lower:", "if state.slot0.tick <= tick_lower:"),
    Bug(TICK, "(time - info.seconds_outside) & MAX_UINT32", "info.seconds_outside"),
    Bug(
        POSITION, "if tick_lower <= state.slot0.tick < tick_upper:", "if tick_lower <= state.slot0.tick <= tick_upper:"
    ),
    Bug(
        POSITION,
        "if state.slot0.tick >= tick_upper:\n        return 0",
        "if state.slot0.tick > tick_upper:\n        return 0",
    ),
    Bug(POSITION, "elif state.slot0.tick >= tick_upper:", "elif state.slot0.tick > tick_upper:"),
    Bug(
        POSITION,
        "if liquidity_delta == 0 and position.liquidity == 0:",
        "if liquidity_delta == 0 and position.liquidity < 0:",
    ),
    Bug(POSITION, "(position.tokens_owed1 + fees1) & MAX_UINT128", "position.tokens_owed1 + fees1"),
    Bug(POSITION, "if (gross_then == 0) != (gross_now == 0):", "if gross_then == 0:"),
    # swaps
    Bug(SWAP, "tick = tick_next - 1 if zero_for_one else tick_next", "tick = tick_next"),
    Bug(
        SWAP,
        "word = state.tick_bitmap.get((compressed + 1) >> 8, 0)",
        "word = state.tick_bitmap.get(compressed >> 8, 0)",
    ),
    Bug(SWAP, "fee_protocol = slot0.fee_protocol >> 4", "fee_protocol = slot0.fee_protocol & 0xF"),
    Bug(SWAP, "fee_amount -= protocol_part", "fee_amount -= 0"),
    Bug(
        SWAP,
        "-info.liquidity_net if zero_for_one else info.liquidity_net",
        "info.liquidity_net if zero_for_one else -info.liquidity_net",
    ),
    Bug(SWAP, "(growth_out_x128, growth_in_x128)", "(growth_in_x128, growth_out_x128)"),
    Bug(
        SWAP,
        "observation = oracle.write(state.observations, slot0, time, state.liquidity)",
        "observation = oracle.write(state.observations, slot0, time, liquidity)",
    ),
    Bug(SWAP, "ticks.crossed(info, growths, time, sums)", "ticks.crossed(info, growths, 0, sums)"),
    Bug(SWAP, "elif sqrt_price_x96 != sqrt_start_x96:", "elif False:"),
    Bug(SWAP, "(fee_amount << 128) // liquidity)", "-(-(fee_amount << 128) // liquidity))"),
    # flash loans, protocol fees, payments
    Bug(FLASH, "fee0 = mul_div_rounding_up(amount0, state.fee, PIPS)", "fee0 = mul_div(amount0, state.fee, PIPS)"),
    Bug(FLASH, "mul_div(earned - protocol_part, Q128, liquidity)", "mul_div(earned, Q128, liquidity)"),
    Bug(
        FLASH,
        "(state.fee_growth_global1_x128 + growth1_x128) & MAX_UINT256",
        "state.fee_growth_global1_x128 + growth1_x128",
    ),
    Bug(
        OWNER_ACTIONS,
        "amount0 = min(amount0_requested, max(fees.token0 - 1, 0))",
        "amount0 = min(amount0_requested, fees.token0)",
    ),
    Bug(POOL, "if received0 < change.amount0:", "if received0 <= change.amount0:"),
    # the oracle
    Bug(ORACLE, "if last.block_timestamp == time:", "if last.block_timestamp > time:"),
    Bug(ORACLE, "index == cardinality - 1:", "index == cardinality:"),
    Bug(ORACLE, "if ticks_between >= 0 else -(-ticks_between // seconds_between)", "if True else 0"),
    Bug(
        ORACLE,
        "per_liquidity * seconds_to_target // seconds_between",
        "per_liquidity // seconds_between * seconds_to_target",
    ),
    Bug(ORACLE, "wrap_int56(last.tick_cumulative + tick * seconds)", "last.tick_cumulative + tick * seconds"),
    Bug(ORACLE, "    if not oldest.initialized:", "    if oldest.initialized:"),
    Bug(ORACLE, "(liquidity or 1)", "(liquidity + 1)"),
    Bug(ORACLE, "return a > time", "return a <= time"),
    # the v2 pair
    Bug(
        PAIR,
        "if amount0_out >= self.reserve0 or amount1_out >= self.reserve1:",
        "if amount0_out > self.reserve0 or amount1_out >= self.reserve1:",
    ),
    Bug(PAIR_SHARES, "_PROTOCOL_PART: Final = 5", "_PROTOCOL_PART: Final = 6"),
    Bug(PAIR_SHARES, "MINIMUM_LIQUIDITY: Final = 1_000", "MINIMUM_LIQUIDITY: Final = 999"),
    Bug(PAIR_SHARES, "shares = min(", "shares = max("),
    Bug(PAIR_SHARES, "if amount0 == 0 or amount1 == 0:", "if amount0 == 0 and amount1 == 0:"),
    Bug(PAIR_SHARES, "if k_last == 0:", "if k_last < 0:"),
    Bug(
        PAIR,
        "accumulated_price(price1, self.reserve1, self.reserve0, elapsed)",
        "accumulated_price(price1, self.reserve0, self.reserve1, elapsed)",
    ),
    Bug(
        PAIR,
        "elapsed = (now - self.block_timestamp_last) & MAX_UINT32",
        "elapsed = max(now - self.block_timestamp_last, 0)",
    ),
    Bug(
        PAIR,
        "safe_math.mul(reserve0 * reserve1, FEE_DENOMINATOR**2):",
        "safe_math.mul(reserve0 * reserve1, FEE_DENOMINATOR**2) + 1:",
    ),
    Bug(PAIR, "self.reserve0 * self.reserve1 if self.fee_to is not None else 0", "self.reserve0 * self.reserve1"),
    Bug(PAIR, "if balance0 > MAX_UINT112 or", "if balance0 >= MAX_UINT112 or"),
    Bug(
        PAIR,
        "supply = self.total_supply + for_protocol\n        amount0",
        "supply = self.total_supply\n        amount0",
    ),
    # the pair's shares
    Bug(SHARES, "if left != allowed:", "if left > allowed:"),
    Bug(SHARES, "left = allowed if allowed == MAX_UINT256 else safe_math", "left = safe_math"),
    Bug(SHARES, "allowed if allowed == MAX_UINT256 else", "allowed if allowed >= MAX_UINT256 - 1 else"),
    Bug(SHARES, "self.allowance.get((owner, sender), 0)", "self.allowance.get((sender, owner), 0)"),
    Bug(
        SHARES,
        "        self.transfer(owner, to, value)\n        if",
        "        self.allowance[owner, sender] = left\n        self.transfer(owner, to, value)\n        if",
    ),
    Bug(SHARES, "self.nonces.get(owner, 0) + 1", "self.nonces.get(owner, 0)"),
    Bug(SHARES, "if deadline < self.timestamp:", "if deadline > self.timestamp:"),
    Bug(SHARES, "if deadline < self.timestamp:", "if deadline <= self.timestamp:"),
    Bug(SHARES, "if deadline < self.timestamp:", "if deadline < self.timestamp % 2**32:"),
    Bug(SHARES, "if signer is None or signer != owner:", "if signer is None:"),
    Bug(SHARES, "self.approve(owner, spender, value)", "self.approve(spender, owner, value)"),
    # who may call, and when
    Bug(OWNER_ACTIONS, "if sender is not None and sender != self.factory_owner:", "if sender is None and sender:"),
    Bug(
        OWNER_ACTIONS,
        "        require_unlocked(self)\n        self._require_factory_owner(sender)\n        for",
        "        self._require_factory_owner(sender)\n        require_unlocked(self)\n        for",
    ),
    Bug(OWNER_ACTIONS, "self._require_factory_owner(sender)\n        fees", "fees"),
    Bug(GUARDS, "state.slot0._replace(unlocked=False)", "state.slot0._replace(unlocked=True)"),
    Bug(GUARDS, "        state.slot0 = state.slot0._replace(unlocked=True)", "        state.slot0 = state.slot0"),
    Bug(GUARDS, "if not state.slot0.unlocked:", "if state.slot0.sqrt_price_x96 == 0:"),
    Bug(PAIR, "self.unlocked = False", "self.unlocked = True"),
    # what a callback sees, and what is left of it where the call fails
    Bug(PAYMENTS, "callback(*amounts)", "callback(*owed)"),
    Bug(
        POOL,
        "            commit_position(self, change)\n"
        "            received0, received1 = receive(self, callback, owed, owed, (paid0, paid1))\n",
        "            received0, received1 = receive(self, callback, owed, owed, (paid0, paid1))\n"
        "            commit_position(self, change)\n",
    ),
    Bug(CALLBACK, "value.update(content)", "value.update()"),
    Bug(CALLBACK, "setattr(state, name, value)", "getattr(state, name)"),
)
