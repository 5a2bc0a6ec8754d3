"""The capacity wing: from what officers need, through training and learning, to what they do differently.

Its rooms, in the order of dependence: competencies · needs · training · credentials · evaluation · knowledge. It does not know
the risk wing.
"""
