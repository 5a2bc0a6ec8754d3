"""What each web process serves: Django behind its `Front`."""

from django.conf import settings

from entrepot.config.wsgi import application
from entrepot.desk.health import Monitor
from entrepot.desk.serving.front import Front
from entrepot.desk.serving.receiving import Bounds
from entrepot.ground.limits.core import client_of, is_among, networks, whole

MEGABYTE = 1_000_000
PROXIES = networks(settings.PROXIES)
front = Front(
    application,
    turns=settings.TURNS,
    places=settings.LINE,
    health=Monitor().answer,
    client=lambda peer, forwarded: whole(client_of(peer, forwarded, PROXIES)),
    whose=whole,
    is_proxy=lambda peer: is_among(peer, PROXIES),
    bounds=Bounds(
        form=settings.DATA_UPLOAD_MAX_MEMORY_SIZE + MEGABYTE // 10,
        # A file that is somewhat too large is heard out, so that its form is shown again with all that was typed.
        upload=3 * settings.UPLOAD_LIMIT + MEGABYTE,
        # The record store has its own bound, and its own words for it.
        statements=17 * MEGABYTE,
        grace=settings.BODY_SECONDS,
        connections=settings.CONNECTIONS,
    ),
)
