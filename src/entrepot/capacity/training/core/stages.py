"""What has to be there before an activity moves on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from entrepot.kernel.texts import Text, gettext_noop

from ..enums import ORDER, Stage


@dataclass(frozen=True, slots=True)
class Facts:
    """What is recorded of an activity, as counts. Evaluation adds what it knows (`extra`: texts of what is still missing for the close)."""

    objectives: bool = False
    outcomes: int = 0
    dates: bool = False
    started: bool = False
    over: bool = False
    seats: int = 0
    trainers: int = 0
    sessions: int = 0
    invitations: int = 0
    unanswered: int = 0
    deadline_passed: bool = False
    undecided: int = 0
    seated: int = 0
    unconfirmed: int = 0
    attended: int = 0
    extra: tuple[Text, ...] = ()


def following(stage: Stage) -> Stage | None:
    """The stage after this one; None after the last, and for what was cancelled."""
    return ORDER[ORDER.index(stage) + 1] if stage in ORDER[:-1] else None


def blockers(to: Stage, facts: Facts) -> tuple[Text, ...]:
    """What keeps an activity from `to`; empty where nothing does.

    >>> [str(text) for text in blockers(Stage.CONFIRMED, Facts(seated=3, undecided=1))]
    ['1 nominations are not decided.']
    """
    rows: dict[Stage, tuple[tuple[bool, str, Mapping[str, object]], ...]] = {
        Stage.INVITATION: (
            (not facts.objectives, gettext_noop("The objectives are not written."), {}),
            (not facts.outcomes, gettext_noop("No outcome says what participants will be able to do."), {}),
            (not facts.dates, gettext_noop("The dates and the deadline for nominations are not set."), {}),
            (not facts.seats, gettext_noop("The number of seats is not set."), {}),
            (not facts.invitations, gettext_noop("No Member has been chosen to be invited."), {}),
        ),
        Stage.SELECTION: (
            (
                facts.unanswered > 0 and not facts.deadline_passed,
                gettext_noop("%(n)s Members have not answered and the deadline has not passed."),
                {"n": facts.unanswered},
            ),
        ),
        Stage.CONFIRMED: (
            (facts.undecided > 0, gettext_noop("%(n)s nominations are not decided."), {"n": facts.undecided}),
            (not facts.seated, gettext_noop("Nobody has a seat."), {}),
        ),
        Stage.DELIVERED: (
            (not facts.sessions, gettext_noop("The agenda has no sessions."), {}),
            (not facts.over, gettext_noop("The last day has not passed."), {}),
            (not facts.attended, gettext_noop("No attendance is recorded."), {}),
        ),
        Stage.CLOSED: tuple((True, text.message, text.values) for text in facts.extra),
        Stage.FOLLOWED_UP: tuple((True, text.message, text.values) for text in facts.extra),
    }
    return tuple(Text(message, values) for blocked, message, values in rows.get(to, ()) if blocked)
