"""The verdict in plain sentences. No sentence speaks of cause where no comparison does: `causal` finds the words that would."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from entrepot.kernel.texts import Text, gettext_noop

from ..enums import Method, Reason, Verdict
from .promise import Promise
from .reckoning import FEWEST_BEFORE, FEWEST_PAIRS, FEWEST_SIDE, FEWEST_SIDE_OF_DATE, Check, Found, Plan
from .worth import Worth, returned

CAUSAL = re.compile(
    r"\b(caus\w*|because|due to|owing to|thanks to|led to|leads? to|result(?:s|ed|ing)? (?:in|from|of)|effect(?:s|ive\w*|ed)?|affect\w*"
    r"|impact\w*|influenc\w*|contribut\w*|attribut\w*|achiev\w*|improv\w*|reduc(?:ed|es|ing|tion)|increas(?:ed|es|ing)"
    r"|rais(?:ed|es|ing)|lower(?:ed|s|ing)|brought about|bring(?:s|ing)? about|made the difference|makes? (?:the|a) difference"
    r"|produc(?:ed|es|ing)|worked|success\w*|benefit\w*|explain(?:s|ed)?|explanation|outcome of|consequence\w*|driv(?:en|es|ing) by"
    r"|gain(?:s|ed)? from|the activity made it|had a part in it)\b",
    re.IGNORECASE,
)
"""English words that say, or let one hear, that one thing came of another."""


def causal(text: str) -> str:
    """The first word of `text` that speaks of cause, or "".

    >>> causal("Refusals fell because of the workshop"), causal("Refusals fell after the workshop")
    ('because', '')
    """
    found = CAUSAL.search(text)
    return found.group(0) if found else ""


def figure(value: float, like: float | None = None) -> str:
    """A figure in three significant digits, or as precisely as two digits of `like` (an interval's half-width) go.

    >>> figure(-1234.6), figure(0.04567), figure(2), figure(0.00375, 0.13)
    ('−1235', '0.0457', '2', '0')
    """
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞"
    size = abs(like) if like and math.isfinite(like) else abs(value)
    if size == 0:
        return "0"
    digits = max(0, (1 if like else 2) - math.floor(math.log10(size)))
    text = f"{abs(value):.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("−" if value < 0 and text.strip("0.") else "") + text


def differing(unit: str) -> object:
    """The unit of a difference: percentages differ by percentage points."""
    return Text(gettext_noop("percentage points")) if unit.strip() == "%" else unit


_LESS, _MORE = gettext_noop("less"), gettext_noop("more")


def in_words(found: Found, unit: str) -> list[Text]:
    """What came out, in sentences. Values of the texts are figures in words, and `unit` as the indicator has it."""
    if found.broken is not None:
        return _series(found, unit)
    if found.estimate is None:
        return [Text(gettext_noop("Nothing can be said."))]
    estimate = found.estimate
    wide = (estimate.high - estimate.low) / 2
    values = {
        "value": figure(abs(estimate.value), wide),
        "way": Text(_LESS if estimate.value < 0 else _MORE),
        "unit": differing(unit),
        "low": figure(estimate.low, wide),
        "high": figure(estimate.high, wide),
        "part": estimate.taking_part,
        "others": estimate.others,
    }
    said = [
        Text(
            gettext_noop(
                "From the periods before to those after, %(part)s Members that took part moved by %(value)s %(unit)s %(way)s than the "
                "%(others)s they are compared with (95 %% interval %(low)s to %(high)s)."
            ),
            values,
        )
    ]
    return said + _closing(found)


def _closing(found: Found) -> list[Text]:
    assert found.estimate is not None
    in_hundred = 100 * found.estimate.chance
    chance = {"chance": f"{in_hundred:.0f}" if in_hundred >= 1 else Text(gettext_noop("fewer than one"))}
    match found.verdict:
        case Verdict.SHOWN | Verdict.OPPOSITE:
            good = found.verdict is Verdict.SHOWN
            closing = [
                Text(
                    gettext_noop(
                        "Had chance alone decided who took part, a difference like this would come up %(chance)s times in a hundred."
                    ),
                    chance,
                ),
                Text(
                    gettext_noop("What to look for was written down first, and the comparison supports that the activity made it.")
                    if good
                    else gettext_noop("The figure moved the wrong way, and the comparison supports that the activity had a part in it.")
                ),
            ]
            if any(check.code == "alone" and check.holds is False for check in found.checks):
                closing.append(Text(gettext_noop("One Member carries it: without that one, the difference changes its sign.")))
            return closing
        case Verdict.RULED_OUT:
            return [Text(gettext_noop("A difference as large as was worth knowing is ruled out, in either direction."))]
        case _:
            return [Text(gettext_noop("That does not settle it."))]


def _series(found: Found, unit: str) -> list[Text]:
    broken = found.broken
    assert broken is not None
    wide = (broken.high - broken.low) / 2
    told = {name: figure(value, wide) for name, value in (("value", broken.value), ("low", broken.low), ("high", broken.high))}
    values = {**told, "unit": differing(unit)}
    there = broken.chance <= 0.05
    said = (
        gettext_noop("The line breaks at the date: by %(value)s %(unit)s on average after it (95 %% interval %(low)s to %(high)s).")
        if there
        else gettext_noop("No break in the line is to be seen at the date (%(value)s %(unit)s; 95 %% interval %(low)s to %(high)s).")
    )
    more = gettext_noop("Whatever else happened at that date would look the same: one series has nobody to be compared with.")
    return [Text(said, values), Text(more)]


def _amount(value: float, like: float) -> object:
    """An amount of money, in whole units and no more exactly than two digits of `like`."""
    if not math.isfinite(value):
        return figure(value)
    step = 10 ** max(0, math.floor(math.log10(like)) - 1) if math.isfinite(like) and like > 0 else 1
    return Decimal(round(value / step) * step)


def in_money(found: Found, plan: Plan, worth: Worth, cost: float | None, *, spent: bool) -> list[Text]:
    """What the difference comes to in money, in sentences; where the comparison shows none, that nothing is multiplied."""
    back = returned(found, plan, worth, cost)
    if back is None or found.estimate is None:
        return [Text(gettext_noop("Nothing is turned into money: no comparison shows a difference that could be."))]
    wide = (back.high - back.low) / 2
    values = {name: _amount(value, wide) for name, value in (("value", back.value), ("low", back.low), ("high", back.high))}
    money: dict[str, object] = {**values, "currency": worth.currency, "part": found.estimate.taking_part, "periods": plan.after}
    comes_to = gettext_noop(
        "At the %(part)s Members that took part, over %(periods)s periods, the difference comes to %(value)s %(currency)s (95 %% interval "
        "%(low)s to %(high)s), at the worth of a unit that was written down before anyone looked."
    )
    said = [Text(comes_to, money)]
    if back.for_one is None:
        unknown = gettext_noop("What the activity cost is not known in %(currency)s alone: nothing is divided.")
        free = gettext_noop("The activity cost nothing: nothing is divided.")
        said.append(Text(unknown if cost is None else free, {"currency": worth.currency}))
    else:
        value, low, high = back.for_one
        wide = (high - low) / 2
        each = {name: figure(part, wide) for name, part in (("value", value), ("low", low), ("high", high))}
        words = (
            gettext_noop("The activity cost %(cost)s %(currency)s: %(value)s for each one spent (%(low)s to %(high)s).")
            if spent
            else gettext_noop("The activity was planned at %(cost)s %(currency)s: %(value)s for each one planned (%(low)s to %(high)s).")
        )
        said.append(Text(words, {**each, "cost": Decimal(round(cost or 0)), "currency": worth.currency}))
    kept = gettext_noop(
        "The interval is that of the comparison; how well the worth of a unit is known is not in it. Later periods are not added."
    )
    return [*said, Text(kept)]


_WHY = {
    Reason.NO_PLAN: gettext_noop("No plan was written down before anyone looked."),
    Reason.NO_COMPARISON: gettext_noop("There is nobody to compare with."),
    Reason.LOOKED_FIRST: gettext_noop(
        "The figures were looked at before the plan was written down: what is found that way is a question, no answer."
    ),
    Reason.FEW_MEMBERS: gettext_noop("There are too few Members."),
    Reason.FEW_PERIODS: gettext_noop("There are too few periods before."),
    Reason.NOT_YET: gettext_noop("The last period of the plan is not over, or its figures are not here."),
    Reason.APART: gettext_noop("The two groups were moving apart before anyone began."),
    Reason.NOT_ALIKE: gettext_noop("No group of Members is alike enough to those that took part."),
    Reason.WIDE: gettext_noop("The figures vary too much from Member to Member and from period to period for so few of them."),
}


def explained(found: Found) -> list[Text]:
    """Why nothing can be said, a sentence for each reason."""
    return [Text(_WHY[reason]) for reason in found.reasons]


_WANTED = {
    Reason.NO_PLAN: gettext_noop("Write a plan: the figure, the Members compared, the dates, and the smallest difference worth knowing."),
    Reason.NO_COMPARISON: gettext_noop(
        "The same figure of at least %(others)s Members that did not take part, or not yet, over the same periods."
    ),
    Reason.LOOKED_FIRST: gettext_noop("A new plan for the next time: another round of the activity, or Members that begin later."),
    Reason.FEW_MEMBERS: gettext_noop("At least %(others)s Members on each side, and at least nine in all."),
    Reason.FEW_PERIODS: gettext_noop("At least %(periods)s periods before the first beginning, for every Member."),
    Reason.NOT_YET: gettext_noop("Figures up to the last period of the plan; then the analysis opens."),
    Reason.APART: gettext_noop("Members that moved alike before: matched pairs, or a narrower group."),
    Reason.NOT_ALIKE: gettext_noop("More Members to choose from, so that each finds one like it."),
}


def wanted(found: Found, plan: Plan | None, promised: Promise | None, unit: str) -> list[Text]:
    """What would allow an answer: how many Members or periods, or which comparison."""
    matched, alone = (plan is not None and plan.method is method for method in (Method.MATCHED, Method.INTERRUPTED))
    values = {"others": FEWEST_PAIRS if matched else FEWEST_SIDE, "periods": FEWEST_SIDE_OF_DATE if alone else FEWEST_BEFORE}
    said: list[Text] = []
    for reason in found.reasons:
        said += _enough(plan, promised, unit) if reason is Reason.WIDE else [Text(_WANTED[reason], values)]
    return said


def _enough(plan: Plan | None, promised: Promise | None, unit: str) -> list[Text]:
    if plan is None or promised is None or promised.members is None:
        return [Text(gettext_noop("More Members, or more periods on either side."))]
    words = gettext_noop(
        "About %(n)s Members in all, in the same proportion, would tell a difference of %(smallest)s %(unit)s four times in five."
    )
    return [Text(words, {"n": promised.members, "smallest": figure(plan.smallest), "unit": differing(unit)})]


def promised_in_words(promised: Promise | None, plan: Plan, unit: str) -> list[Text]:
    """What a plan can find, before anyone looks."""
    if promised is None:
        return [Text(gettext_noop("As it stands this plan can find nothing: see what is missing."))]
    values = {
        "least": figure(promised.least),
        "unit": differing(unit),
        "smallest": figure(plan.smallest),
        "power": round(100 * promised.power),
        "spread": figure(promised.noise.spread),
        "rho": figure(promised.noise.rho),
    }
    said = [
        Text(gettext_noop("The least difference that this plan finds four times in five: %(least)s %(unit)s."), values),
        Text(
            gettext_noop("A difference of %(smallest)s %(unit)s, the smallest worth knowing, would be found %(power)s times in a hundred."),
            values,
        ),
    ]
    if promised.members is not None:
        said += _enough(plan, promised, unit)
    noise = gettext_noop(
        "Reckoned from the periods before alone: a Member’s figure varies by %(spread)s %(unit)s, and remembers %(rho)s of it from one "
        "period to the next."
    )
    return [*said, Text(noise, values)]


CHECKS = {
    "apart": gettext_noop("The groups moved together before"),
    "alone": gettext_noop("No single Member carries it"),
    "alike": gettext_noop("Paired Members are alike"),
    "overlap": gettext_noop("Enough Members have one like them"),
    "residual": gettext_noop("The model leaves no memory behind"),
}


def checked(check: Check, unit: str) -> Text:
    """What a check was judged by."""
    told = {name: figure(value) for name, value in check.figures.items()} | {"unit": differing(unit)}
    match check.code:
        case "apart" if check.figures:
            return Text(gettext_noop("difference in slope %(slope)s %(unit)s a period, p = %(chance)s"), told)
        case "alone" if check.figures:
            return Text(gettext_noop("leaving out one at a time: %(least)s to %(greatest)s %(unit)s"), told)
        case "alike" if check.figures:
            return Text(gettext_noop("standard deviations apart: level %(level)s, slope %(slope)s"), told)
        case "residual" if check.figures:
            return Text(gettext_noop("memory modelled %(rho)s, left over %(left)s"), told)
    return Text(gettext_noop("could not be looked at") if check.holds is None else gettext_noop("see above"))
