"""Django's registration of this app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The app's place and label; table names carry the label and never change."""

    name = "entrepot.ground.people"
    label = "people"

    def ready(self) -> None:
        """Remember browsers, and when a session began, after each sign-in."""
        from .web import browsers, sessions  # noqa: F401, PLC0415
