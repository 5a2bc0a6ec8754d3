"""After an upgrade, as a process of its own: an old form with its answer says now what it said then."""

from __future__ import annotations

import django

django.setup()

from entrepot.capacity.evaluation.core import read_questions  # noqa: E402
from entrepot.capacity.evaluation.enums import FormKind  # noqa: E402
from entrepot.capacity.evaluation.models import ActionItem, Ask, ItemUpdate  # noqa: E402
from entrepot.capacity.evaluation.queries import Given  # noqa: E402


def main() -> None:
    """Read the form, its answer and the item that was done, through what reads them today."""
    ask = Ask.objects.select_related("form__activity", "nomination__invitation").get()
    form = ask.form
    assert (form.number, form.current, form.frozen_at) == (1, True, ask.answered_at), "it counts as the first version, frozen by its answer"
    assert read_questions(form.questions)[0].in_words(ask.answers["useful"]) == "4 / 5"
    ((question, tally),) = Given(form.activity, whole=True).tallies(FormKind.REACTION, of=1)
    assert (question.key, tally.n, tally.total) == ("useful", 1, 4)
    assert ask.place_id == ask.nomination.invitation.place_id
    item = ActionItem.objects.get()
    assert item.done_at == ItemUpdate.objects.get().at
    print("an old form is read")


if __name__ == "__main__":
    main()
