"""Django's registration of this app."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """The app's place and label."""

    name = "entrepot.capacity.community"
    label = "community"
