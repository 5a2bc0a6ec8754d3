"""Django's registration of this app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The app's place and label."""

    name = "entrepot.desk"
    label = "desk"

    def ready(self) -> None:
        """Introduce rooms to each other that must not import each other."""
        # Offers need the apps loaded.
        from entrepot.capacity.evaluation import api as evaluation  # noqa: PLC0415
        from entrepot.capacity.knowledge import api as knowledge  # noqa: PLC0415
        from entrepot.capacity.training import api as training  # noqa: PLC0415
        from entrepot.desk.gathered import extras, notice_kinds, offers  # noqa: PLC0415
        from entrepot.desk.web.cookies import read_in_time  # noqa: PLC0415
        from entrepot.ground.notices.api import introduce  # noqa: PLC0415

        read_in_time()
        introduce(notice_kinds())
        training.beads[:] = [bead for offer in offers() for bead in offer.thread]
        training.entered[:] = extras("entered")
        training.missing[:] = extras("missing")
        training.passed_on[:] = extras("passed_on")
        training.duties[:] = extras("duties")
        training.results[:] = extras("results")
        training.joined[:] = extras("joined")
        training.kit_parts.update(dict(extras("kit")))
        evaluation.asked[:] = [ask for offer in offers() for ask in offer.asked]
        knowledge.taken_back[:] = extras("taken_back")
