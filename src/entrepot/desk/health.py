"""How the installation is."""

from __future__ import annotations

import json


def healthz(line: dict[str, int]) -> tuple[int, bytes]:
    """(status, JSON) for a monitor."""
    return 200, json.dumps({"status": "ok", **line}).encode()
