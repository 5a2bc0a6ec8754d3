"""Statistics that several rooms speak of: intervals, ranking quality, calibration, drift; and their plots.

Not the estimates that need inspection propensities: those are in `selection`, beside the design that makes them honest.
"""
