"""The room's door."""

from .core import CARRIED, FEATURES, Settings, features
from .engine import SparkMissing, compute, compute_on_spark, spark, whole

__all__ = ["CARRIED", "FEATURES", "Settings", "SparkMissing", "compute", "compute_on_spark", "features", "spark", "whole"]
