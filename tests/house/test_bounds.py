"""How much work a small input can cause: every parser and comparison is found in the code, and each is given the worst of its kind.

Each runs in a process with so much time of a processor and so much memory, far above what an honest input takes and far below what the
faults of this kind took (minutes, gigabytes).
"""

from __future__ import annotations

import ast
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house import hostile

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/entrepot"
BYTES = 2_000_000_000
PARSERS = {
    "ZipFile",
    "opened",
    "load_workbook",
    "SequenceMatcher",
    "ndiff",
    "unified_diff",
    "decompress",
    "decompressobj",
    "fromstring",
    "iterparse",
}
READS_ITS_OWN = {
    "shell/tables.py": "writes only",
    "ground/documents/copies.py": "the archive of a backup, by who operates the installation",
}
"""Modules that parse only what the installation itself, or who operates it, has written. Commands and the risk wing read files of who calls
them, on their own machine."""


def _modules_that_parse() -> set[str]:
    found = set()
    for path in SOURCE.rglob("*.py"):
        name = str(path.relative_to(SOURCE))
        if name.startswith("risk/") or "/migrations/" in name or "/command" in name:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        called = {
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
        }
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        if called & PARSERS or {"csv", "tarfile", "difflib"} & imported:
            found.add(name)
    return found


def test_every_module_that_parses_what_people_send_is_in_the_battery() -> None:
    tried = {module for case in hostile.CASES.values() for module in case.modules}
    parsing = _modules_that_parse()
    assert parsing - tried - set(READS_ITS_OWN) == set(), "give it its worst inputs in tests/house/hostile.py"
    assert set(READS_ITS_OWN) <= parsing, "not parsing any more"


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


@pytest.mark.parametrize("name", hostile.CASES)
def test_the_worst_small_inputs_are_taken_or_refused_in_little_time(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.hostile", name],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "OPENBLAS_NUM_THREADS": "1",
        },
        capture_output=True,
        text=True,
        preexec_fn=_limited,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-2000:]}"
    assert done.stdout.count("\n") == len(hostile.CASES[name].inputs)


def _unbounded(schema: Any, schemas: Any, path: str, seen: frozenset[str]) -> list[str]:
    """Where a body of this schema may hold as many or as long values as its sender likes."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return [] if name in seen else _unbounded(schemas[name], schemas, f"{path} {name}", seen | {name})
    found: list[str] = []
    for choice in ("anyOf", "oneOf", "allOf"):
        numbers = any(one.get("type") == "number" for one in schema.get(choice, ()))  # a decimal may come as text; its digits are bounded
        for one in schema.get(choice, ()):
            if not (numbers and one.get("type") == "string"):
                found += _unbounded(one, schemas, path, seen)
    match schema.get("type"):
        case "array" if "maxItems" not in schema:
            found.append(path)
        case "object" if not {"properties", "maxProperties"} & set(schema):
            found.append(path)
        case "string" if not {"maxLength", "format", "enum", "const", "pattern"} & set(schema):
            found.append(path)
    within = {f"{path}.{name}": one for name, one in schema.get("properties", {}).items()}
    within |= {f"{path}[]": schema.get("items"), f"{path}{{}}": schema.get("additionalProperties")}
    return found + [fault for name, one in within.items() if isinstance(one, dict) for fault in _unbounded(one, schemas, name, seen)]


def test_every_list_and_text_that_the_api_takes_has_a_longest_length() -> None:
    described = json.loads((ROOT / "docs/openapi.json").read_text("utf-8"))
    schemas = described["components"]["schemas"]
    found: list[str] = []
    for address, operations in described["paths"].items():
        for method, operation in operations.items():
            asked = [(one["name"], one["schema"]) for one in operation.get("parameters", ()) if one["in"] == "query"]
            asked += [("body", kind["schema"]) for kind in operation.get("requestBody", {}).get("content", {}).values()]
            for name, schema in asked:
                found += _unbounded(schema, schemas, f"{method} {address} {name}", frozenset())
    assert found == []
