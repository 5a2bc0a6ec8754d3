"""What the codes that needs keep are called."""

from entrepot.capacity.competencies.enums import LEVELS
from entrepot.shell.templatetags.shell import naming

from ..enums import MODES, NEED_STATES, NEED_TONES, URGENCIES

register = naming(LEVELS, URGENCIES, NEED_STATES, MODES, tones=NEED_TONES)
