"""What competencies contribute: the first catalogue."""

from entrepot.kernel.offers import Offers

from .actions import load_catalogue

OFFERS = Offers(packs=[load_catalogue], rest=[("/competencies", "entrepot.capacity.competencies.rest.router")])
