"""Every example in a docstring runs and says what it says."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import entrepot

ROOT = Path(entrepot.__file__).parent
SHOWN = sorted(file for file in ROOT.rglob("*.py") if ">>> " in file.read_text() and file.relative_to(ROOT).parts[0] != "risk")


@pytest.mark.parametrize("file", SHOWN, ids=lambda file: str(file.relative_to(ROOT)))
def test_examples_in_docstrings_run(file: Path) -> None:
    name = ".".join(file.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted
    assert not found.failed
