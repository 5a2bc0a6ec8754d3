"""Django's registration of this app."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """The app's place and label."""

    name = "entrepot.shell"
    label = "shell"
