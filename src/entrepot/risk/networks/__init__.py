"""Links between declarations: shared addresses, phones and payers, communities, split consignments, borrowed identities.

An alert names its rows and its rule; it is a lead for an analyst, not a finding. Identifiers are pseudonymous unless asked otherwise.
"""
