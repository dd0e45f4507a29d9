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
    path("", include("candidates.urls")),
    path("", include("supports.urls")),
]
