// SPDX-License-Identifier: MIT
pragma solidity =0.7.6;

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
/// exactly those two amounts, so that a test can pay one unit short, or too much.
contract Callee {
    /// Calls `target` and hands back its raw return data, or its raw revert data.
    function forward(address target, bytes calldata data) external {
        (bool success, bytes memory result) = target.call(data);
        assembly {
            switch success
            case 0 { revert(add(result, 32), mload(result)) }
            default { return(add(result, 32), mload(result)) }
        }
    }

    function uniswapV3MintCallback(uint256 owed0, uint256 owed1, bytes calldata data) external {
        pay(owed0, owed1, data);
    }

    function uniswapV3SwapCallback(int256 delta0, int256 delta1, bytes calldata data) external {
        pay(delta0 > 0 ? uint256(delta0) : 0, delta1 > 0 ? uint256(delta1) : 0, data);
    }

    /// A flash loan's data always names the two amounts: what was lent is not among the callback's arguments.
    function uniswapV3FlashCallback(uint256, uint256, bytes calldata data) external {
        pay(0, 0, data);
    }

    function uniswapV2Call(address, uint256, uint256, bytes calldata data) external {
        pay(0, 0, data);
    }

    function pay(uint256 amount0, uint256 amount1, bytes calldata data) private {
        if (data.length == 64) (amount0, amount1) = abi.decode(data, (uint256, uint256));
        if (amount0 > 0) Token(Pool(msg.sender).token0()).transfer(msg.sender, amount0);
        if (amount1 > 0) Token(Pool(msg.sender).token1()).transfer(msg.sender, amount1);
    }
}
