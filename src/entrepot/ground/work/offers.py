"""What `work` contributes: nothing to the pages; it runs what others offer."""

from entrepot.kernel.offers import Offers

OFFERS = Offers()
