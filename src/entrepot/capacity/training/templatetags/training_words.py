"""What the codes that training keeps are called."""

from entrepot.capacity.competencies.enums import LEVELS
from entrepot.capacity.needs.enums import MODES, URGENCIES
from entrepot.shell.templatetags.shell import naming

from ..core import said
from ..enums import INVITATION_STATES, OUTCOMES, RELEASES, STAGES, TONES

register = naming(LEVELS, MODES, URGENCIES, STAGES, INVITATION_STATES, RELEASES, OUTCOMES, tones=TONES)
register.filter("said", said)
