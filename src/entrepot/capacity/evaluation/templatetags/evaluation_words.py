"""What the codes that evaluation keeps are called."""

from entrepot.shell.templatetags.shell import naming

from ..enums import DROP_REASONS, FORM_KINDS, ITEM_STATES

register = naming(FORM_KINDS, ITEM_STATES, DROP_REASONS)
