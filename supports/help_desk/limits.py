"""How often somebody without an account may ask and write: counted by network and by address.

Counted whatever the address is, so that being refused tells nothing about it. An address is counted under a keyed
digest: the cache holds none that could be guessed back.
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
from supports.help_desk.models import Thread

HOUR = 3600
# Behind one address of a mobile network are thousands of phones; few of their owners ask in the same hour.
QUESTIONS_PER_NETWORK, QUESTIONS_PER_ADDRESS = 30, 3
MESSAGES_PER_NETWORK, MESSAGES_PER_THREAD = 60, 10
log = logging.getLogger(__name__)


def count_question(request: HttpRequest, email: str) -> None:
    """Count one question. Raise TooMany when there were enough from this network, or with this address."""
    _count(
        (f"help:ask:{network_of(request)}", QUESTIONS_PER_NETWORK),
        (f"help:ask:{_digest(email)}", QUESTIONS_PER_ADDRESS),
    )


def count_message(request: HttpRequest, thread: Thread) -> None:
    """Count one message. Raise TooMany when there were enough from this network, or in this thread."""
    _count(
        (f"help:write:{network_of(request)}", MESSAGES_PER_NETWORK),
        (f"help:write:thread:{thread.pk}", MESSAGES_PER_THREAD),
    )


def _count(*limits: tuple[str, int]) -> None:
    try:
        counts = [(1 if cache.add(key, 1, HOUR) else cache.incr(key), most) for key, most in limits]
    except (RedisError, ValueError):  # ValueError: the count lapsed between the two
        log.warning("A question without an account was not counted.")
        return
    if any(count > most for count, most in counts):
        message = _(
            "Sudah terlalu banyak tulisan dikirim dari jaringan atau dengan surel ini, sehingga yang ini tidak "
            "dikirim. Tulisan Anda tetap ada di bawah; coba lagi dalam satu jam, atau datangi kantor KPU."
        )
        raise TooMany("too_many_questions", message, retry_after=HOUR)


def _digest(email: str) -> str:
    key = seal.derive_key(keyring("accounts").digest, "addresses that asked the help desk")
    return seal.digest_row(email.strip().casefold(), key).hex
