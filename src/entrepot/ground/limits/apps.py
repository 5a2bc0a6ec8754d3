"""Django's registration of this app."""

from django.apps import AppConfig


class LimitsConfig(AppConfig):
    """The app's place and label; table names carry the label and never change."""

    name = "entrepot.ground.limits"
    label = "limits"
