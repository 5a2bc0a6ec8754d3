"""The README's pictures, from a running demo: `PORT=8000 make screenshots`."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

PASSWORD = os.environ.get("DEMO_PASSWORD", "practice-region-2026")

TARGET = Path(__file__).parents[2] / "docs" / "pictures"
SHOTS = [
    ("front", "", "/?on=2022-11-01", 1440, "light"),
    ("front-phone", "", "/?on=2022-11-01", 360, "dark"),
    ("today-phone", "coordinator", "/today/", 360, "light"),
    ("people", "coordinator", "/people/", 1440, "light"),
    ("notices-phone", "coordinator", "/notices/", 360, "dark"),
    ("front-expanded", "", "/?on=2022-11-01", 360, "light"),
    ("thread", "manager", "/programme/{followed_up}/", 1440, "light"),
    ("selection", "manager", "/programme/{selection}/selection/", 1440, "light"),
    ("after", "manager", "/evaluation/activities/{followed_up}/after/", 1440, "light"),
]


def main() -> None:
    """Take them."""
    base = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        rows = json.loads(browser.new_page().goto(base + "/api/v1/training/activities?size=50").text())["rows"]
        stages = {row["stage"]: row["uuid"] for row in rows}
        for name, part, address, width, theme in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
            if part:
                page.goto(base + "/sign-in/")
                page.fill("[name=login]", f"{part}@practice.example")
                page.fill("[name=password]", PASSWORD)
                page.click("main button[type=submit]")
            if name.endswith("expanded"):
                page.context.add_cookies([{"name": "django_language", "value": "en-xa", "url": base}])
            page.goto(base + address.format(**stages))
            page.screenshot(path=TARGET / f"{name}.png", full_page=width < 500)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
