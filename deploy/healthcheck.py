"""Exit code 0 when /readyz answers 200 (standard library only; the container's health check)."""

import os
import sys
import urllib.error
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".*") or "localhost"
request = urllib.request.Request(
    f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/readyz", headers={"Host": host}
)
try:
    with urllib.request.urlopen(request, timeout=8) as answer:  # noqa: S310 -- a fixed address
        sys.exit(answer.status != 200)
except (urllib.error.URLError, OSError) as error:
    sys.exit(f"not ready: {error}")
