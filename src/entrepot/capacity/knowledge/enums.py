"""Where a practice stands, and how its use by another Member went."""

from enum import StrEnum

from entrepot.kernel.texts import gettext_noop


class PracticeState(StrEnum):
    """Where a practice stands."""

    DRAFT = "draft"
    CLEARED = "cleared"
    PUBLISHED = "published"
    RETIRED = "retired"


PRACTICE_STATES = {
    PracticeState.DRAFT: gettext_noop("draft"),
    PracticeState.CLEARED: gettext_noop("cleared by the Member"),
    PracticeState.PUBLISHED: gettext_noop("published"),
    PracticeState.RETIRED: gettext_noop("retired"),
}


class Worked(StrEnum):
    """How it went where it was tried."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    EARLY = "early"


WORKED = {
    Worked.YES: gettext_noop("it worked"),
    Worked.PARTLY: gettext_noop("it worked in part"),
    Worked.NO: gettext_noop("tried, did not work"),
    Worked.EARLY: gettext_noop("too early to say"),
}
