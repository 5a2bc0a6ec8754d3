"""What the codes that community keeps are called."""

from entrepot.shell.templatetags.shell import naming

from ..enums import SIGHTS

register = naming(SIGHTS)
