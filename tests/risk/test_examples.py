"""Every example in the wing's docstrings runs and says what it says; so does the guide's."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import entrepot.risk

MODULES = [name for _, name, _ in pkgutil.walk_packages(entrepot.risk.__path__, "entrepot.risk.")]
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_run(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name), optionflags=OPTIONS)
    assert found.failed == 0


def test_guide_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = Path(__file__).parents[2] / "docs/risk.md"
    monkeypatch.chdir(tmp_path)
    found = doctest.testfile(str(guide), module_relative=False, optionflags=OPTIONS)
    assert found.attempted > 5
    assert found.failed == 0
