"""How often somebody may ask whether a NIK is listed: a list of NIKs cannot be tried out here.

Counted by network and by NIK, whatever the answer was, so that being refused tells nothing either. A NIK is counted
under a keyed digest: the cache holds none that could be guessed back. Without the cache nobody is answered.
"""

import logging

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from foundation import seal
from foundation.accounts.attempts import network_of
from foundation.errors import TooMany
from foundation.keys.keyring import keyring

HOUR = 3600
DAY = 24 * HOUR
# Behind one address of a mobile network are thousands of phones, and few of their owners ask in the same hour.
PER_NETWORK = 60
PER_NIK_AND_NETWORK, PER_NIK = 5, 25
log = logging.getLogger(__name__)


def count_check(request: HttpRequest, nik: str) -> None:
    """Count one question about a NIK (its 16 digits). Raise TooMany when there were enough of them."""
    network, name = network_of(request), _digest(nik)
    limits = [
        (f"own-data:{network}", PER_NETWORK, HOUR),
        (f"own-data:{network}:{name}", PER_NIK_AND_NETWORK, HOUR),
        (f"own-data:{name}", PER_NIK, DAY),
    ]
    try:
        over = [seconds for key, limit, seconds in limits if _counted(key, seconds) > limit]
    except RedisError as error:
        log.warning("The public check is closed: the cache is away.")
        message = _("Pemeriksaan NIK sedang tidak tersedia. Coba lagi dalam beberapa menit.")
        raise TooMany("check_unavailable", message, retry_after=300) from error
    if over:
        message = _(
            "Pemeriksaan dari jaringan ini atau untuk NIK ini sudah terlalu sering. Coba lagi dalam %(hours)s jam, "
            "atau datangi kantor KPU dengan membawa KTP-el."
        )
        raise TooMany("too_many_checks", message % {"hours": max(over) // HOUR}, retry_after=max(over))


def _counted(key: str, seconds: int) -> int:
    if cache.add(key, 1, seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it lapsed between the two
        cache.add(key, 1, seconds)
        return 1


def _digest(nik: str) -> str:
    key = seal.derive_key(keyring("accounts").digest, "questions about a NIK")
    return seal.digest_row(nik, key).hex
