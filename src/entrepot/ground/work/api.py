"""The door of `work`."""

from .actions import claim, enqueue, move_clock, outside, pulse, reap, run, tick, work_off
from .queries import WorkState, counts, now, work_state

__all__ = [
    "WorkState",
    "claim",
    "counts",
    "enqueue",
    "move_clock",
    "now",
    "outside",
    "pulse",
    "reap",
    "run",
    "tick",
    "work_off",
    "work_state",
]
