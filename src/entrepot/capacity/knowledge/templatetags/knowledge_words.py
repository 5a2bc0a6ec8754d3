"""What the codes that knowledge keeps are called."""

from entrepot.shell.templatetags.shell import naming

from ..enums import PRACTICE_STATES, WORKED

register = naming(PRACTICE_STATES, WORKED)
