"""What the codes that this room keeps are called."""

from entrepot.shell.templatetags.shell import naming

from ..enums import GRADES, METHODS, STEPS, TONES, VERDICTS

register = naming(GRADES, METHODS, STEPS, VERDICTS, tones=TONES)
