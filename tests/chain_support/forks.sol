// SPDX-License-Identifier: MIT
pragma solidity =0.7.6;

/// Hands every call on to a real pool, and answers one of them otherwise, as some fork of Uniswap does.
contract Fork {
    address immutable pool;

    constructor(address pool_) {
        pool = pool_;
    }

    fallback() external {
        relay(msg.data);
    }

    function ask(bytes memory data) internal view returns (bytes memory result) {
        (, result) = pool.staticcall(data);
    }

    function relay(bytes memory data) internal view {
        bytes memory result = ask(data);
        assembly {
            return(add(result, 32), mload(result))
        }
    }
}

/// slot0.feeProtocol is two shares of 1/10,000 in a uint32.
contract WideFeeProtocol is Fork {
    constructor(address pool_) Fork(pool_) {}

    function slot0() external view returns (uint160, int24, uint16, uint16, uint16, uint32, bool) {
        (uint160 price, int24 tick, uint16 index, uint16 cardinality, uint16 next, , bool unlocked) =
            abi.decode(ask(abi.encodeWithSignature("slot0()")), (uint160, int24, uint16, uint16, uint16, uint8, bool));
        return (price, tick, index, cardinality, next, 3200 + (3200 << 16), unlocked);
    }
}

/// A protocol fee that Uniswap's own owner could never set.
contract OddFeeProtocol is Fork {
    constructor(address pool_) Fork(pool_) {}

    function slot0() external view returns (uint160, int24, uint16, uint16, uint16, uint8, bool) {
        (uint160 price, int24 tick, uint16 index, uint16 cardinality, uint16 next, , bool unlocked) =
            abi.decode(ask(abi.encodeWithSignature("slot0()")), (uint160, int24, uint16, uint16, uint16, uint8, bool));
        return (price, tick, index, cardinality, next, 3, unlocked);
    }
}

/// slot0 without feeProtocol.
contract NoFeeProtocol is Fork {
    constructor(address pool_) Fork(pool_) {}

    function slot0() external view returns (uint160, int24, uint16, uint16, uint16, bool) {
        (uint160 price, int24 tick, uint16 index, uint16 cardinality, uint16 next, , bool unlocked) =
            abi.decode(ask(abi.encodeWithSignature("slot0()")), (uint160, int24, uint16, uint16, uint16, uint8, bool));
        return (price, tick, index, cardinality, next, unlocked);
    }
}

/// Ticks may hold more liquidity than Uniswap's.
contract OtherMaximum is Fork {
    constructor(address pool_) Fork(pool_) {}

    function maxLiquidityPerTick() external pure returns (uint128) {
        return type(uint128).max;
    }
}

/// A bitmap that has forgotten its ticks.
contract LostTicks is Fork {
    constructor(address pool_) Fork(pool_) {}

    function tickBitmap(int16) external pure returns (uint256) {
        return 0;
    }
}

/// A v2 pair under another name: its fee is not Uniswap's, and cannot be read from it.
contract OtherPair is Fork {
    constructor(address pool_) Fork(pool_) {}

    function name() external pure returns (string memory) {
        return "Other LPs";
    }
}

/// A token of the time before decimals and names were settled: balances alone.
contract BareToken {
    mapping(address => uint256) public balanceOf;

    constructor() {
        balanceOf[msg.sender] = type(uint256).max;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}

/// A token whose symbol is bytes32, whose decimals fill a word, and whose name would paint a terminal.
contract OldToken is BareToken {
    function symbol() external pure returns (bytes32) {
        return "OLD\x1b[31m";
    }

    function decimals() external pure returns (uint256) {
        return 300;
    }
}
