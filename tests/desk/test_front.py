"""What a request is taken for before Django sees it: from whom it comes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from entrepot.config import serving
from entrepot.ground.limits.core import networks

PROXY = "10.0.0.2"


class Heads(dict[str, list[str]]):
    """Headers as granian has them: a name may stand on several lines, of which `get` tells the first."""

    def get(self, name: str, default: Any = None) -> Any:
        return self[name][0] if name in self else default

    def get_all(self, name: str) -> list[str]:
        return super().get(name, [])


def taken_for(monkeypatch: pytest.MonkeyPatch, peer: str, *forwarded: str) -> str:
    monkeypatch.setattr(serving, "PROXIES", networks("10.0.0.0/8"))
    found: list[str] = []
    monkeypatch.setattr(serving.front.line, "enter", lambda request: found.append(request.address))
    headers = Heads({"x-forwarded-for": list(forwarded)} if forwarded else {})
    scope = SimpleNamespace(headers=headers, client=f"{peer}:4711", path="/", method="GET")
    serving.front.take(SimpleNamespace(scope=scope, proto=SimpleNamespace(response_empty=lambda *_: None)))
    return found[0]


@pytest.mark.parametrize("lines", [["6.6.6.6, 203.0.113.9"], ["6.6.6.6", "203.0.113.9"], ["6.6.6.6, 7.7.7.7", "203.0.113.9, 10.0.0.1"]])
def test_what_a_client_writes_above_the_line_of_the_proxy_is_nobodys_word(monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> None:
    assert taken_for(monkeypatch, PROXY, *lines) == "203.0.113.9"


def test_a_line_from_who_is_no_proxy_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert taken_for(monkeypatch, "198.51.100.7", "6.6.6.6") == "198.51.100.7"


def test_whoever_has_a_network_of_64_bits_has_one_place_in_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert taken_for(monkeypatch, "2001:db8:1:2::3") == taken_for(monkeypatch, "2001:db8:1:2:ffff::4")
