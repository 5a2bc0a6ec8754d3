"""x"""

from entrepot.kernel.offers import Offers

OFFERS = Offers()
