"""Data with known truth: invented trade, invented fraud by named mechanisms that adapts when inspected, and an oracle kept apart.

Not a model of any real country: countries carry the codes that ISO 3166 leaves to users (XA–XZ, QM–QZ), and no figure here is anyone's.
"""
