"""The check that web and worker make before they take any work."""

import logging
import time

from django.conf import settings
from django.db import OperationalError, connection

from foundation.keys.keyring import check_kek

logger = logging.getLogger(__name__)
PAUSE = 0.5  # seconds between two attempts to reach the database
SAY_AGAIN = 20  # attempts after which the log tells once more what is waited for


def verify_kek() -> None:
    """Stop the start-up when SILON_KEK is wrong: a process with a wrong key would seal what nobody can open.

    Waits for a database that is not there yet: after a power cut everything starts at once, and PostgreSQL recovers
    first. Leaves no connection behind, because the process may fork afterwards. Raises ImproperlyConfigured, and
    OperationalError when the database stays away.
    """
    until = time.monotonic() + settings.DATABASE_WAIT_SECONDS
    attempt = 0
    while not _key_is_checked(until, attempt):
        attempt += 1
        time.sleep(PAUSE)


def _key_is_checked(until: float, attempt: int) -> bool:
    """Whether the database answered and the key is right; False while there is time to ask again."""
    try:
        check_kek()
    except OperationalError as error:
        if time.monotonic() > until:
            raise
        if attempt % SAY_AGAIN == 0:
            logger.warning("Waiting for the database: %s", str(error).strip().replace("\n", " "))
        return False
    finally:
        if not connection.in_atomic_block:
            connection.close()
    return True
