"""Django's registration of this app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The app's place and label."""

    name = "entrepot.desk"
    label = "desk"

    def ready(self) -> None:
        """Introduce the kinds of notice to the room that sends them."""
        from entrepot.desk.gathered import notice_kinds  # noqa: PLC0415  (offers need the apps loaded)
        from entrepot.ground.notices.api import introduce  # noqa: PLC0415

        introduce(notice_kinds())
