"""The product's settings, for tests: a database of its own, nothing kept, nothing slow."""

import os
import tempfile

os.environ.setdefault("ENTREPOT_HOME", tempfile.mkdtemp(prefix="entrepot-tests-"))
os.environ["ENTREPOT_DEMO"] = "1"
if os.environ.get("TEST_DATABASE"):
    os.environ["ENTREPOT_DATABASE"] = os.environ["TEST_DATABASE"]

from entrepot.config.settings import *  # noqa: F403
from entrepot.config.settings import DATABASES, STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAIL_TRANSPORT = MAIL_FOLDER = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name} for name in ("default", "prints")}
# The practice region's snapshot brings migrated tables along; migrating takes as long as many tests together.
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES = {"default": {**DATABASES["default"], "TEST": {**DATABASES["default"].get("TEST", {}), "MIGRATE": False}}}
