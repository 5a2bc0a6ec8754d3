"""What `limits` contributes: levels that have drained are removed. It holds nothing about a person that could be read."""

from datetime import timedelta

from entrepot.kernel.offers import Offers, RecurringJob

OFFERS = Offers(jobs=[RecurringJob("limits.clear", timedelta(hours=6), "limits.clear")])
