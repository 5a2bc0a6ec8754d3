"""Statistics of several rooms: intervals, ranking, calibration, drift. Arrays in, numbers out."""

from .calibration import Bin, brier, calibration_error, reliability
from .drift import difference, rate_change, stability_index
from .intervals import Interval, exact, finite, mean_interval, wilson
from .ranking import Ranked, auc, average_precision, bootstrap, precision_at, recall_at
from .types import Bools, Floats, Ints

__all__ = [
    "Bin",
    "Bools",
    "Floats",
    "Interval",
    "Ints",
    "Ranked",
    "auc",
    "average_precision",
    "bootstrap",
    "brier",
    "calibration_error",
    "difference",
    "exact",
    "finite",
    "mean_interval",
    "precision_at",
    "rate_change",
    "recall_at",
    "reliability",
    "stability_index",
    "wilson",
]
