"""Criteria that officers write: trees of conditions with owner, legal basis, validity, sunset and versions, tried on history first.

Not the approval workflow's pages and not the selection: a profile says what it would hit and what that would have cost and found.
"""
