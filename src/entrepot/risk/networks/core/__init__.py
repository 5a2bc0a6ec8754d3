"""Links, communities and rules over several declarations. Numbers in, alerts out."""

from .alerts import Alert, borrowed, precision_of, rings, splits
from .links import Links, communities, components, links

__all__ = ["Alert", "Links", "borrowed", "communities", "components", "links", "precision_of", "rings", "splits"]
