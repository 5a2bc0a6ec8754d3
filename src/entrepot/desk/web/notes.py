"""Where the short words for the next page wait: in a cookie of ours, else in the session."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _Cookie(CookieStorage):
    cookie_name = settings.COOKIE_PREFIX + "messages"


class Notes(FallbackStorage):
    """Django's own way, under a name that over https no other host can set."""

    storage_classes = (_Cookie, SessionStorage)
