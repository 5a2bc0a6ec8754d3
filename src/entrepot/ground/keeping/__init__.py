"""How a protected record is kept: its identifiers and version, the guard on its writes, and the rule that gives both check and filter.

Not a place for domain words: it knows principals and lineages (from the kernel) and Django's models, nothing of customs.
It has no tables of its own. Every app with a protected model uses it.
"""
