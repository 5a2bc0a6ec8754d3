"""The record store: what officers experience wherever they learn, as xAPI statements of 1.0.3 and 2.0, kept byte for byte.

Each administration or body has a store of its own; a client's key writes into one and reads from it. Statements are a machine store: they
keep their own trail, and only what people do about them (keys, retention, erasure) goes into the journal. Not a judge of competence:
what a record means for an officer is decided by the rooms above that read it. `core` reads, checks and matches statements with no database.
"""
