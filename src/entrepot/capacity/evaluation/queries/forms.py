"""The forms of activities, for whoever builds them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from ..models import Form


def forms_listed(activity: Any) -> dict[str, Any]:
    """{kind: the current version of each form of an activity}, with how many were asked and answered over all versions."""
    counts = {
        row["kind"]: row
        for row in Form.objects.filter(activity=activity)
        .values("kind")
        .annotate(asked=Count("asks"), answered=Count("asks", filter=Q(asks__answered_at__isnull=False)))
    }
    found = {}
    for form in Form.objects.filter(activity=activity, current=True):
        found[form.kind] = {"form": form, "asked": counts[form.kind]["asked"], "answered": counts[form.kind]["answered"]}
    return found


def forms_to_copy(forms: QuerySet[Form], activity: Any) -> list[Form]:
    """The latest forms of other activities of the region, ten at most of each kind, that may be copied."""
    rows = forms.filter(current=True, activity__region=activity.region_id).exclude(activity=activity).exclude(questions=[])
    found: dict[str, list[Form]] = {}
    for form in rows.select_related("activity").order_by("-pk")[:300]:
        found.setdefault(form.kind, []).append(form)
    return [form for kind in found.values() for form in kind[:10]]
