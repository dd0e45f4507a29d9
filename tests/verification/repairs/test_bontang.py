"""Bontang 2024 at full size, up to 14,073: domain facts of the first round and of Perbaikan Kesatu."""

from datetime import timedelta

import pytest

from candidates.operations import open_window
from candidates.queries import now
from foundation.accounts.matrix import Role
from supports.handing_in.requirement import shortage_of
from supports.ingest.columns import TITLES
from supports.progress import progress
from supports.repairs.models import Replacement
from supports.repairs.succession import why_none
from supports.rounds import latest_round
from supports.rules import TEAM
from tests import factories
from tests.factories import as_csv, loaded, person
from tests.supports.mended import read, written
from tests.supports.repairs.teams import open_perbaikan
from tests.verification.repairs.stories import numbers_of, round_of, verified, whole
from verification.repairs.bms_list import download_csv, rows_listed
from verification.results.closing import close_round
from verification.results.sums import sum_of

pytestmark = pytest.mark.usefixtures("committed")

AREAS = (("Bontang Utara", "Bontang Kuala"), ("Bontang Selatan", "Tanjung Laut"), ("Bontang Barat", "Kanaan"))
MS, BMS, TMS = 10_011, 1_324, 5_060
OFFERED, FAILED = 5_290, 1_228


def people(first, number):
    """So many people from that number on, in the three kecamatan in turn."""
    found = []
    for at in range(first, first + number):
        district, village = AREAS[at % 3]
        found.append(person(at, district=district, village=village))
    return found


def test_bontang_mends_in_perbaikan_kesatu_and_reaches_its_minimum():
    made = factories.pair()
    team, election = (made, factories.operator(made)), made.election
    office, second = (factories.user(name, Role.KPU_REGENCY, 6474) for name in ("kpu", "kpu-2"))
    moment = now()
    open_window(
        election, by=None, stage="awal", kind="handing_in",
        opens_at=moment - timedelta(days=1), closes_at=moment + timedelta(days=1),
    )  # fmt: skip

    files = {
        whole(loaded(*team, people(0, MS), "ms.csv")): ("MS",),
        whole(loaded(*team, people(MS, BMS), "bms.csv")): ("BMS", "TYPED_DIFFERS"),
        whole(loaded(*team, people(MS + BMS, TMS), "tms.csv")): ("TMS", "IDENTITY_DIFFERS"),
    }
    awal = verified(team, "awal", office, second, files)
    assert numbers_of(awal) == (10_011, 1_324, 5_060)
    assert sum(numbers_of(awal)) == 16_395
    assert (sum_of(awal).missing, sum_of(awal).areas_missing) == (3_149, 0)
    assert close_round(awal.review, by=office).outcome == "BMS"
    awal.refresh_from_db()
    assert round_of(made, "perbaikan_1").status == "draft"
    open_perbaikan(election)

    mended = read(b"".join(download_csv(awal, by=team[1], audience=TEAM)))
    assert len(mended) == BMS
    assert {row["Alasan BMS"] for row in mended} == {
        "Isian berbeda dari surat pernyataan atau KTP-el dan dapat diperbaiki"
    }
    for row in mended:
        row["Alamat"] = f"{row['Alamat']} (dibenahi)"
    new = people(20_000, OFFERED - BMS)
    good, bad = new[FAILED:], new[:FAILED]
    given = [{TITLES[name]: text for name, text in row.items()} for row in good]
    blank = dict.fromkeys(mended[0], "")
    first = loaded(*team, written([*mended, *(blank | row for row in given)]), "daftar-bms.csv")
    others = loaded(*team, as_csv(bad), "baru.csv")
    assert (first.rows + others.rows, first.status) == (OFFERED, "loaded")
    assert Replacement.objects.filter(stands=True, named=True).count() == BMS
    assert (rows_listed(awal), rows_listed(awal, everything=False)) == (BMS, 0)
    perbaikan = round_of(made, "perbaikan_1")
    shortage = shortage_of(perbaikan)
    assert (shortage.asked, shortage.have, shortage.reached) == (3_149, OFFERED, True)
    assert progress(made).counted == MS + OFFERED

    perbaikan = verified(
        team,
        "perbaikan_1",
        office,
        second,
        {whole(first): ("MS",), whole(others): ("TMS", "IDENTITY_DIFFERS")},
    )
    assert numbers_of(perbaikan) == (4_062, 0, 1_228)
    reached = sum_of(perbaikan)
    assert (reached.ms, reached.met, reached.minimum) == (14_073, True, 13_160)
    assert close_round(perbaikan.review, by=office).outcome == "MS"
    perbaikan.refresh_from_db()
    assert latest_round(made).pk == perbaikan.pk
    assert "terpenuhi" in why_none(perbaikan)
    assert numbers_of(awal) == (10_011, 1_324, 5_060)
    assert progress(made).counted == 14_073
