"""docs/sbom.json: what an installation is made of (CycloneDX 1.6), from the lock file and the list of vendored files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_LOCKED = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
_VENDORED = re.compile(r"^\| \S+ \| (\S+) (\S+) \| [^|]* \| ([0-9a-f]{64}) \|", re.MULTILINE)


def components() -> list[dict[str, Any]]:
    """Each library that an installation holds, with its package URL, and each file for browsers, with its digest."""
    locked = _LOCKED.findall((ROOT / "requirements/core.txt").read_text())
    vendored = _VENDORED.findall((ROOT / "src/entrepot/shell/static/vendor/README.md").read_text())
    return [
        *({"type": "library", "name": name, "version": version, "purl": f"pkg:pypi/{name}@{version}"} for name, version in locked),
        *(
            {"type": "library", "name": name, "version": version, "hashes": [{"alg": "SHA-256", "content": digest}]}
            for name, version, digest in vendored
        ),
        {"type": "file", "name": "Atkinson Hyperlegible Next", "licenses": [{"license": {"id": "OFL-1.1"}}]},
    ]


def listed() -> str:
    """The file."""
    whole = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components()}
    return json.dumps(whole, indent=1) + "\n"


if __name__ == "__main__":
    (ROOT / "docs/sbom.json").write_text(listed())
