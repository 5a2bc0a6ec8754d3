"""Where a practice stands, who may see it, what reviewers say, and how its use by another Member went."""

from enum import StrEnum

from entrepot.kernel.texts import gettext_noop


class PracticeKind(StrEnum):
    """What sort of entry it is."""

    PRACTICE = "practice"
    TECHNOLOGY = "technology"


PRACTICE_KINDS = {
    PracticeKind.PRACTICE: gettext_noop("good practice"),
    PracticeKind.TECHNOLOGY: gettext_noop("technology case"),
}


class PracticeState(StrEnum):
    """Where a practice stands."""

    DRAFT = "draft"
    CLEARED = "cleared"
    PUBLISHED = "published"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


PRACTICE_STATES = {
    PracticeState.DRAFT: gettext_noop("draft"),
    PracticeState.CLEARED: gettext_noop("cleared by the Member"),
    PracticeState.PUBLISHED: gettext_noop("published"),
    PracticeState.RETIRED: gettext_noop("retired"),
    PracticeState.WITHDRAWN: gettext_noop("clearance withdrawn"),
}
UNDER_WAY = (PracticeState.DRAFT, PracticeState.CLEARED)
IN_SIGHT = (PracticeState.PUBLISHED, PracticeState.RETIRED)
"""In these states it is seen as far as its visibility says; a retired one says why."""


class Sight(StrEnum):
    """How far a published practice is seen, as its Member decides."""

    OWN = "own"
    REGION = "region"
    PUBLIC = "public"


SIGHTS = {
    Sight.OWN: gettext_noop("our own people"),
    Sight.REGION: gettext_noop("people of the region, signed in"),
    Sight.PUBLIC: gettext_noop("everyone"),
}


class Opinion(StrEnum):
    """What a reviewer says."""

    FIT = "fit"
    CHANGES = "changes"


OPINIONS = {Opinion.FIT: gettext_noop("fit to publish"), Opinion.CHANGES: gettext_noop("changes asked")}


class RetiredBecause(StrEnum):
    """Why a practice was retired."""

    OUTDATED = "outdated"
    REPLACED = "replaced"
    FAILED = "failed"
    STOPPED = "stopped"


RETIRED_BECAUSE = {
    RetiredBecause.OUTDATED: gettext_noop("law or systems have changed"),
    RetiredBecause.REPLACED: gettext_noop("something better took its place"),
    RetiredBecause.FAILED: gettext_noop("it did not hold where others tried it"),
    RetiredBecause.STOPPED: gettext_noop("the Member no longer does it"),
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


class Supplier(StrEnum):
    """Where a technology came from."""

    INHOUSE = "inhouse"
    VENDOR = "vendor"
    OPEN = "open"
    PARTNER = "partner"
    MIXED = "mixed"


SUPPLIERS = {
    Supplier.INHOUSE: gettext_noop("built in-house"),
    Supplier.VENDOR: gettext_noop("bought from a supplier"),
    Supplier.OPEN: gettext_noop("open source"),
    Supplier.PARTNER: gettext_noop("given by a partner or another Member"),
    Supplier.MIXED: gettext_noop("a mix of these"),
}


class CostClass(StrEnum):
    """What a technology cost in its first year, staff time apart, in US dollars."""

    NONE = "none"
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"
    UNSAID = "unsaid"


COST_CLASSES = {
    CostClass.NONE: gettext_noop("under 5,000 USD"),
    CostClass.LOW: gettext_noop("5,000 to 50,000 USD"),
    CostClass.MIDDLE: gettext_noop("50,000 to 500,000 USD"),
    CostClass.HIGH: gettext_noop("over 500,000 USD"),
    CostClass.UNSAID: gettext_noop("cost not said"),
}

_STATE_TONES: dict[StrEnum, str] = {
    **dict.fromkeys(UNDER_WAY, "warn"),
    PracticeState.PUBLISHED: "ok",
    PracticeState.RETIRED: "stop",
    PracticeState.WITHDRAWN: "stop",
}
_OPINION_TONES: dict[StrEnum, str] = {Opinion.FIT: "ok", Opinion.CHANGES: "warn"}
_WORKED_TONES: dict[StrEnum, str] = {Worked.YES: "ok", Worked.PARTLY: "warn", Worked.NO: "stop", Worked.EARLY: "warn"}
TONES: dict[StrEnum, str] = {**_STATE_TONES, **_OPINION_TONES, **_WORKED_TONES}
"""How a practice's state, a reviewer's opinion and what came of an adoption are drawn."""
