"""The door of `work`."""

from .actions import begin_clock, claim, enqueue, move_clock, outside, pulse, reap, run, tick, work_off
from .queries import WorkState, counts, late_by, now, work_state

__all__ = [
    "WorkState",
    "begin_clock",
    "claim",
    "counts",
    "enqueue",
    "late_by",
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
