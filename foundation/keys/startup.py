"""The check that web and worker make before they take any work."""

from django.db import connection

from foundation.keys.keyring import check_kek


def verify_kek() -> None:
    """Stop the start-up when SILON_KEK is wrong: a process with a wrong key would seal what nobody can open.

    Leaves no connection behind, because the process may fork afterwards. Raises ImproperlyConfigured.
    """
    try:
        check_kek()
    finally:
        if not connection.in_atomic_block:
            connection.close()
