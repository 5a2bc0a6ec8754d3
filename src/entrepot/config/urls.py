"""Every address of the product. The access matrix in tests/house is made from this table."""

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.usersessions.views import list_usersessions
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter
from django.views.i18n import set_language

from entrepot.desk.rest.api import api
from entrepot.desk.web.arriving import sign_in
from entrepot.desk.web.leaving import sign_out


class Base36(StringConverter):
    """Whom a link to a new password is for. It holds no dash, and what follows does."""

    regex = "[0-9A-Za-z]+"


register_converter(Base36, "base36")

handler400 = "entrepot.desk.web.errors.bad_request"
handler403 = "entrepot.desk.web.errors.forbidden"
handler404 = "entrepot.desk.web.errors.not_found"
handler500 = "entrepot.desk.web.errors.broken"

urlpatterns = [
    path("xapi/", include("entrepot.capacity.records.web.xapi.urls")),  # first: no page is asked for as often
    path("", include("entrepot.desk.web.urls")),
    path("region/", include("entrepot.ground.region.web.urls")),
    path("people/", include("entrepot.ground.people.web.urls")),
    path("me/", include("entrepot.ground.access.web.urls")),
    path("documents/", include("entrepot.ground.documents.web.urls")),
    path("notices/", include("entrepot.ground.notices.web.urls")),
    path("indicators/", include("entrepot.ground.indicators.web.urls")),
    path("journal/", include("entrepot.ground.journal.web.urls")),
    path("programme/needs/", include("entrepot.capacity.needs.web.urls")),
    path("programme/", include("entrepot.capacity.training.web.urls")),
    path("certificates/", include("entrepot.capacity.credentials.web.urls")),
    path("evaluation/", include("entrepot.capacity.evaluation.web.urls")),
    path("impact/", include("entrepot.capacity.impact.web.urls")),
    path("knowledge/", include("entrepot.capacity.knowledge.web.urls")),
    path("reports/", include("entrepot.capacity.reporting.web.urls")),
    path("community/", include("entrepot.capacity.community.web.urls")),
    path("publications/", include("entrepot.capacity.publications.web.urls")),
    path("records/", include("entrepot.capacity.records.web.urls")),
    path("api/v1/", api.urls),
    path("language/", set_language, name="set_language"),
    path("sign-in/", sign_in, name="account_login"),
    path("sign-out/", sign_out, name="account_logout"),
    path("sign-up/", account.signup, name="account_signup"),
    path("me/password/", account.password_change, name="account_change_password"),
    path("me/password/set/", account.password_set, name="account_set_password"),
    path("me/again/", account.reauthenticate, name="account_reauthenticate"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/forgotten/", account.password_reset, name="account_reset_password"),
    path("password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    path("password/new/<base36:uidb36>-<key>/", account.password_reset_from_key, name="account_reset_password_from_key"),
    path("password/new/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("me/second-step/", include("allauth.mfa.urls")),
    path("me/sessions/", reauthentication_required(list_usersessions, allow_get=True), name="usersessions_list"),
]
