"""Courses by others, opened in Chromium from another site, write into the record store: `make conformance PACKAGES=folder`.

The folder holds cmi5 courses (a `cmi5.xml` beside an `index.html`) and packages in the Tin Can form (a `tincan.xml`), at any depth. Each is
opened as a learning platform would: with endpoint, actor and registration, for cmi5 also with the address where it fetches its token and
the launch data in the state that it reads first. Ends with 0 where each has sent what a course has to send. None of them is kept here.
"""

from __future__ import annotations

import base64
import functools
import http.server
import json
import shutil
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.capacity.conformance import served

TINCANJS = Path(__file__).parents[1] / "browser/clients/node_modules/tincanjs/build"
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
VERBS = "http://adlnet.gov/expapi/verbs/"
SECONDS = 30


class Site(http.server.SimpleHTTPRequestHandler):
    """Another site: the packages, the token of a cmi5 course, and TinCanJS where a package names it and does not bring it."""

    token = ""

    def do_POST(self) -> None:
        """What a course fetches once."""
        body = json.dumps({"auth-token": self.token}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def translate_path(self, path: str) -> str:
        """Where a file is."""
        there = super().translate_path(path)
        ours = TINCANJS / Path(there).name
        return str(ours) if "TinCanJS" in there and not Path(there).exists() and ours.exists() else there

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def another_site(folder: Path, token: str) -> Iterator[str]:
    """Serve the folder and give the site's address."""
    kind = type("Served", (Site,), {"token": token})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(kind, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Store:
    """The record store, as the platform that opens the courses sees it."""

    def __init__(self, port: int, key: dict[str, str]) -> None:
        self.endpoint = f"http://127.0.0.1:{port}/xapi"
        self.token = base64.b64encode(f"{key['key']}:{key['secret']}".encode()).decode()

    def ask(self, method: str, path: str, body: object = None, **parameters: str) -> Any:
        """One request."""
        headers = {"Authorization": f"Basic {self.token}", "X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/{path}?{urlencode(parameters)}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def wait_for(self, page: Any, registration: str, wanted: set[str]) -> set[str]:
        """The last parts of the verbs that came with a registration, once those wanted are there, or the time is over."""
        until, found = time.monotonic() + SECONDS, set[str]()
        while time.monotonic() < until and not wanted <= found:
            page.wait_for_timeout(300)
            some = self.ask("GET", "statements", registration=registration, limit="500")["statements"]
            found = {one["verb"]["id"].rpartition("/")[2] for one in some}
        return found


def _actor() -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": "https://learn.practice.example", "name": f"officer-{uuid4()}"}}


def cmi5(browser: Browser, store: Store, site: str, path: str, slash: str) -> set[str]:
    """Open a cmi5 course and leave it; return which of the verbs it owes did not come."""
    actor, registration, activity = _actor(), str(uuid4()), f"https://learn.practice.example/{path}"
    template = {"contextActivities": {"grouping": [{"id": activity + "/course"}]}, "extensions": {SESSION: str(uuid4())}}
    launch = {"contextTemplate": template, "launchMode": "Normal", "moveOn": "Completed", "returnURL": f"{site}/"}
    where = {"activityId": activity, "agent": json.dumps(actor), "registration": registration}
    store.ask("PUT", "activities/state", launch, stateId="LMS.LaunchData", **where)
    said = {"endpoint": store.endpoint + slash, "fetch": f"{site}/token", "actor": json.dumps(actor), "activityId": activity}
    page = browser.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site}/{path}/index.html?{urlencode({**said, 'registration': registration})}")
    wanted = {"initialized"}
    if store.wait_for(page, registration, wanted) >= wanted:
        wanted |= {"terminated"}
        page.locator(".exit-button").first.dispatch_event("click")
        store.wait_for(page, registration, wanted)
    missing = wanted - store.wait_for(page, registration, wanted)
    page.close()
    return missing


def tin_can(browser: Browser, store: Store, site: str, path: str, slash: str) -> set[str]:
    """Open a package in the Tin Can form; return which of the verbs that it owes did not come."""
    registration = str(uuid4())
    said = {"endpoint": store.endpoint + slash, "auth": f"Basic {store.token}", "actor": json.dumps(_actor()), "registration": registration}
    page = browser.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site}/{path}/index.html?{urlencode(said)}")
    wanted = {"attempted", "experienced"}
    missing = wanted - store.wait_for(page, registration, wanted)
    page.close()
    return missing


def main(folder: Path) -> int:
    """Open each package, without the slash at the endpoint's end and with it, and say what did not come."""
    found = [(cmi5, one.parent) for one in sorted(folder.rglob("cmi5.xml")) if (one.parent / "index.html").exists()]
    found += [(tin_can, one.parent) for one in sorted(folder.rglob("tincan.xml")) if "golf" in str(one).lower()]
    chromium = shutil.which("chromium")
    if not found or chromium is None:
        print(f"There is no package in {folder}, or no chromium on this machine.", file=sys.stderr)
        return 2
    wrong = 0
    with served() as (port, key), sync_playwright() as playwright:
        store = Store(port, key)
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        with another_site(folder, store.token) as site:
            for opened, package in found:
                path = package.relative_to(folder).as_posix()
                for slash in ("", "/"):
                    missing = opened(browser, store, site, path, slash)
                    wrong += bool(missing)
                    print(
                        f"{path}, endpoint …/xapi{slash}: {'all came' if not missing else 'did not come: ' + ', '.join(sorted(missing))}",
                        flush=True,
                    )
        browser.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()) if len(sys.argv) == 2 else 2)
