"""Knowledge: good practices of Members, from a draft through the Member's clearance and the office's review to others who use them.

Nothing of a Member is published without its clearance. Not a forum, and not the answers from which a practice was drafted.
"""
