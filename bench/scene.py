"""Who uploads to what: elections, pairs, windows and people, all made by the product's own operations."""

import csv
import io
import secrets
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from django.core.management import call_command
from django.utils import timezone

from candidates.models import Election, Level, Pair, Window
from candidates.operations import create_election, create_pair, open_window
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import User
from foundation.accounts.operations import assign_role, create_user

# A governor's election in the province with the most voters: nearly 6,000 desa/kelurahan to find names among.
JAWA_BARAT = 32
ILLUSTRATIVE_BASE = 35_700_000
STAGE = "awal"


def new_election() -> Election:
    """An election whose window for filling is open now. Each has keys of its own."""
    election = create_election(
        by=None,
        name="Pemilihan Gubernur (pengukuran)",
        level=Level.GUBERNUR,
        region_id=JAWA_BARAT,
        rule_set="pkpu8-2024",
        base=ILLUSTRATIVE_BASE,
        base_note="Angka ilustrasi untuk pengukuran.",
        voting_day=date(2024, 11, 27),
    )
    now = timezone.now()
    open_window(
        election,
        by=None,
        stage=STAGE,
        kind=Window.Kind.FILLING,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
    )
    return election


def new_pair(election: Election) -> Pair:
    """One more pair of an election."""
    name = f"Pasangan {election.pairs.count() + 1}"
    return create_pair(election, by=None, name=name, head="Rangga Wiratama", deputy="Sekar Anjani")


def operator_of(pair: Pair) -> User:
    """A new account of the pair's team."""
    return member(Role.OPERATOR, ScopeKind.PAIR, pair.pk)


def officer_of(election: Election) -> User:
    """A new account of the office that holds the election."""
    role = Role.KPU_PROVINCE if election.level == Level.GUBERNUR else Role.KPU_REGENCY
    return member(role, ScopeKind.REGION, election.region_id)


def member(role: Role, kind: ScopeKind, scope: int) -> User:
    """A new account with one role."""
    name = f"{role}-{scope}-{secrets.token_hex(4)}"
    user = create_user(name, name="Petugas", password=secrets.token_urlsafe(24), by=None)
    assign_role(user, role, scope_kind=kind, scope_id=scope, by=None)
    user.two_factor_at = timezone.now()  # the bench asks with sessions and tokens, never with a code
    user.save(update_fields=["two_factor_at"])
    return user


def make_file(path: Path, *, election: Election, rows: int, seed: int) -> Path:
    """A CSV of invented supporters, about one row in ten damaged."""
    call_command(
        "make_supporters",
        rows=rows,
        election=election.pk,
        seed=seed,
        defects=True,
        out=str(path),
        stderr=io.StringIO(),
    )
    return path


def first_lines(source: Path, target: Path, rows: int) -> Path:
    """The heading and the first rows of a CSV."""
    with source.open("rb") as lines, target.open("wb") as out:
        out.writelines(line for line, _number in zip(lines, range(rows + 1), strict=False))
    return target


def as_workbook(source: Path, target: Path) -> Path:
    """The same rows as an XLSX whose cells are all text."""
    with (
        xlsxwriter.Workbook(str(target), {"constant_memory": True, "strings_to_numbers": False}) as book,
        source.open(encoding="utf-8-sig", newline="") as lines,
    ):
        sheet = book.add_worksheet("Dukungan")
        for number, cells in enumerate(csv.reader(lines)):
            sheet.write_row(number, 0, cells)
    return target
