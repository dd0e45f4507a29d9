"""Where somebody is logged in: a row for each session of a browser, kept short of anything that tells a home."""

import ipaddress
import time

from django.db.models.functions import Now
from django.http import HttpRequest

from foundation.accounts.attempts import network_of
from foundation.accounts.models import BrowserSession, User
from foundation.accounts.user_agents import device_name

ROW, SEEN_AT = "browser_session", "browser_session_seen_at"
# A page asked for writes nothing oftener than that.
SECONDS_BETWEEN_SIGNS = 300


def begin_session(request: HttpRequest, user: User) -> None:
    """Write down where the session that has just begun is."""
    row = BrowserSession.objects.create(
        user=user,
        session_key=request.session.session_key,
        device=device_name(request.headers.get("User-Agent", "")),
        network=shortened(network_of(request)),
    )
    request.session[ROW], request.session[SEEN_AT] = row.pk, time.time()


def leave_sign(request: HttpRequest) -> None:
    """Say now and then that the session is in use."""
    row = request.session.get(ROW)
    if not row or time.time() - request.session.get(SEEN_AT, 0) < SECONDS_BETWEEN_SIGNS:
        return
    request.session[SEEN_AT] = time.time()
    BrowserSession.objects.filter(pk=row).update(
        last_seen_at=Now(), network=shortened(network_of(request)), session_key=request.session.session_key
    )


def shortened(network: str) -> str:
    """Enough to know one's own provider again, too little to find a home: 103.10.66.•, 2001:db8:•."""
    try:
        address = ipaddress.ip_address(network.partition("/")[0])
    except ValueError:
        return ""
    if address.version == 4:
        return network.rpartition(".")[0] + ".•"
    return ":".join(address.exploded.split(":")[:2]) + ":•"
