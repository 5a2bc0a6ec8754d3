"""How many people are enough."""

FEWEST = 5
"""Below this many people a count, a mean or a share is not said outside the place whose it is."""
