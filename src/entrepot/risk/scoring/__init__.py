"""Models behind one small interface: fitted, calibrated, explained, measured, and saved in a format that cannot run code.

Not the decision to inspect: a score is one of the grounds that `selection` weighs.
"""
