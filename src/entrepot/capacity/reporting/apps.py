"""Django's registration of this app."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The app's place and label."""

    name = "entrepot.capacity.reporting"
    label = "reporting"
