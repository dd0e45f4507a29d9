"""Failed log-ins are counted per account AND network, so that nobody can lock somebody else's account out.

On the last night fifty typists of a team may sit behind one address; only failures count, and the limit of a
whole network is far above what people do.
"""

import hashlib
import ipaddress
import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from foundation.errors import TooMany

SECONDS = 300
FAILURES_PER_ACCOUNT = 10
FAILURES_PER_NETWORK = 300
log = logging.getLogger(__name__)


def network_of(request: HttpRequest) -> str:
    """The address of who asks; for IPv6 the /64, which one customer holds whole.

    Behind our own reverse proxy it is what the proxy saw, which is the last entry of its header.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def refuse_too_many(request: HttpRequest, username: str) -> None:
    """Raise TooMany while this account from this network, or this network, has failed too often."""
    try:
        counts = cache.get_many([key for key, _limit in _limits(request, username)])
    except RedisError:
        log.warning("Log-in failures are not counted: the cache is away.")
        return
    if any(counts.get(key, 0) >= limit for key, limit in _limits(request, username)):
        message = _(
            "Percobaan masuk untuk akun ini gagal terlalu sering. Tunggu %(minutes)s menit, lalu coba lagi; "
            "bila lupa kata sandi, mintalah yang baru kepada admin."
        )
        raise TooMany("too_many_logins", message % {"minutes": SECONDS // 60}, retry_after=SECONDS)


def count_failure(request: HttpRequest, username: str) -> None:
    """Count one failed log-in."""
    try:
        for key, _limit in _limits(request, username):
            if not cache.add(key, 1, SECONDS):
                cache.incr(key)
    except (RedisError, ValueError):  # ValueError: the count lapsed between the two
        log.warning("One failed log-in was not counted.")


def _limits(request: HttpRequest, username: str) -> list[tuple[str, int]]:
    network = network_of(request)
    account = hashlib.sha256(f"{username.lower()}\n{network}".encode()).hexdigest()
    return [(f"login:{account}", FAILURES_PER_ACCOUNT), (f"login:{network}", FAILURES_PER_NETWORK)]
