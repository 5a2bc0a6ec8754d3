"""Fitting with libraries, model files, the benchmark on the public data."""
