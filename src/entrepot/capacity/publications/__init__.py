"""Publications: numbered series compiled from what Members cleared; editions that freeze, are superseded and stay reachable.

Figures about persons go through one guard that knows everything published before. Not the collection itself (`knowledge`), not the
report of one activity (`evaluation`), and no newsletter.
"""
