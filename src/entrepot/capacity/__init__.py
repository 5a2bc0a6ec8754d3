"""The capacity wing: what officers need, what they learn, and what they do differently.

Its rooms, in the order of dependence, are written in `.importlinter`. It does not know the risk wing; where learning needs something of
risk, learning defines the protocol, risk offers a provider, and desk introduces them.
"""
