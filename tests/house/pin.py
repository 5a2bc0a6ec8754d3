"""Pin the API's description anew: `python -m tests.house.pin`."""

import json
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
import django

django.setup()
from entrepot.desk.rest.api import api  # noqa: E402

text = json.dumps(api.get_openapi_schema(), indent=1, default=str, sort_keys=True)
(Path(__file__).parents[2] / "docs/openapi.json").write_text(text + "\n")
