"""Publishing the report of an activity: what is published is frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.capacity.training.api import activity_rules
from entrepot.capacity.training.enums import Stage
from entrepot.ground.journal.api import action, append
from entrepot.ground.keeping.api import hold
from entrepot.kernel.errors import Conflict
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import gettext_noop

from ..models import Report
from ..queries import report_body


class AlreadyPublished(Conflict):
    """A published report is frozen."""

    code = "report-published"
    message = gettext_noop("The report is published and frozen. A correction is a new edition.")


@action
def publish_report(*, by: Principal, at: datetime, activity: UUID) -> Report:
    """Freeze the report of a closed activity: figures and text as they are now, and their digest."""
    held = hold(activity_rules.visible_to(by).select_related("region", "host", "competency"), activity)
    activity_rules.require(by, "design", held)
    if held.stage not in (Stage.CLOSED, Stage.FOLLOWED_UP):
        raise Conflict(gettext_noop("A report is published once the activity is closed."))
    if Report.objects.filter(activity=held).exists():
        raise AlreadyPublished
    body = report_body(held)
    digest = digest_of(body)
    report = Report.objects.create(activity=held, published_at=at, by_uuid=by.uuid, body=body, digest=digest)
    append(by=by, at=at, verb="evaluation.report.published", thing=report, place=held.region.lineage, facts={"digest": digest})
    return report


def digest_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of a report's content as canonical JSON."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
