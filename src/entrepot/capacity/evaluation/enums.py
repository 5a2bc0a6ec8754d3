"""Kinds of form, states of an action item."""

from enum import StrEnum

from entrepot.kernel.texts import gettext_noop


class FormKind(StrEnum):
    """When a form is answered and by whom."""

    PRE = "pre"
    POST = "post"
    REACTION = "reaction"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"


FORM_KINDS = {
    FormKind.PRE: gettext_noop("Test before"),
    FormKind.POST: gettext_noop("Test after"),
    FormKind.REACTION: gettext_noop("What did you think of it?"),
    FormKind.OFFICER: gettext_noop("Months later: the officer"),
    FormKind.SUPERVISOR: gettext_noop("Months later: the supervisor"),
}
FOLLOW_UP = (FormKind.OFFICER, FormKind.SUPERVISOR)
TESTS = (FormKind.PRE, FormKind.POST)


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
