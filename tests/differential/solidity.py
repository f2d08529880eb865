"""The pinned Solidity compiler, run on Node.js: sources in, creation code out."""

import hashlib
import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from differential.artifacts import CACHE, SOLC, V3_CORE, ArtifactError, node_command, tarball, write_atomically

SETTINGS: dict[str, Any] = {
    "optimizer": {"enabled": True, "runs": 1_000_000},
    "evmVersion": "istanbul",
    # without the metadata hash the code depends on the source's meaning alone, not on its comments or its path
    "metadata": {"bytecodeHash": "none"},
    "outputSelection": {"*": {"*": ["evm.bytecode.object"]}},
}

# The compiler is one JavaScript file with a C function in it; its npm wrapper, and what that depends on, is not needed.
_RUN = """
const compiler = require(process.argv[1]);
const input = require('fs').readFileSync(0, 'utf8');
process.stdout.write(compiler.cwrap('solidity_compile', 'string', ['string', 'number', 'number'])(input, 0, 0));
"""


def compile_contract(source: Path, contract: str) -> bytes:
    """The creation code of one of our contracts, which may import v3-core's libraries by their package path.

    The result is cached by all that determines it: source, libraries, compiler and settings.

    Raises:
        ArtifactError: the compiler could not run or reports an error.
    """
    sources = {source.name: {"content": source.read_text(encoding="utf-8")}, **_v3_core_libraries()}
    request = json.dumps({"language": "Solidity", "sources": sources, "settings": SETTINGS}, sort_keys=True)
    key = hashlib.sha256((SOLC.integrity + contract + request).encode()).hexdigest()
    cached = CACHE / f"{source.stem}-{contract}-{key[:16]}.bin"
    if not cached.exists():
        write_atomically(cached, _run(request, source.name, contract))
    return cached.read_bytes()


def _v3_core_libraries() -> dict[str, dict[str, str]]:
    folder = "package/contracts/"
    sources = {}
    with tarfile.open(tarball(V3_CORE)) as archive:
        for name in archive.getnames():
            file = archive.extractfile(name) if name.startswith(folder) and name.endswith(".sol") else None
            if file is not None:
                sources[name.replace("package", V3_CORE.name, 1)] = {"content": file.read().decode()}
    return sources


def _compiler() -> Path:
    """The compiler's one file, unpacked next to its tarball under a name that its pin determines."""
    pin = hashlib.sha256(SOLC.integrity.encode()).hexdigest()[:16]
    path = CACHE / f"soljson-{SOLC.version}-{pin}.js"
    if not path.exists():
        with tarfile.open(tarball(SOLC)) as archive:
            file = archive.extractfile("package/soljson.js")
            if file is None:
                raise ArtifactError(f"{SOLC.name}@{SOLC.version} has no soljson.js")
            write_atomically(path, file.read())
    return path


def _run(request: str, source: str, contract: str) -> bytes:
    command = [*node_command("node"), "-e", _RUN, str(_compiler())]
    done = subprocess.run(command, input=request, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ArtifactError(f"the Solidity compiler failed ({done.returncode}): {done.stderr.strip()}")
    answer: dict[str, Any] = json.loads(done.stdout)
    errors = [e["formattedMessage"] for e in answer.get("errors", ()) if e["severity"] == "error"]
    if errors:
        raise ArtifactError("".join(errors))
    return bytes.fromhex(answer["contracts"][source][contract]["evm"]["bytecode"]["object"])
