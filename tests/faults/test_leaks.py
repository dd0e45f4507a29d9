"""Planted identities are found nowhere in clear: not in a dump, storage, Redis, Events, jobs, logs, temporary files."""

import logging
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
import redis
from django.conf import settings

from foundation.workflow.models import Event
from silon.embedded.places import postgres_home
from supports.models import Upload
from supports.rows import add_supports
from tests import environment, factories

# Well-formed and malformed; none of these strings is part of anything else.
PLANTED = {
    "nik": "6474015705839321",
    "phone": "081298765401",
    "address": "Gang Rahasia Tertanam 77",
    "email": "tertanam@contoh.test",
    "birth_place": "Kampung Tertanam",
}
MALFORMED = {"nik": "64740157058393", "phone": "0812-tertanam-9", "birth_date": "99-98-1997"}
READABLE = "Tertanam Contoh"


@pytest.fixture
def planted(committed, caplog):
    """A file that loads, one that fails, and a typed row, all with the planted identities."""
    caplog.set_level(logging.DEBUG)
    pair = factories.pair()
    operator = factories.operator(pair)
    good = factories.person(1, name=READABLE, **PLANTED)
    bad = factories.person(2, name=READABLE, **MALFORMED)
    assert factories.loaded(pair, operator, [good, bad]).status == "loaded"
    broken = b"\x89PNG\r\n\x1a\n" + factories.as_csv([good]) * 3
    assert factories.loaded(pair, operator, broken, "gambar.csv").status == "failed"
    add_supports(pair, by=operator, rows=[good | {"email": PLANTED["email"]}])
    factories.work()
    return caplog


def dump():
    """The whole database as the owner dumps it."""
    program = postgres_home() / "bin" / "pg_dump"
    done = subprocess.run([program, environment.servers.owner_url], capture_output=True, check=True)
    return done.stdout


def redis_values():
    client = redis.Redis.from_url(settings.REDIS_URL)
    try:
        return b"\n".join(client.dump(key) or b"" for key in client.keys("*"))
    finally:
        client.close()


def stored_files():
    return b"\n".join(path.read_bytes() for path in Path(settings.SILON_DATA).rglob("*") if path.is_file())


def temporary_files():
    """Small files that were left in the temporary folder, those of other programs included."""
    found = []
    for path in Path(tempfile.gettempdir()).glob("*"):
        # Another program may have taken its own away since the folder was listed.
        with suppress(FileNotFoundError):
            if (
                path.is_file()
                and path.stat().st_size < 1 << 20
                and path.stat().st_mtime > environment.folder.stat().st_ctime
            ):
                found.append(path.read_bytes())
    return b"\n".join(found)


def test_identities_are_found_nowhere(planted):
    database = dump()
    assert READABLE.encode() in database  # the search would find what is there
    assert Upload.objects.count() == 3
    places = {
        "database": database,
        "redis": redis_values(),
        "files": stored_files(),
        "temporary": temporary_files(),
        "log": planted.text.encode(),
        "events": str(list(Event.objects.values())).encode(),
    }
    assert len(places["files"]) > 500
    secrets = {
        *PLANTED.values(),
        *MALFORMED.values(),
        "+62" + PLANTED["phone"][1:],
        "62" + PLANTED["phone"][1:],
    }
    found = {
        (place, secret) for place, text in places.items() for secret in secrets if secret.encode() in text
    }
    assert found == set()
