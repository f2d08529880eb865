"""Permits of the pair's shares: what is signed (EIP-712), with a key, and whom a signature names."""

from functools import cache
from typing import NamedTuple

from differential.engine import DEPLOYER, World
from eth_abi.abi import encode
from eth_hash.auto import keccak
from eth_keys.datatypes import PrivateKey

CHAIN_ID = 1
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""How many points the curve has: r and s are above zero and below it."""
_ECRECOVER = "0x0000000000000000000000000000000000000001"
_DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
_PERMIT_TYPE = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"


class Permit(NamedTuple):
    """What an owner signs."""

    owner: str
    spender: str
    value: int
    nonce: int
    deadline: int


class Signature(NamedTuple):
    """As the contract takes it."""

    v: int
    r: int
    s: int


def address_of(key: int) -> str:
    """The address a private key speaks for."""
    return str(_private(key).public_key.to_address())


@cache
def domain_separator(pair: str) -> bytes:
    """What binds a signature to one pair on one chain."""
    types = ("bytes32", "bytes32", "bytes32", "uint256", "address")
    texts = (keccak(text.encode()) for text in (_DOMAIN_TYPE, "Uniswap V2", "1"))
    return bytes(keccak(encode(types, (*texts, CHAIN_ID, pair))))


def digest(pair: str, permit: Permit) -> bytes:
    """The hash that is signed."""
    types = ("bytes32", "address", "address", "uint256", "uint256", "uint256")
    message = keccak(encode(types, (keccak(_PERMIT_TYPE.encode()), *permit)))
    return bytes(keccak(b"\x19\x01" + domain_separator(pair) + message))


def sign(key: int, message: bytes) -> Signature:
    """A true signature."""
    v, r, s = _private(key).sign_msg_hash(message).vrs
    return Signature(v + 27, r, s)


def signer_of(world: World, message: bytes, signature: Signature) -> str | None:
    """Whom ecrecover names, which is a contract every chain has; None where the signature is none."""
    v, r, s = (part.to_bytes(32, "big") for part in signature)
    answer = world.send(DEPLOYER, _ECRECOVER, message + v + r + s)
    return "0x" + answer[-20:].hex() if answer else None


@cache
def _private(key: int) -> PrivateKey:
    return PrivateKey(key.to_bytes(32, "big"))
