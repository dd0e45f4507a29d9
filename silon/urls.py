"""Every address: one line for each part. A URL that declares no permission stops the start-up."""

from django.urls import include, path

from silon import health

handler400 = "foundation.web.bad_request"
handler403 = "foundation.web.forbidden"
handler404 = "foundation.web.not_found"
handler429 = "foundation.web.too_many_requests"
handler500 = "foundation.web.fault"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/", include("silon.api_urls")),
    path("akun/", include("foundation.accounts.urls")),
    path("draf/", include("foundation.drafts.urls")),
    path("petugas/", include("foundation.accounts.staff_urls")),
    path("", include("candidates.urls")),
    path("", include("candidates.mandates.urls")),
    path("", include("supports.reading_log.urls")),
    path("", include("supports.recommendations.urls")),
    path("", include("supports.retention.urls")),
    path("", include("supports.urls")),
    path("", include("verification.urls")),
    path("", include("verification.repairs.urls")),
    path("", include("verification.corrections.urls")),
    path("", include("verification.duplicates.urls")),
    path("", include("verification.rolls.urls")),
    path("", include("verification.results.urls")),
    path("", include("supports.privacy.urls")),
    path("", include("supports.help_desk.urls")),
]
