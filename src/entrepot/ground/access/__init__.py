"""Access: who is asking, worked out from postings, terms, tokens and links; and the modules that a Member has switched off.

Not the rules themselves: each app's `rules.py` holds its own. Not sign-in pages: they are in `people/web`.
"""
