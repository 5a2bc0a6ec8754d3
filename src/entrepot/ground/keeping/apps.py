"""Django's registration of this app."""

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    """Registers the lookups that rules are written with."""

    name = "entrepot.ground.keeping"
    label = "keeping"

    def ready(self) -> None:
        """Make `__under` known to every text field."""
        from . import lookups  # noqa: F401, PLC0415  (registers on import, once apps are loaded)
