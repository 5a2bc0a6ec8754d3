"""The journal: who did what to which record, where and when, appended in the transaction that did it.

Entries carry uuids, codes and digests, never names, so that a person can be erased while the journal stays whole. A sealer chains them
afterwards, so that a later change shows. Not a log of machines: statements, sessions and the queue keep their own trail.
Read by whoever oversees a place, and by each person for their own acts.
"""
