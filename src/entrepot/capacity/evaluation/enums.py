"""Kinds of form and who answers them, levels of evaluation, states of an action item."""

from enum import StrEnum

from entrepot.kernel.texts import gettext_noop


class FormKind(StrEnum):
    """When a form is answered and by whom."""

    EXPECT = "expect"
    PRE = "pre"
    POST = "post"
    REACTION = "reaction"
    TRAINER = "trainer"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    MEMBER = "member"
    MANAGEMENT = "management"
    SPONSOR = "sponsor"


FORM_KINDS = {
    FormKind.EXPECT: gettext_noop("Before: what do you hope for?"),
    FormKind.PRE: gettext_noop("Test before"),
    FormKind.POST: gettext_noop("Test after"),
    FormKind.REACTION: gettext_noop("What did you think of it?"),
    FormKind.TRAINER: gettext_noop("The trainers: how it went"),
    FormKind.OFFICER: gettext_noop("Months later: the officer"),
    FormKind.SUPERVISOR: gettext_noop("Months later: the supervisor"),
    FormKind.MEMBER: gettext_noop("Months later: the administration"),
    FormKind.MANAGEMENT: gettext_noop("Management: what moved"),
    FormKind.SPONSOR: gettext_noop("Sponsor: what it was worth"),
}
FOLLOW_UP = (FormKind.OFFICER, FormKind.SUPERVISOR)
"""Asked months later about each participant."""
LATER = (*FOLLOW_UP, FormKind.MEMBER)
"""Asked months later."""
TESTS = (FormKind.PRE, FormKind.POST)
OF_PARTICIPANT = (FormKind.EXPECT, FormKind.PRE, FormKind.POST, FormKind.REACTION)
"""Answered by a participant on their page."""
OF_OTHERS = (FormKind.TRAINER, FormKind.MANAGEMENT, FormKind.SPONSOR)
"""Put to people whom the office names, about the activity as a whole."""


class EvaluationLevel(StrEnum):
    """The five levels, from what people thought to what it was worth."""

    REACTION = "reaction"
    LEARNING = "learning"
    BEHAVIOUR = "behaviour"
    RESULTS = "results"
    RETURN = "return"


LEVELS = {
    EvaluationLevel.REACTION: gettext_noop("1 Reaction"),
    EvaluationLevel.LEARNING: gettext_noop("2 Learning"),
    EvaluationLevel.BEHAVIOUR: gettext_noop("3 Behaviour"),
    EvaluationLevel.RESULTS: gettext_noop("4 Results"),
    EvaluationLevel.RETURN: gettext_noop("5 Return"),
}
LEVEL_OF = {
    FormKind.EXPECT: EvaluationLevel.REACTION,
    FormKind.REACTION: EvaluationLevel.REACTION,
    FormKind.TRAINER: EvaluationLevel.REACTION,
    FormKind.PRE: EvaluationLevel.LEARNING,
    FormKind.POST: EvaluationLevel.LEARNING,
    FormKind.OFFICER: EvaluationLevel.BEHAVIOUR,
    FormKind.SUPERVISOR: EvaluationLevel.BEHAVIOUR,
    FormKind.MEMBER: EvaluationLevel.RESULTS,
    FormKind.MANAGEMENT: EvaluationLevel.RESULTS,
    FormKind.SPONSOR: EvaluationLevel.RETURN,
}

QUESTION_KINDS = {
    "scale": gettext_noop("scale of 1 to 5"),
    "choice": gettext_noop("one of several answers"),
    "several": gettext_noop("any of several answers"),
    "matrix": gettext_noop("a scale for each row"),
    "yes": gettext_noop("yes or no"),
    "number": gettext_noop("number"),
    "date": gettext_noop("date"),
    "text": gettext_noop("words"),
    "expectation": gettext_noop("expectation, in words"),
}


class ItemState(StrEnum):
    """Where an action item stands."""

    PLANNED = "planned"
    STARTED = "started"
    DONE = "done"
    DROPPED = "dropped"


ITEM_STATES = {
    ItemState.PLANNED: gettext_noop("planned"),
    ItemState.STARTED: gettext_noop("started"),
    ItemState.DONE: gettext_noop("done"),
    ItemState.DROPPED: gettext_noop("dropped"),
}


class DropReason(StrEnum):
    """Why an item was dropped."""

    MOVED = "moved"
    NO_SUPPORT = "no_support"
    NO_MEANS = "no_means"
    NOT_NEEDED = "not_needed"
    OTHER = "other"


DROP_REASONS = {
    DropReason.MOVED: gettext_noop("the officer moved to another post"),
    DropReason.NO_SUPPORT: gettext_noop("no support from above"),
    DropReason.NO_MEANS: gettext_noop("no money, time or equipment"),
    DropReason.NOT_NEEDED: gettext_noop("no longer needed"),
    DropReason.OTHER: gettext_noop("another reason"),
}

ITEM_TONES = {ItemState.PLANNED: "warn", ItemState.STARTED: "warn", ItemState.DONE: "ok", ItemState.DROPPED: "stop"}
"""How an action item's state is drawn; one that is overdue is drawn as `stop`."""
