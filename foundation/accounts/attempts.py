"""Failed log-ins are counted per account AND network, so that nobody can lock somebody else's account out.

On the last night fifty typists of a team may sit behind one address; only failures count, and the limit of a
whole network is far above what people do. A known device (``devices``) is kept out by its own failures alone, so it
enters while all others of its account or network may not. Documents that nobody's account answers for are counted per
network too.
"""

import hashlib
import ipaddress
import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from foundation.accounts.devices import known_device
from foundation.errors import TooMany

SECONDS = 300
HOUR = 3600
FAILURES_PER_ACCOUNT = 10
FAILURES_PER_NETWORK = 300
# Wrong codes after the right password, from all networks together: only who knows the password can cause them.
WRONG_CODES_PER_ACCOUNT = 50
LINKS_PER_ADDRESS, LINKS_PER_NETWORK = 5, 30
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


def refuse_too_many(request: HttpRequest, username: str, *, code: bool = False) -> None:
    """Raise TooMany while this account from this network, or this network, has failed too often.

    From a known device only its own failures count. ``code``: the password was right, a code is tried.
    """
    limits = _limits(request, username, code)
    try:
        counts = cache.get_many([key for key, *_rest in limits])
    except RedisError:
        log.warning("Log-in failures are not counted: the cache is away.")
        return
    if any(counts.get(key, 0) >= limit for key, limit, _seconds in limits):
        message = _(
            "Percobaan masuk untuk akun ini gagal terlalu sering. Tunggu %(minutes)s menit, lalu coba lagi; "
            "bila lupa kata sandi, gunakan “Lupa kata sandi”."
        )
        raise TooMany("too_many_logins", message % {"minutes": SECONDS // 60}, retry_after=SECONDS)


def count_failure(request: HttpRequest, username: str, *, code: bool = False) -> None:
    """Count one failed log-in; ``code``: the password was right, the code was wrong."""
    try:
        for key, _limit, seconds in _limits(request, username, code):
            if not cache.add(key, 1, seconds):
                cache.incr(key)
    except (RedisError, ValueError):  # ValueError: the count lapsed between the two
        log.warning("One failed log-in was not counted.")


def count_body(request: HttpRequest, what: str, most: int) -> None:
    """Count one document that comes without an account. Raise TooMany after ``most`` from a network in an hour."""
    key = f"body:{what}:{network_of(request)}"
    try:
        count = 1 if cache.add(key, 1, HOUR) else cache.incr(key)
    except (RedisError, ValueError):  # ValueError: the count lapsed between the two
        log.warning("A document without an account was not counted.")
        return
    if count > most:
        message = _(
            "Dari jaringan ini sudah %(most)s dokumen dikirim dalam satu jam, sehingga kiriman ini tidak dibaca. "
            "Coba lagi dalam satu jam, atau serahkan suratnya di kantor KPU."
        )
        raise TooMany("too_many_documents", message % {"most": most}, retry_after=HOUR)


def count_link(request: HttpRequest, address: str) -> None:
    """Count one wish for a link by mail. Raise TooMany after some for an address, or from a network, in an hour."""
    limits = [
        (f"link:{_hashed(address.strip())}", LINKS_PER_ADDRESS),
        (f"link:{network_of(request)}", LINKS_PER_NETWORK),
    ]
    try:
        counts = [(1 if cache.add(key, 1, HOUR) else cache.incr(key), limit) for key, limit in limits]
    except (RedisError, ValueError):  # ValueError: the count lapsed between the two
        log.warning("A wish for a link was not counted.")
        return
    if any(count > limit for count, limit in counts):
        message = _(
            "Tautan kata sandi sudah diminta berkali-kali. Periksa kotak masuk dan folder spam; bila tidak ada, "
            "coba lagi dalam satu jam."
        )
        raise TooMany("too_many_links", message, retry_after=HOUR)


def _limits(request: HttpRequest, username: str, code: bool) -> list[tuple[str, int, int]]:
    """(key, limit, seconds) of everything one failure is counted in."""
    device = known_device(request, username)
    if device:
        return [(f"login:device:{device.pk}", FAILURES_PER_ACCOUNT, SECONDS)]
    network = network_of(request)
    limits = [
        ("login:" + _hashed(f"{username}\n{network}"), FAILURES_PER_ACCOUNT, SECONDS),
        (f"login:{network}", FAILURES_PER_NETWORK, SECONDS),
    ]
    return [*limits, (f"code:{_hashed(username)}", WRONG_CODES_PER_ACCOUNT, HOUR)] if code else limits


def _hashed(text: str) -> str:
    return hashlib.sha256(text.lower().encode()).hexdigest()
