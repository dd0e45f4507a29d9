"""Small things tests need, made through the real operations. Every person is invented (NIK serials 9000–9999)."""

import csv
import io
from datetime import date, timedelta
from functools import cache

from django.contrib.auth.hashers import get_hasher, make_password
from django.utils import timezone

from candidates.models import Election, Pair
from candidates.operations import create_election, create_pair, open_window
from candidates.queries import now
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import User
from foundation.accounts.operations import assign_role
from foundation.jobs.runner import run_next
from foundation.storage import SealedUpload, receive_file
from supports.models import Upload
from supports.operations import receive_upload
from supports.standards import key_scope

HEADINGS = {
    "nik": "NIK",
    "name": "Nama",
    "birth_place": "Tempat Lahir",
    "birth_date": "Tanggal Lahir",
    "sex": "Jenis Kelamin",
    "marital": "Status Perkawinan",
    "address": "Alamat",
    "rt": "RT",
    "rw": "RW",
    "village": "Kelurahan/Desa",
    "district": "Kecamatan",
    "regency": "Kabupaten/Kota",
    "occupation": "Pekerjaan",
    "phone": "Nomor HP",
}


def election(*, open_now: bool = True, **more) -> Election:
    """Bontang 2024, with a window for filling that is open now unless asked otherwise."""
    values = {
        "name": "Pemilihan Wali Kota Bontang 2024",
        "level": "walikota",
        "region_id": 6474,
        "rule_set": "pkpu8-2024",
        "base": 131_600,
        "voting_day": date(2024, 11, 27),
    }
    made = create_election(by=None, **values | more)
    if open_now:
        moment = now()
        open_window(
            made,
            by=None,
            stage="awal",
            kind="filling",
            opens_at=moment - timedelta(days=1),
            closes_at=moment + timedelta(days=30),
        )
    return made


def pair(of: Election | None = None, name: str = "Rangga Contoh – Melati Misalnya") -> Pair:
    """A pair of the election."""
    head, _, deputy = name.partition(" – ")
    return create_pair(of or election(), by=None, name=name, head=head, deputy=deputy)


def hashed_password() -> str:
    """The demo's password as the settings want it hashed now."""
    return _hashed(get_hasher().algorithm)


@cache
def _hashed(algorithm: str) -> str:
    """Once: it takes a third of a second."""
    return make_password("silon-demo", hasher=algorithm)


def user(username: str, role: Role, scope: Pair | int = 0) -> User:
    """A user with one role: for a pair, a region code, or (0) the nation. The second step counts as set up."""
    made = User.objects.create(
        username=username, password=hashed_password(), name=username, two_factor_at=timezone.now()
    )
    if isinstance(scope, Pair):
        kind, scope_id = ScopeKind.PAIR, scope.pk
    else:
        kind, scope_id = (ScopeKind.REGION, scope) if scope else (ScopeKind.NATION, 0)
    assign_role(made, role, scope_kind=kind, scope_id=scope_id, by=None)
    return made


def operator(of: Pair, username: str = "operator") -> User:
    """An operator of the pair."""
    return user(username, Role.OPERATOR, of)


def person(number: int = 0, **changes) -> dict[str, str]:
    """A row without any fault; each ``number`` is another person."""
    day, month, year = number % 28 + 1, number // 28 % 12 + 1, 1960 + number // 336 % 40
    row = {
        "nik": f"647401{day:02d}{month:02d}{year % 100:02d}{9001 + number // 13440 % 999}",
        "name": f"Budi Contoh {chr(65 + number % 26)}{chr(97 + number // 26 % 26)}",
        "birth_place": "Bontang",
        "birth_date": f"{day:02d}-{month:02d}-{year}",
        "sex": "L",
        "marital": "Sudah kawin",
        "address": f"Jl. Contoh {number}",
        "rt": "1",
        "rw": "2",
        "village": "Bontang Kuala",
        "district": "Bontang Utara",
        "regency": "Kota Bontang",
        "occupation": "Nelayan",
        "phone": f"0812{10_000_000 + number * 7919 % 90_000_000}",
    }
    return row | changes


def as_csv(rows: list[dict[str, str]]) -> bytes:
    """The rows as a file of the usual headings."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS.values())
    writer.writerows([row.get(name, "") for name in HEADINGS] for row in rows)
    return out.getvalue().encode()


def upload(
    to: Pair, by: User, content: bytes | list[dict[str, str]], name: str = "data.csv", **more
) -> Upload:
    """A file received by the pair; its job waits (``work`` carries it)."""
    receiving = receive_file(key_scope(to.election))
    receiving.write(as_csv(content) if isinstance(content, list) else content)
    made, _ = receive_upload(to, by=by, file=SealedUpload(receiving.finish(), name, "text/csv"), **more)
    return made


def work() -> None:
    """Carry every waiting job in this process."""
    while run_next():
        continue


def loaded(
    to: Pair, by: User, content: bytes | list[dict[str, str]], name: str = "data.csv", **more
) -> Upload:
    """A file received and loaded."""
    made = upload(to, by, content, name, **more)
    work()
    made.refresh_from_db()
    return made
