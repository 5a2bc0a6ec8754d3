"""Models as numbers: what each says for a row, how it is calibrated, and what a model's file may hold. No files, no fitting libraries."""

from .card import card_text, make_card
from .linear import Linear, constant, scales
from .lookup import LookUp, fit_lookup
from .model import Calibration, Matrix, Model, Scorer, Training, WrongColumns, calibrate, logit, sigmoid
from .neural import DualTask, fit_neural
from .trees import UntrustedModel, check_trees

__all__ = [
    "Calibration",
    "DualTask",
    "Linear",
    "LookUp",
    "Matrix",
    "Model",
    "Scorer",
    "Training",
    "UntrustedModel",
    "WrongColumns",
    "calibrate",
    "card_text",
    "check_trees",
    "constant",
    "fit_lookup",
    "fit_neural",
    "logit",
    "make_card",
    "scales",
    "sigmoid",
]
