"""Our own forms, in our own words, one for each of those who take part; a form begins as one of these, or empty, or as another's copy.

Officer and supervisor answer the same keys, so that their answers stand side by side. The Member's form has the sections that the region's
good practice reports have.
"""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.kernel.texts import gettext_noop

from .questions import Question

RESPONSES, TAKEN, APPLIED = "responses", "actions", "application"
EFFECTS, EFFICIENCY, PROJECTS = "effects", "efficiency", "projects"
SECTIONS: dict[str, str] = {
    RESPONSES: gettext_noop("Responses"),
    TAKEN: gettext_noop("Follow-up actions taken"),
    APPLIED: gettext_noop("Application of what was learned"),
    EFFECTS: gettext_noop("Direct effects"),
    EFFICIENCY: gettext_noop("Efficiency and effectiveness"),
    PROJECTS: gettext_noop("Modernisation projects"),
}
"""The parts of the follow-up survey and of the reports made from it, in their order."""


@dataclass(frozen=True, slots=True)
class Template:
    """A form to begin with: which kind of form it makes, and its questions."""

    code: str
    kind: str
    title: str
    questions: tuple[Question, ...]


def _words(key: str, text: str, section: str = "") -> Question:
    return Question(key, text, "text", needed=False, section=section)


WORTH = "worth"
"""The key of the question for what the results are worth in a year; its unit is the currency (ISO 4217)."""


def _worth(text: str, section: str = "") -> tuple[Question, Question]:
    asked = Question(WORTH, text, "number", needed=False, section=section, least=0, unit="USD")
    return asked, Question("basis", gettext_noop("How did you arrive at that?"), "text", needed=False, section=section)


_OBSTACLES = (
    gettext_noop("time"),
    gettext_noop("money or equipment"),
    gettext_noop("the rules at home"),
    gettext_noop("support from above"),
    gettext_noop("colleagues do it another way"),
    gettext_noop("the officer moved to other work"),
    gettext_noop("nothing stood in the way"),
)

EXPECT = (
    Question("hope", gettext_noop("What do you want to be able to do afterwards that you cannot do now?"), "expectation"),
    Question("case", gettext_noop("Which case from your own work will you bring?"), "text", needed=False),
    Question("sure", gettext_noop("How sure are you of this subject today?"), "scale"),
    Question("support", gettext_noop("My supervisor has talked with me about what I should bring back"), "yes"),
)
REACTION = (
    Question("useful", gettext_noop("What I learned is useful for my work"), "scale"),
    Question("clear", gettext_noop("The trainers explained clearly"), "scale"),
    Question("practice", gettext_noop("There was enough practice"), "scale"),
    Question("pace", gettext_noop("The pace was right for me"), "scale"),
    Question("arrangements", gettext_noop("The arrangements were good"), "scale"),
    Question("best", gettext_noop("What will you use first?"), "text", needed=False),
    Question("change", gettext_noop("What should be different next time?"), "text", needed=False),
)
REACTION_LONG = (
    *REACTION[:5],
    Question("hope_met", gettext_noop("How far did you get what you hoped for?"), "scale", beside="hope", needed=False),
    Question(
        "sessions",
        gettext_noop("How useful was each part?"),
        "matrix",
        rows=(
            gettext_noop("Talks"),
            gettext_noop("Exercises"),
            gettext_noop("Cases from other Members"),
            gettext_noop("Planning what to do back home"),
        ),
    ),
    Question("sure", gettext_noop("How sure are you of this subject now?"), "scale"),
    Question(
        "missed",
        gettext_noop("What made it hard to follow?"),
        "several",
        options=(
            gettext_noop("the language"),
            gettext_noop("the line"),
            gettext_noop("too fast"),
            gettext_noop("too slow"),
            gettext_noop("work called me away"),
        ),
        shown_if="pace",
        shown_for=(1, 2, 3),
        needed=False,
    ),
    *REACTION[5:],
)


def _behaviour(applied: str, alone: str, taught: str) -> tuple[Question, ...]:
    return (
        Question("applied", applied, "scale", section=APPLIED),
        Question("alone", alone, "scale", section=APPLIED),
        Question("office", gettext_noop("Does your office work differently because of it?"), "yes", section=EFFECTS),
        Question("taught", taught, "yes", section=TAKEN),
        Question("effect", gettext_noop("What is better now? Give a case or a figure."), "text", needed=False, section=EFFECTS),
        Question("hindered", gettext_noop("What stood in the way?"), "text", needed=False, section=APPLIED),
    )


