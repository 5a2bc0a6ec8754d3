"""People: one account for each person, and the postings that say what they are, where and for how long.

A name is whatever its bearer writes: one word or several, in any script, in any order. A secondment is a posting away from home and
always has an end. Not permissions: `access` turns postings into a principal.
"""
