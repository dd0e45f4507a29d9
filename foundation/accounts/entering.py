"""A session begins: the one place where somebody is let in by the browser."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse

from foundation.accounts.devices import remember_device
from foundation.accounts.models import User
from foundation.accounts.seen import begin_session
from foundation.workflow.engine import record


def enter(request: HttpRequest, user: User) -> None:
    """Log the user in here. A session of somebody else, or of nobody, does not live on in it."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    begin_session(request, user)


def know_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """After two steps: nobody else's failures keep this browser out from now on."""
    device, is_new = remember_device(request, response, user)
    if is_new:
        record("device_known", user, by=user, device=device.pk)
