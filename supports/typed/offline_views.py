"""What the typing page's address shows while the network is gone: a page of nobody's data, kept by the browser.

The form itself is not kept: with it would lie the key that opens the rows waiting in that browser.
"""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission

PARTS = ("bootstrap/css/bootstrap.min.css", "silon.css", "silon-mark.svg", "waiting.js", "typing-offline.js")
PAGE, WORKER = "supports/typing_offline.html", "supports/typing_worker.js"


@declare(Permission.SEE_HOME)
@require_GET
@cache_control(no_cache=True)
def typing_offline(request: HttpRequest) -> HttpResponse:
    """The page that is kept. It asks for no user: what it is rendered from is the same for everybody."""
    return HttpResponse(render_to_string(PAGE))


@declare(Permission.SEE_HOME)
@require_GET
@cache_control(no_cache=True)
def typing_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps it; allowed to watch the addresses of typing pages, of which each registers its own."""
    parts = [static(name) for name in PARTS]
    version = hashlib.sha256("".join([render_to_string(PAGE), *parts]).encode()).hexdigest()[:16]
    context = {"page": reverse("typing_offline"), "parts": parts, "version": version}
    response = render(request, WORKER, context, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/pasangan/"
    return response
