"""The kernel: small types that every storey speaks in.

It imports no Django, reads no clock and touches no database, so that an analyst's notebook and a web process can share it.
"""
