"""Evaluation: what participants thought, what they learned, what they do months later, whom they taught, and what came of it.

Forms in versions and their answers, action plans, lessons, the follow-up, and figures each with its n. Not practices, which
`knowledge` drafts from what was done; not impact on indicators, which stands above.
"""
