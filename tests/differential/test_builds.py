"""The contracts under test are the ones that run on mainnet, and reach the tests whole or not at all."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from differential import artifacts
from differential.artifacts import PACKAGES, V2_PERIPHERY, ArtifactError, creation_code, node_command, tarball
from differential.contracts import CALLEE_BUILD, V2_FACTORY, V2_PAIR, V3_FACTORY, V3_POOL, callee_record
from eth_hash.auto import keccak


def test_the_v3_pool_is_the_mainnet_build() -> None:
    """The pool's creation code has the hash that derives mainnet pool addresses, and is what the factory deploys."""
    code = creation_code(*V3_POOL)
    assert keccak(code).hex() == "e34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54"
    assert code in creation_code(*V3_FACTORY)


def test_the_v2_pair_is_the_mainnet_build() -> None:
    """The pair's creation code has the hash that derives mainnet pair addresses, and is what the factory deploys."""
    code = creation_code(*V2_PAIR)
    assert keccak(code).hex() == "96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f"
    assert code in creation_code(*V2_FACTORY)


def test_the_committed_callee_is_what_the_pinned_compiler_makes_of_its_source() -> None:
    """Compiling callee.sol again gives callee.json, byte for byte."""
    assert json.loads(CALLEE_BUILD.read_text(encoding="utf-8")) == callee_record()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_warm_cache_needs_no_npm(package: artifacts.Package, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once fetched, a package is read from the cache alone."""
    tarball(package)
    tarball.cache_clear()
    monkeypatch.setattr(artifacts, "node_command", _no_node)
    assert tarball(package).name == package.file_name


def test_a_changed_file_in_the_cache_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is not the pinned build is an error that names it; it is never used."""
    monkeypatch.setattr(artifacts, "CACHE", tmp_path)
    tarball.cache_clear()
    (tmp_path / V2_PERIPHERY.file_name).write_bytes(b"half a file")
    with pytest.raises(ArtifactError, match=r"uniswap-v2-periphery-1\.1\.0-beta\.0\.tgz is not"):
        tarball(V2_PERIPHERY)
    monkeypatch.undo()
    tarball.cache_clear()


def test_a_failed_fetch_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where npm fails, the error carries its message and the cache stays empty."""
    monkeypatch.setattr(artifacts, "CACHE", tmp_path)
    monkeypatch.setattr(artifacts, "node_command", lambda _: ["sh", "-c", "echo no network >&2; exit 1"])
    tarball.cache_clear()
    with pytest.raises(ArtifactError, match="no network"):
        tarball(V2_PERIPHERY)
    assert list(tmp_path.iterdir()) == []


def test_a_machine_without_node_uses_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no Node.js on the path, the one from PyPI answers under both names."""
    monkeypatch.setattr(shutil, "which", lambda _: None)
    for program in ("node", "npm"):
        done = subprocess.run([*node_command(program), "--version"], capture_output=True, text=True, check=True)
        assert done.stdout.strip().removeprefix("v")[0].isdigit()


def _no_node(program: str) -> list[str]:
    raise AssertionError(f"{program} was started although the cache is warm")
