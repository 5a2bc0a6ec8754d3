"""Who is inspected: lanes, quotas and capacity in the order that customs systems use, exploration, and what may be concluded afterwards.

Every draw's probability is logged, because only from those can compliance and precision be estimated without bias. Also the weekly protocol
that tries strategies against the generator's oracle. Not the inspection itself.
"""
