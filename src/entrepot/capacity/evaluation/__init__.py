"""Evaluation: what participants thought, what they learned, what they do months later, and the report of a workshop.

Forms and their answers, action plans, the follow-up to officer and supervisor, and figures each with its n. Not practices, which
`knowledge` drafts from what was done; not impact on indicators, which stands above.
"""
