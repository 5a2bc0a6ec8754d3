"""The product's settings, for tests: a database of its own, nothing kept, nothing slow."""

import os
import tempfile

os.environ.setdefault("ENTREPOT_HOME", tempfile.mkdtemp(prefix="entrepot-tests-"))
os.environ["ENTREPOT_DEMO"] = "1"
if os.environ.get("TEST_DATABASE"):
    os.environ["ENTREPOT_DATABASE"] = os.environ["TEST_DATABASE"]

from entrepot.config.settings import *  # noqa: F403
from entrepot.config.settings import DATABASES, LIMITS, STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAIL_TRANSPORT = MAIL_FOLDER = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name} for name in ("default", "prints")}
# The suite asks more of one address than people do; tests of a limit set it themselves (tests/ground/test_limits.py).
PRODUCT_LIMITS = LIMITS
OPEN = ("failures.address", "failures.secret", "mails.account", "mails.address")
LIMITS = {name: "off" if name in OPEN or not name.startswith("failures.") else rate for name, rate in LIMITS.items()}
# The practice region's snapshot brings migrated tables along; migrating takes as long as many tests together.
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # Behind the last word goes the name of the process, where several test at once: pytest-django knows Django's own engine only.
    memory = "file:tests?mode=memory&cache=shared&process="
    DATABASES = {"default": {**DATABASES["default"], "TEST": {**DATABASES["default"].get("TEST", {}), "NAME": memory, "MIGRATE": False}}}
# A file would outlive each test’s database.
JOURNAL_HEADS = ""
