"""Limits: how often something may be tried or asked, by account and by the address that it comes from; and which address that is.

Not who may do what: that is each app's `rules.py`. Failures are counted in the database, so that the count holds over all processes and
restarts; requests are counted in the memory of the process, so that a request costs no write.
"""