OFFICER = _behaviour(
    gettext_noop("How often do you use what you learned?"),
    gettext_noop("Can you do it without help?"),
    gettext_noop("Have you taught colleagues?"),
)
SUPERVISOR = _behaviour(
    gettext_noop("How often does the officer use what was learned?"),
    gettext_noop("Can the officer do it without help?"),
    gettext_noop("Has the officer taught colleagues?"),
)
MEMBER = (
    Question(
        "answered_by",
        gettext_noop("Whom did you ask before you answered?"),
        "several",
        section=RESPONSES,
        options=(
            gettext_noop("the officers who went"),
            gettext_noop("their supervisors"),
            gettext_noop("the training unit"),
            gettext_noop("nobody else"),
        ),
    ),
    Question(
        "taken",
        gettext_noop("What has the administration done because of it?"),
        "several",
        section=TAKEN,
        options=(
            gettext_noop("briefed colleagues"),
            gettext_noop("changed a procedure"),
            gettext_noop("bought or built something"),
            gettext_noop("asked for more training"),
            gettext_noop("nothing yet"),
        ),
    ),
    _words("taken_what", gettext_noop("Describe the most important action."), TAKEN),
    Question("applied", gettext_noop("How widely is what was learned applied?"), "scale", section=APPLIED),
    Question("hindered", gettext_noop("What stood in the way?"), "several", section=APPLIED, options=_OBSTACLES, needed=False),
    Question("effect", gettext_noop("Is there a direct effect that you can show?"), "yes", section=EFFECTS),
    Question(
        "effect_what",
        gettext_noop("Which effect, and how do you know? Give the figure and where it comes from."),
        "text",
        section=EFFECTS,
        shown_if="effect",
        shown_for=(1,),
    ),
    Question("faster", gettext_noop("Work is quicker or better than before"), "scale", section=EFFICIENCY),
    *_worth(gettext_noop("What would you say the results are worth to the administration in a year?"), EFFICIENCY),
    Question(
        "hours",
        gettext_noop("Hours of work saved in a month, if you have counted them"),
        "number",
        section=EFFICIENCY,
        needed=False,
        least=0,
        most=100_000,
        unit="h",
    ),
    Question("project", gettext_noop("Has a modernisation project begun because of it?"), "yes", section=PROJECTS),
    Question(
        "project_what",
        gettext_noop("Which project, who leads it, and what is it to achieve?"),
        "text",
        section=PROJECTS,
        shown_if="project",
        shown_for=(1,),
    ),
    Question(
        "project_begun", gettext_noop("When did it begin?"), "date", section=PROJECTS, shown_if="project", shown_for=(1,), needed=False
    ),
)
TRAINER = (
    Question("ready", gettext_noop("The participants had what they needed to follow"), "scale"),
    Question("level", gettext_noop("They were at the level that the course was made for"), "scale"),
    Question("time", gettext_noop("There was time for practice"), "scale"),
    Question("material", gettext_noop("The material is up to date"), "scale"),
    _words("outdated", gettext_noop("What has to be renewed before the next time?")),
    _words("again", gettext_noop("What would you do differently?")),
)
SPONSOR = (
    Question("aim", gettext_noop("The activity served what we paid for"), "scale"),
    Question("seen", gettext_noop("Have you seen a result that you could show others?"), "yes"),
    Question("seen_what", gettext_noop("Which?"), "text", shown_if="seen", shown_for=(1,)),
    *_worth(gettext_noop("What would you say its results are worth in a year?")),
    Question(
        "again",
        gettext_noop("Would you support it again?"),
        "choice",
        options=(gettext_noop("as it was"), gettext_noop("changed"), gettext_noop("no")),
    ),
)
MANAGEMENT = (
    Question("priority", gettext_noop("It served a priority of the administration"), "scale"),
    Question(
        "moved",
        gettext_noop("The indicator it was meant for has moved since"),
        "choice",
        options=(
            gettext_noop("to the better"),
            gettext_noop("not at all"),
            gettext_noop("to the worse"),
            gettext_noop("nobody measured it"),
        ),
    ),
    Question(
        "moved_what",
        gettext_noop("Which indicator, from what to what, and what else happened?"),
        "text",
        shown_if="moved",
        shown_for=(0, 2),
    ),
    Question("policy", gettext_noop("Have you changed a rule, a plan or a budget because of it?"), "yes"),
    Question("policy_what", gettext_noop("Which?"), "text", shown_if="policy", shown_for=(1,)),
)

LIBRARY: tuple[Template, ...] = (
    Template("expect", "expect", gettext_noop("Learner: what I hope for"), EXPECT),
    Template("reaction", "reaction", gettext_noop("Learner: what I thought of it"), REACTION),
    Template(
        "reaction_long", "reaction", gettext_noop("Learner: what I thought of it, with each part and what I hoped for"), REACTION_LONG
    ),
    Template("officer", "officer", gettext_noop("Learner, months later: what I do"), OFFICER),
    Template("supervisor", "supervisor", gettext_noop("Supervisor, months later: what the officer does"), SUPERVISOR),
    Template("trainer", "trainer", gettext_noop("Trainer: how it went"), TRAINER),
    Template("sponsor", "sponsor", gettext_noop("Sponsor: what it was worth"), SPONSOR),
    Template("management", "management", gettext_noop("Management: what moved"), MANAGEMENT),
    Template("member", "member", gettext_noop("Member, months later: one answer for the administration"), MEMBER),
)
DEFAULTS: dict[str, tuple[Question, ...]] = {
    "reaction": REACTION,
    "officer": OFFICER,
    "supervisor": SUPERVISOR,
    "member": MEMBER,
}
"""What an activity asks where nobody built a form of its own."""


def template(code: str) -> Template | None:
    """The template with this code."""
    return next((one for one in LIBRARY if one.code == code), None)
