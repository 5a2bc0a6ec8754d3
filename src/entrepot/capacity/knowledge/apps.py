"""Django's registration of this app."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import Error, register


class KnowledgeConfig(AppConfig):
    """The app's place and label; table names carry the label and never change."""

    name = "entrepot.capacity.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        """A model that cannot be read is said when the product starts, not when someone searches."""
        register(_model_is_readable)


def _model_is_readable(app_configs: Any, **_: Any) -> list[Error]:
    from .meaning import model  # noqa: PLC0415  # needs the apps

    del app_configs
    try:
        model()
    except ImportError:
        return [Error("ENTREPOT_MEANING needs the extra `meaning`.", hint="pip install entrepot[meaning]", id="knowledge.E001")]
    except Exception as error:  # noqa: BLE001  # whatever a file that is no model makes its reader raise
        return [Error(f"ENTREPOT_MEANING names no model that can be read: {str(error)[:200]}", id="knowledge.E002")]
    return []
