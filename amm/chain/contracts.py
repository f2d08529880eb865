"""The read functions of the contracts, with the names and types of what they answer."""

from typing import Final

from amm.chain.abi import function

# UniswapV3Pool; the first three are UniswapV2Pair's as well.
FACTORY: Final = function("factory()", "address factory")
TOKEN0: Final = function("token0()", "address token0")
TOKEN1: Final = function("token1()", "address token1")
FEE: Final = function("fee()", "uint24 fee")
TICK_SPACING: Final = function("tickSpacing()", "int24 tickSpacing")
MAX_LIQUIDITY_PER_TICK: Final = function("maxLiquidityPerTick()", "uint128 maxLiquidityPerTick")
SLOT0: Final = function(
    "slot0()",
    "uint160 sqrtPriceX96",
    "int24 tick",
    "uint16 observationIndex",
    "uint16 observationCardinality",
    "uint16 observationCardinalityNext",
    "uint8 feeProtocol",
    "bool unlocked",
)
LIQUIDITY: Final = function("liquidity()", "uint128 liquidity")
FEE_GROWTH_GLOBAL0: Final = function("feeGrowthGlobal0X128()", "uint256 feeGrowthGlobal0X128")
FEE_GROWTH_GLOBAL1: Final = function("feeGrowthGlobal1X128()", "uint256 feeGrowthGlobal1X128")
PROTOCOL_FEES: Final = function("protocolFees()", "uint128 token0", "uint128 token1")
TICK_BITMAP: Final = function("tickBitmap(int16)", "uint256 word")
TICKS: Final = function(
    "ticks(int24)",
    "uint128 liquidityGross",
    "int128 liquidityNet",
    "uint256 feeGrowthOutside0X128",
    "uint256 feeGrowthOutside1X128",
    "int56 tickCumulativeOutside",
    "uint160 secondsPerLiquidityOutsideX128",
    "uint32 secondsOutside",
    "bool initialized",
)
POSITIONS: Final = function(
    "positions(bytes32)",
    "uint128 liquidity",
    "uint256 feeGrowthInside0LastX128",
    "uint256 feeGrowthInside1LastX128",
    "uint128 tokensOwed0",
    "uint128 tokensOwed1",
)
OBSERVATIONS: Final = function(
    "observations(uint256)",
    "uint32 blockTimestamp",
    "int56 tickCumulative",
    "uint160 secondsPerLiquidityCumulativeX128",
    "bool initialized",
)

# UniswapV2Pair and its factory.
GET_RESERVES: Final = function("getReserves()", "uint112 reserve0", "uint112 reserve1", "uint32 blockTimestampLast")
PRICE0_CUMULATIVE_LAST: Final = function("price0CumulativeLast()", "uint256 price0CumulativeLast")
PRICE1_CUMULATIVE_LAST: Final = function("price1CumulativeLast()", "uint256 price1CumulativeLast")
K_LAST: Final = function("kLast()", "uint256 kLast")
TOTAL_SUPPLY: Final = function("totalSupply()", "uint256 totalSupply")
FEE_TO: Final = function("feeTo()", "address feeTo")

# ERC-20.
BALANCE_OF: Final = function("balanceOf(address)", "uint256 balance")
DECIMALS: Final = function("decimals()", "uint8 decimals")
NAME: Final = function("name()", "string name")
SYMBOL: Final = function("symbol()", "string symbol")
