"""Calls and logs as bytes, beside eth_abi, and the contract that batches calls."""

from pathlib import Path
from random import Random

import pytest
from differential.solidity import compile_contract
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from amm.chain import contracts
from amm.chain.abi import AbiError, Function, decode_event, decode_words, encode_word, function, topic
from amm.chain.multicall_code import MULTICALL_CODE
from amm.events import UNISWAP_V2_EVENTS, UNISWAP_V3_EVENTS, EventSpec

ADDRESS = "0x" + "a1" * 20
SPECS = [*UNISWAP_V3_EVENTS.values(), *UNISWAP_V2_EVENTS.values()]


def test_selectors_and_topics_are_the_published_ones() -> None:
    """A few that anyone can look up: slot0, ERC-20's balanceOf, the Swap events of v3 and v2, ERC-20's Transfer."""
    assert contracts.SLOT0.selector.hex() == "3850c7bd"
    assert contracts.BALANCE_OF.selector.hex() == "70a08231"
    assert topic(UNISWAP_V3_EVENTS["Swap"]).hex() == "c42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67"
    assert topic(UNISWAP_V2_EVENTS["Swap"]).hex() == "d78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822"
    transfer = topic(UNISWAP_V2_EVENTS["Transfer"]).hex()
    assert transfer == "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"


def test_an_answer_is_decoded_as_eth_abi_encodes_it() -> None:
    """Every read function, with values at both ends of every type, beside the encoder that web3 uses."""
    functions = [value for value in vars(contracts).values() if isinstance(value, Function)]
    decodable = [each for each in functions if all(kind != "string" for _, kind in each.outputs)]
    assert len(decodable) > 15
    for each in decodable:
        kinds = [kind for _, kind in each.outputs]
        for ends in zip(*(_extremes(kind) for kind in kinds), strict=True):
            assert each.decode(encode(kinds, ends)) == ends


@given(spec=st.sampled_from(SPECS), seed=st.integers(0, 2**32))
def test_a_log_is_decoded_as_eth_abi_encodes_it(spec: EventSpec, seed: int) -> None:
    """Indexed arguments from the topics, the others from the data, in the contract's order."""
    random = Random(seed)  # noqa: S311  # samples for a test, not secrets
    values = {field.name: _value(field.type, random) for field in spec.fields}
    topics = [encode([field.type], [values[field.name]]) for field in spec.fields if field.indexed]
    plain = [field for field in spec.fields if not field.indexed]
    data = encode([field.type for field in plain], [values[field.name] for field in plain])
    assert decode_event(spec, topics, data) == values
    with pytest.raises(AbiError, match=spec.name):
        decode_event(spec, [*topics, bytes(32)], data)


@given(st.integers(-(2**255), 2**256 - 1))
def test_an_argument_is_one_word(value: int) -> None:
    """Two's complement, as eth_abi has it for either sign."""
    assert encode_word(value) == encode(["int256" if value < 0 else "uint256"], [value])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint8", 256),
        ("uint8", 209718400),
        ("bool", 2),
        ("int24", 2**23),
        ("int24", -(2**23) - 1),
        ("address", 2**160),
        ("uint160", 2**160),
    ],
)
def test_a_word_that_does_not_fit_names_its_field(kind: str, value: int) -> None:
    """A fork with a wider field is found by the first value that a uint8 could not hold."""
    with pytest.raises(AbiError, match=rf"slot0\.field is no {kind}: {value}"):
        decode_words([("field", kind)], encode_word(value), "slot0")


def test_an_answer_of_another_length_is_refused() -> None:
    """A fork that answers with one word less or more is not read by guesswork."""
    for words in (6, 8):
        with pytest.raises(AbiError, match=rf"slot0 holds {32 * words} bytes, not 224"):
            contracts.SLOT0.decode(bytes(32 * words))
    with pytest.raises(AbiError, match="no single word"):
        function("name()", "string name").decode(bytes(32))


def test_the_lent_code_is_compiled_from_its_source() -> None:
    """The committed code is what the pinned compiler makes of the committed source, without the constructor."""
    source = Path(__file__).parents[1] / "amm" / "chain" / "multicall.sol"
    creation = compile_contract(source, "Multicall")
    runtime = bytes.fromhex(MULTICALL_CODE.removeprefix("0x"))
    assert creation.endswith(runtime)
    assert len(creation) - len(runtime) == 32


def _extremes(kind: str) -> tuple[int | str, int | str]:
    if kind == "address":
        return "0x" + "00" * 20, "0x" + "ff" * 20
    if kind == "bool":
        return False, True
    bits = int(kind.lstrip("uint"))
    return (0, 2**bits - 1) if kind.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _value(kind: str, random: Random) -> int | str:
    if kind == "address":
        return "0x" + random.randbytes(20).hex()
    low, high = _extremes(kind)
    return random.randint(int(low), int(high))
