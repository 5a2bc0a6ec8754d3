"""Django's registration of this app."""

from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    """The app's place and label; table names carry the label and never change."""

    name = "entrepot.capacity.publications"
    label = "publications"
