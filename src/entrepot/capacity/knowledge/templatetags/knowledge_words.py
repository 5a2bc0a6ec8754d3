"""What the codes that knowledge keeps are called."""

from entrepot.shell.templatetags.shell import naming

from ..core.likeness import LIKENESSES
from ..enums import (
    COST_CLASSES,
    OPINIONS,
    PRACTICE_KINDS,
    PRACTICE_STATES,
    RETIRED_BECAUSE,
    SIGHTS,
    SUPPLIERS,
    TONES,
    WORKED,
)

_VOCABULARIES = (PRACTICE_STATES, WORKED, PRACTICE_KINDS, OPINIONS, RETIRED_BECAUSE, SUPPLIERS, COST_CLASSES, SIGHTS, LIKENESSES)
register = naming(*_VOCABULARIES, tones=TONES)
