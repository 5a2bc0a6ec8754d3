"""Django's registration of this app."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The app's place and label; table names carry the label and never change."""

    name = "entrepot.capacity.training"
    label = "training"
