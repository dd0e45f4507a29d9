"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "silon.settings")

application = get_wsgi_application()

from foundation.accounts.declare import verify_urls  # noqa: E402 — needs Django set up
from foundation.keys.startup import verify_kek  # noqa: E402 — needs Django set up

verify_kek()
verify_urls()
