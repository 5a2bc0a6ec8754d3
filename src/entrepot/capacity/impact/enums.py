"""How Members are compared, what can be said, and how strong a link is."""

from enum import StrEnum

from entrepot.kernel.texts import gettext_noop


class Method(StrEnum):
    """With whom, or with what, Members that took part are compared."""

    DIFFERENCES = "differences"
    MATCHED = "matched"
    INTERRUPTED = "interrupted"


METHODS = {
    Method.DIFFERENCES: gettext_noop("with all Members that did not take part (differences in differences)"),
    Method.MATCHED: gettext_noop("each with the Member most like it before (matched pairs)"),
    Method.INTERRUPTED: gettext_noop("with nobody: one series, before and after a date"),
}


class Verdict(StrEnum):
    """What can be said. Only the first two speak of the activity; both need a comparison."""

    SHOWN = "shown"
    OPPOSITE = "opposite"
    RULED_OUT = "ruled_out"
    CANNOT_TELL = "cannot_tell"


VERDICTS = {
    Verdict.SHOWN: gettext_noop("Shown by comparison"),
    Verdict.OPPOSITE: gettext_noop("Shown, the other way"),
    Verdict.RULED_OUT: gettext_noop("No difference that matters"),
    Verdict.CANNOT_TELL: gettext_noop("Cannot tell"),
}


class Reason(StrEnum):
    """Why nothing can be said."""

    NO_PLAN = "no_plan"
    NO_COMPARISON = "no_comparison"
    LOOKED_FIRST = "looked_first"
    FEW_MEMBERS = "few_members"
    FEW_PERIODS = "few_periods"
    NOT_YET = "not_yet"
    APART = "apart"
    NOT_ALIKE = "not_alike"
    WIDE = "wide"


class Grade(StrEnum):
    """How strong the evidence of a link is, weakest first."""

    CLAIMED = "claimed"
    CORROBORATED = "corroborated"
    MEASURED = "measured"
    COMPARED = "compared"


GRADES = {
    Grade.CLAIMED: gettext_noop("claimed"),
    Grade.CORROBORATED: gettext_noop("corroborated"),
    Grade.MEASURED: gettext_noop("measured"),
    Grade.COMPARED: gettext_noop("compared"),
}
GRADE_NOTES = {
    Grade.CLAIMED: gettext_noop("one person says so"),
    Grade.CORROBORATED: gettext_noop("a second person, who need not, says so too"),
    Grade.MEASURED: gettext_noop("a figure from before and one from after are kept"),
    Grade.COMPARED: gettext_noop("set beside Members that did not take part, by a plan written down first"),
}


class Step(StrEnum):
    """Which two things a link ties."""

    DONE = "done"
    MOVED = "moved"


STEPS = {
    Step.DONE: gettext_noop("from the activity to what was done at home"),
    Step.MOVED: gettext_noop("from what was done at home to the figure"),
}

VERDICT_TONES: dict[StrEnum, str] = {Verdict.SHOWN: "ok", Verdict.OPPOSITE: "stop", Verdict.RULED_OUT: "sea", Verdict.CANNOT_TELL: "warn"}
GRADE_TONES: dict[StrEnum, str] = {Grade.CORROBORATED: "sea", Grade.MEASURED: "sea", Grade.COMPARED: "ok"}
TONES: dict[StrEnum, str] = {**VERDICT_TONES, **GRADE_TONES}
"""How a verdict and the grade of a link are drawn."""
