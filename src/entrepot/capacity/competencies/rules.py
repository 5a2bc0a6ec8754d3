"""Everyone reads the catalogue."""

from __future__ import annotations

from entrepot.ground.keeping.api import Anyone, Rules

from .models import Competency, Topic


class TopicRules(Rules[Topic]):
    """Topics are public."""

    model = Topic
    thing = "topic"
    scope = "competencies"
    verbs = {"view": [Anyone()]}


class CompetencyRules(Rules[Competency]):
    """Competencies are public."""

    model = Competency
    thing = "competency"
    scope = "competencies"
    verbs = {"view": [Anyone()]}


topic_rules = TopicRules()
competency_rules = CompetencyRules()
