"""An endpoint's key never reaches a text."""

import logging

import pytest

from amm.chain.errors import EndpointError
from amm.chain.redaction import RedactingFilter, Redactor

KEY = "9f8e7d6c5b4a"


@pytest.mark.parametrize(
    ("url", "label"),
    [
        (f"https://mainnet.infura.io/v3/{KEY}", "https://***.infura.io"),
        (f"https://example.org/rpc?apikey={KEY}&network=eth", "https://example.org"),
        (f"https://user:{KEY}@example.org:8545/", "https://example.org:8545"),
        (f"https://{KEY}@example.org", "https://example.org"),
        (f"https://{KEY}.eth.rpc.example.org/", "https://***.example.org"),
        (f"http://127.0.0.1:8545/{KEY}", "http://127.0.0.1:8545"),
        (f"http://[::1]:8545/{KEY}#{KEY}", "http://[::1]:8545"),
    ],
)
def test_only_scheme_host_and_port_are_shown(url: str, label: str) -> None:
    """Wherever a provider puts the key, neither the label nor any text that quotes the URL holds it."""
    redact = Redactor(url)
    assert redact.label == label
    assert KEY not in redact(f"could not reach {url}: path {url.partition('//')[2]} is wrong for {KEY.upper()}").lower()
    assert KEY not in repr(redact)


def test_a_key_is_found_in_every_spelling() -> None:
    """Percent-encoded and decoded forms, the password alone, and the Basic header are secrets as well."""
    redact = Redactor("https://me:p%40ss@example.org/a%2Fkey%2Fb")
    for spelling in ("p%40ss", "p@ss", "a/key/b", "a%2Fkey%2Fb", "bWU6cEBzcw=="):
        assert spelling not in redact(f"<{spelling}>")


def test_ordinary_words_stay() -> None:
    """A provider's own explanation is still readable."""
    text = "query returned more than 10000 results, try blocks 5 to 9"
    assert Redactor(f"https://mainnet.infura.io/v3/{KEY}")(text) == text


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8545",
        f"ws://example.org/{KEY}",
        f"https:///{KEY}",
        f"http://example.org:{KEY}/",
        f"http://[{KEY}/",
    ],
)
def test_an_unusable_address_is_refused_unseen(url: str) -> None:
    """The refusal does not quote the address, nor does what led to it."""
    with pytest.raises(EndpointError) as caught:
        Redactor(url)
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_log_records_are_redacted(caplog: pytest.LogCaptureFixture) -> None:
    """A logger that prints whole URLs prints them without the key, whatever its arguments."""
    logger = logging.getLogger("redaction-test")
    guard = RedactingFilter(Redactor(f"https://example.org/{KEY}"))
    logger.addFilter(guard)
    with caplog.at_level(logging.DEBUG):
        logger.debug("POST %s", f"/{KEY}")
    logger.removeFilter(guard)
    assert caplog.messages == ["POST ***"]
