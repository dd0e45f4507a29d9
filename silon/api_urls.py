"""Every call of the API: one line for each app."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from foundation.accounts.declare import declare
from foundation.accounts.matrix import Permission
from silon.api import MeView

docs = declare(Permission.SEE_API_DOCS)
swagger = SpectacularSwaggerSplitView.as_view(url_name="api_schema", template_name="api_docs.html")

v1 = [
    path("", include("foundation.accounts.api_urls")),
    path("me/", MeView.as_view(), name="api_me"),
    path("", include("candidates.api_urls")),
    path("", include("candidates.mandates.api_urls")),
    path("", include("supports.recommendations.api_urls")),
    path("", include("supports.retention.api_urls")),
    path("", include("supports.api_urls")),
    path("", include("verification.rolls.api_urls")),
    path("", include("supports.privacy.api_urls")),
    path("", include("supports.help_desk.api_urls")),
    path("", include("verification.api_urls")),
    path("", include("verification.repairs.api_urls")),
    path("", include("verification.corrections.api_urls")),
    path("", include("verification.duplicates.api_urls")),
    path("", include("verification.results.api_urls")),
]

urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", docs(SpectacularAPIView.as_view()), name="api_schema"),
    path("docs/", docs(swagger), name="api_docs"),
]
