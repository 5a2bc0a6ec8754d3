"""The room's door."""

from .core import (
    Calibration,
    DualTask,
    Linear,
    LookUp,
    Matrix,
    Model,
    Scorer,
    Training,
    UntrustedModel,
    WrongColumns,
    calibrate,
    card_text,
    fit_lookup,
    fit_neural,
)
from .engine.benchmark import benchmark
from .engine.boosting import Boosting, fit_boosting
from .engine.files import load, save
from .engine.fitting import KINDS, UnableToFit, fit, fit_logistic, fit_model, training_from

__all__ = [
    "KINDS",
    "Boosting",
    "Calibration",
    "DualTask",
    "Linear",
    "LookUp",
    "Matrix",
    "Model",
    "Scorer",
    "Training",
    "UnableToFit",
    "UntrustedModel",
    "WrongColumns",
    "benchmark",
    "calibrate",
    "card_text",
    "fit",
    "fit_boosting",
    "fit_logistic",
    "fit_lookup",
    "fit_model",
    "fit_neural",
    "load",
    "save",
    "training_from",
]
