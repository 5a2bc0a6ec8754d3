"""The room's door."""

from .core import Bin, Interval, Ranked, auc, average_precision, bootstrap, mean_interval, precision_at, recall_at, reliability, wilson
from .plots import UnknownPlot, plot_calibration, plot_points, plot_precision, plot_weeks

__all__ = [
    "Bin",
    "Interval",
    "Ranked",
    "UnknownPlot",
    "auc",
    "average_precision",
    "bootstrap",
    "mean_interval",
    "plot_calibration",
    "plot_points",
    "plot_precision",
    "plot_weeks",
    "precision_at",
    "recall_at",
    "reliability",
    "wilson",
]
