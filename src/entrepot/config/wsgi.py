"""The web process's entry."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from entrepot.kernel.memory import settle_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.config.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # loads every view now, not with the first request
settle_down()
