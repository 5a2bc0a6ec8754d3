"""docs/requirements.md: which requirement rows which tests show, read from the tests' `row` marks."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _rows() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.row":
                    for row in mark.args:
                        found[ast.literal_eval(row)].append(f"{file.relative_to(ROOT)}::{node.name}")
    return found


def table() -> str:
    """The page."""
    lines = ["# Requirement rows and the tests that show them", "", "Made by `make matrix`; a row that is not here is not shown yet.", ""]
    lines += ["| row | tests |", "|---|---|"]
    rows = _rows()
    for row in sorted(rows, key=lambda name: [int(part) for part in re.findall(r"\d+", name)]):
        lines.append(f"| {row} | " + "<br>".join(f"`{test}`" for test in rows[row]) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / "docs/requirements.md").write_text(table())
