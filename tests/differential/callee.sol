// SPDX-License-Identifier: MIT
pragma solidity =0.7.6;
pragma abicoder v2;

interface Token {
    function transfer(address to, uint256 amount) external returns (bool);
}

interface Pool {
    function token0() external view returns (address);
    function token1() external view returns (address);
}

/// The counterparty of the pools under test. It holds both tokens, forwards any call, and pays in the pools' callbacks.
///
/// A v3 callback with empty data pays exactly what is owed. A callback with two words of data, and any v2 flash swap, pays
/// exactly those two amounts, so that a test can pay one unit short, or too much. A callback with more data makes calls of
/// its own before it pays, on the pool that is waiting or on a token.
contract Callee {
    /// A call to make from inside a callback. Where it is required, its failure is the callback's own.
    struct Call {
        address target;
        bytes data;
        bool required;
    }

    /// What came of it: the raw return data, or the raw revert data.
    struct Outcome {
        bool success;
        bytes result;
    }

    // Of the callback being answered: the two amounts it was told, then what came of each call.
    Outcome[] private outcomes;

    /// Calls `target` and hands back its raw return data, or its raw revert data.
    function forward(address target, bytes calldata data) external {
        bytes memory result = called(target, data);
        assembly {
            return(add(result, 32), mload(result))
        }
    }

    /// Calls `target` and hands back its raw return data, and what its callback met; or its raw revert data.
    function forwardAndReport(address target, bytes calldata data)
        external returns (bytes memory result, Outcome[] memory met)
    {
        delete outcomes;
        result = called(target, data);
        met = outcomes;
    }

    function uniswapV3MintCallback(uint256 owed0, uint256 owed1, bytes calldata data) external {
        prepare(owed0, owed1, data);
        pay(owed0, owed1, data);
    }

    function uniswapV3SwapCallback(int256 delta0, int256 delta1, bytes calldata data) external {
        prepare(uint256(delta0), uint256(delta1), data);
        pay(delta0 > 0 ? uint256(delta0) : 0, delta1 > 0 ? uint256(delta1) : 0, data);
    }

    /// A flash loan's data always names the two amounts: what was lent is not among the callback's arguments.
    function uniswapV3FlashCallback(uint256 fee0, uint256 fee1, bytes calldata data) external {
        prepare(fee0, fee1, data);
        pay(0, 0, data);
    }

    function uniswapV2Call(address, uint256 amount0, uint256 amount1, bytes calldata data) external {
        prepare(amount0, amount1, data);
        pay(0, 0, data);
    }

    function prepare(uint256 told0, uint256 told1, bytes calldata data) private {
        if (data.length <= 64) return;
        (, , , Call[] memory calls) = abi.decode(data, (bool, uint256, uint256, Call[]));
        outcomes.push(Outcome(true, abi.encode(told0, told1)));
        for (uint256 i = 0; i < calls.length; i++) {
            (bool success, bytes memory result) = calls[i].target.call(calls[i].data);
            if (!success && calls[i].required) fail(result);
            outcomes.push(Outcome(success, result));
        }
    }

    /// The first word of longer data says whether to pay what is owed, whatever the two amounts after it.
    function pay(uint256 amount0, uint256 amount1, bytes calldata data) private {
        if (data.length == 64) (amount0, amount1) = abi.decode(data, (uint256, uint256));
        if (data.length > 64 && !abi.decode(data, (bool))) (, amount0, amount1) = abi.decode(data, (bool, uint256, uint256));
        if (amount0 > 0) Token(Pool(msg.sender).token0()).transfer(msg.sender, amount0);
        if (amount1 > 0) Token(Pool(msg.sender).token1()).transfer(msg.sender, amount1);
    }

    function called(address target, bytes calldata data) private returns (bytes memory) {
        (bool success, bytes memory result) = target.call(data);
        if (!success) fail(result);
        return result;
    }

    function fail(bytes memory result) private pure {
        assembly {
            revert(add(result, 32), mload(result))
        }
    }
}
