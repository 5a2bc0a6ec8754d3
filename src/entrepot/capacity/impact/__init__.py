"""What changed: an indicator set beside Members that did not take part, by a plan written down first, and the story around it.

Reckons and tells; where nothing can be said it says so, and what would allow it. Not the figures themselves, which `indicators` keeps, and
not what participants thought, learned or did, which `evaluation` asks.
"""
