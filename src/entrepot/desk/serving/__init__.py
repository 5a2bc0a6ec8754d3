"""Serving: what stands between the network and Django, and the processes that `entrepot serve` keeps alive.

A request is read whole, within bounds on its size and its time, before it takes one of the few turns in which Django works; its answer goes
out whole, so that a slow reader keeps no turn either. Who finds no turn free waits in a line that has an end. It decides nothing about what
is asked: that is Django's. Django is loaded by the target that `config` names, never here.
"""
