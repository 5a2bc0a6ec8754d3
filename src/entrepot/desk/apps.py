"""Django's registration of this app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The app's place and label."""

    name = "entrepot.desk"
    label = "desk"
