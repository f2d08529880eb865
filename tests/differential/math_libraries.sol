// SPDX-License-Identifier: MIT
pragma solidity =0.7.6;

import "@uniswap/v3-core/contracts/libraries/BitMath.sol";
import "@uniswap/v3-core/contracts/libraries/FullMath.sol";
import "@uniswap/v3-core/contracts/libraries/LiquidityMath.sol";
import "@uniswap/v3-core/contracts/libraries/SqrtPriceMath.sol";
import "@uniswap/v3-core/contracts/libraries/SwapMath.sol";
import "@uniswap/v3-core/contracts/libraries/Tick.sol";
import "@uniswap/v3-core/contracts/libraries/TickBitmap.sol";
import "@uniswap/v3-core/contracts/libraries/TickMath.sol";
import "@uniswap/v3-core/contracts/libraries/UnsafeMath.sol";

/// The pools' internal libraries, each function callable from outside under its own name.
contract MathLibraries {
    mapping(int16 => uint256) private bitmap;

    function mostSignificantBit(uint256 x) external pure returns (uint8) {
        return BitMath.mostSignificantBit(x);
    }

    function leastSignificantBit(uint256 x) external pure returns (uint8) {
        return BitMath.leastSignificantBit(x);
    }

    function mulDiv(uint256 a, uint256 b, uint256 denominator) external pure returns (uint256) {
        return FullMath.mulDiv(a, b, denominator);
    }

    function mulDivRoundingUp(uint256 a, uint256 b, uint256 denominator) external pure returns (uint256) {
        return FullMath.mulDivRoundingUp(a, b, denominator);
    }

    function divRoundingUp(uint256 a, uint256 denominator) external pure returns (uint256) {
        return UnsafeMath.divRoundingUp(a, denominator);
    }

    function addDelta(uint128 x, int128 y) external pure returns (uint128) {
        return LiquidityMath.addDelta(x, y);
    }

    function getNextSqrtPriceFromAmount0RoundingUp(uint160 sqrtPriceX96, uint128 liquidity, uint256 amount, bool add)
        external pure returns (uint160)
    {
        return SqrtPriceMath.getNextSqrtPriceFromAmount0RoundingUp(sqrtPriceX96, liquidity, amount, add);
    }

    function getNextSqrtPriceFromAmount1RoundingDown(uint160 sqrtPriceX96, uint128 liquidity, uint256 amount, bool add)
        external pure returns (uint160)
    {
        return SqrtPriceMath.getNextSqrtPriceFromAmount1RoundingDown(sqrtPriceX96, liquidity, amount, add);
    }

    function getNextSqrtPriceFromInput(uint160 sqrtPriceX96, uint128 liquidity, uint256 amountIn, bool zeroForOne)
        external pure returns (uint160)
    {
        return SqrtPriceMath.getNextSqrtPriceFromInput(sqrtPriceX96, liquidity, amountIn, zeroForOne);
    }

    function getNextSqrtPriceFromOutput(uint160 sqrtPriceX96, uint128 liquidity, uint256 amountOut, bool zeroForOne)
        external pure returns (uint160)
    {
        return SqrtPriceMath.getNextSqrtPriceFromOutput(sqrtPriceX96, liquidity, amountOut, zeroForOne);
    }

    function getAmount0Delta(uint160 ratioA, uint160 ratioB, uint128 liquidity, bool roundUp)
        external pure returns (uint256)
    {
        return SqrtPriceMath.getAmount0Delta(ratioA, ratioB, liquidity, roundUp);
    }

    function getAmount1Delta(uint160 ratioA, uint160 ratioB, uint128 liquidity, bool roundUp)
        external pure returns (uint256)
    {
        return SqrtPriceMath.getAmount1Delta(ratioA, ratioB, liquidity, roundUp);
    }

    function getAmount0Delta(uint160 ratioA, uint160 ratioB, int128 liquidity) external pure returns (int256) {
        return SqrtPriceMath.getAmount0Delta(ratioA, ratioB, liquidity);
    }

    function getAmount1Delta(uint160 ratioA, uint160 ratioB, int128 liquidity) external pure returns (int256) {
        return SqrtPriceMath.getAmount1Delta(ratioA, ratioB, liquidity);
    }

    function computeSwapStep(uint160 current, uint160 target, uint128 liquidity, int256 remaining, uint24 feePips)
        external pure returns (uint160, uint256, uint256, uint256)
    {
        return SwapMath.computeSwapStep(current, target, liquidity, remaining, feePips);
    }

    function tickSpacingToMaxLiquidityPerTick(int24 tickSpacing) external pure returns (uint128) {
        return Tick.tickSpacingToMaxLiquidityPerTick(tickSpacing);
    }

    function flipTick(int24 tick, int24 tickSpacing) external {
        TickBitmap.flipTick(bitmap, tick, tickSpacing);
    }

    function word(int16 position) external view returns (uint256) {
        return bitmap[position];
    }

    function nextInitializedTickWithinOneWord(int24 tick, int24 tickSpacing, bool lte)
        external view returns (int24, bool)
    {
        return TickBitmap.nextInitializedTickWithinOneWord(bitmap, tick, tickSpacing, lte);
    }

    function getSqrtRatioAtTick(int24 tick) external pure returns (uint160) {
        return TickMath.getSqrtRatioAtTick(tick);
    }

    function getTickAtSqrtRatio(uint160 sqrtPriceX96) external pure returns (int24) {
        return TickMath.getTickAtSqrtRatio(sqrtPriceX96);
    }

    /// For each of `count` ticks from `first` on, one word: its ratio in the upper 160 bits, the tick at that ratio in the
    /// next 48, the tick at the ratio below it in the last 48; the last is left out (zero) at MIN_TICK, where none exists,
    /// and both are at MAX_TICK, whose ratio is the first one out of range.
    function sweep(int24 first, uint256 count) external pure returns (bytes memory result) {
        result = new bytes(32 * count);
        for (uint256 i = 0; i < count; i++) {
            int24 tick = first + int24(i);
            uint160 ratio = TickMath.getSqrtRatioAtTick(tick);
            uint256 at = tick < TickMath.MAX_TICK ? uint48(TickMath.getTickAtSqrtRatio(ratio)) : 0;
            uint256 below = tick > TickMath.MIN_TICK ? uint48(TickMath.getTickAtSqrtRatio(ratio - 1)) : 0;
            uint256 packed = (uint256(ratio) << 96) | (at << 48) | below;
            assembly {
                mstore(add(add(result, 32), mul(32, i)), packed)
            }
        }
    }
}
