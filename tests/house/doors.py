"""The door check: across apps only `api`, `enums`, `core` and `offers` (desk only) are imported."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

STOREYS = ("ground", "capacity", "risk", "border")
"""Storeys that are divided into rooms; each room has its doors."""
ROOT = Path(__file__).parents[2] / "src" / "entrepot"
DOORS = {"api", "enums", "core"}
EXCEPTIONS = {
    # Tests and the command line name the demo's password once, to print it.
    ("desk/cli.py", "entrepot.ground.people.demo"),
}


def broken() -> list[str]:
    """Each import that enters a room otherwise than by its door."""
    faults = []
    for file in ROOT.rglob("*.py"):
        inside = file.relative_to(ROOT)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or node.level:
                continue
            module = str(node.module)
            parts = module.split(".")
            if parts[0] != "entrepot" or len(parts) < 3 or parts[1] not in STOREYS:
                continue
            room = tuple(parts[1:3])
            entered = {parts[3]} if len(parts) > 3 else {alias.name for alias in node.names}
            if inside.parts[:2] != room and not entered <= DOORS and (str(inside), module) not in EXCEPTIONS:
                faults.append(f"{inside}:{node.lineno} enters {module} by no door")
    return faults


if __name__ == "__main__":
    found = broken()
    print("\n".join(found) or "Every room is entered by its door.")
    sys.exit(bool(found))
