"""The door of `work`."""

from .actions import claim, enqueue, move_clock, outside, reap, run, tick, work_off
from .queries import counts, now

__all__ = ["claim", "counts", "enqueue", "move_clock", "now", "outside", "reap", "run", "tick", "work_off"]
