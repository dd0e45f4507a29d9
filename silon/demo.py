"""The demo election, made through the real operations: what a new user finds after ``make run``.

Every person in it is invented. Making it twice changes nothing, except that a window is open again if it had ended.
"""

import io
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from django.conf import settings

from candidates.models import Election, Pair, Window
from candidates.operations import create_election, create_pair, open_window
from candidates.queries import now, window_state
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import User
from foundation.accounts.operations import assign_role, create_user
from foundation.storage import SealedUpload, receive_file
from silon.demo_accounts import ACCOUNTS
from supports.help_desk.first_answers import publish_first_answers
from supports.management.commands.make_supporters import places_of
from supports.models import Upload
from supports.operations import receive_upload
from supports.standards import key_scope
from supports.synthetic import pieces

NAME = "Pemilihan Wali Kota Bontang 2024"
BONTANG, BONTANG_UTARA, BONTANG_KUALA = 6474, 647401, 6474011001
# The published minimum is 13.160 (10 %); the base is chosen to give it and is no published figure.
BASE = 131_600
PAIRS = (
    ("Rangga Contoh – Melati Misalnya", "Rangga Contoh", "Melati Misalnya"),
    ("Bayu Umpama – Kirana Andaikan", "Bayu Umpama", "Kirana Andaikan"),
)
OPEN_DAYS = 30
# Rows, seed of the invented people: the second pair gives some of the same people.
FILES = (("posko_utara.csv", 8_000, 1), ("data_relawan.csv", 3_000, 1))


def seed_demo() -> Election:
    """Election, pairs, open windows, accounts, and a first upload of each pair (loaded when a worker runs)."""
    election = Election.objects.filter(name=NAME).first() or _create()
    pairs = list(election.pairs.order_by("id")[: len(PAIRS)])
    _keep_windows_open(pairs[0])
    operators = _make_accounts(pairs)
    for pair, operator, (name, rows, seed) in zip(pairs, operators, FILES, strict=True):
        if not Upload.objects.filter(submission__pair=pair).exists():
            _upload(pair, operator, name, rows, seed)
    publish_first_answers()
    return election


def _create() -> Election:
    election = create_election(
        by=None,
        name=NAME,
        level="walikota",
        region_id=BONTANG,
        rule_set="pkpu8-2024",
        base=BASE,
        base_note="Angka ilustrasi, dipilih agar menghasilkan minimum 13.160 yang diumumkan",
        voting_day=date(2024, 11, 27),
    )
    for name, head, deputy in PAIRS:
        create_pair(election, by=None, name=name, head=head, deputy=deputy)
    return election


def _keep_windows_open(pair: Pair) -> None:
    election = pair.election
    zone = ZoneInfo(election.zone)
    today = now().astimezone(zone).date()
    for kind in (Window.Kind.FILLING, Window.Kind.HANDING_IN):
        if not window_state(pair, kind).open:
            open_window(
                election,
                by=None,
                stage="awal",
                kind=kind,
                opens_at=datetime.combine(today, time(), zone),
                closes_at=datetime.combine(today + timedelta(days=OPEN_DAYS), time(23, 59), zone),
                decree="Jadwal peragaan",
            )


def _make_accounts(pairs: list[Pair]) -> list[User]:
    """All accounts of the demo; the two operators are returned."""
    first, second = pairs
    roles = {
        "kpu-ri": (Role.KPU_RI, ScopeKind.NATION, 0),
        "kpu": (Role.KPU_REGENCY, ScopeKind.REGION, BONTANG),
        "verifikator": (Role.VERIFIER, ScopeKind.REGION, BONTANG),
        "ppk": (Role.PPK, ScopeKind.REGION, BONTANG_UTARA),
        "pps": (Role.PPS, ScopeKind.REGION, BONTANG_KUALA),
        "bawaslu": (Role.BAWASLU, ScopeKind.REGION, BONTANG),
        "lo": (Role.LO, ScopeKind.PAIR, first.pk),
        "operator": (Role.OPERATOR, ScopeKind.PAIR, first.pk),
        "operator2": (Role.OPERATOR, ScopeKind.PAIR, second.pk),
    }
    users = {}
    for username, (role, scope_kind, scope_id) in roles.items():
        user = User.objects.filter(username=username).first()
        if user is None:
            name = ACCOUNTS[username]
            user = create_user(
                username, name=name[0].upper() + name[1:], password=settings.DEMO_PASSWORD, by=None
            )
        assign_role(user, role, scope_kind=scope_kind, scope_id=scope_id, by=None)
        users[username] = user
    return [users["operator"], users["operator2"]]


def _upload(pair: Pair, by: User, name: str, rows: int, seed: int) -> None:
    made = pl.concat(pieces(rows, places_of(BONTANG), seed=seed, defects=True))
    out = io.BytesIO()
    made.write_csv(out)
    receiving = receive_file(key_scope(pair.election))
    receiving.write(out.getvalue())
    receive_upload(pair, by=by, file=SealedUpload(receiving.finish(), name, "text/csv"))
