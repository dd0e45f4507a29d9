"""Who reaches which uploads and rows: the own pair whole, the own territory, and nothing else."""

from datetime import UTC, date, datetime

import pytest

from candidates.models import Election, Pair, RuleSet
from candidates.queries import elections_visible_to, pairs_visible_to
from candidates.territory import areas_visible_to, pairs_governed_by
from foundation.accounts.matrix import Permission, Role
from supports.models import Standing, Submission, Support, Upload, first_id
from supports.queries import submissions_visible_to, supports_visible_to, uploads_visible_to
from tests.foundation.accounts.people import somebody

pytestmark = pytest.mark.django_db

# One row in each: a kelurahan of Bontang Utara, one of Bontang Selatan, kecamatan known, kab/kota known, nothing.
AREAS = [6474011001, 6474021001, 6474010000, 6474000000, 0]


class World:
    """Bontang with two pairs, East Kalimantan with one, Makassar with one; each with a round and a pool."""

    def __init__(self):
        self.rule_set = RuleSet.objects.create(code="uji", title="Uji", body={})
        self.author = somebody()
        bontang, kaltim, makassar = (self.election(code) for code in (6474, 64, 7371))
        self.pairs = {
            "melati": self.pair(bontang, "melati"),
            "kenanga": self.pair(bontang, "kenanga"),
            "mahakam": self.pair(kaltim, "mahakam"),
            "losari": self.pair(makassar, "losari"),
        }

    def election(self, region_id):
        return Election.objects.create(
            name=f"Pemilihan {region_id}",
            level="gubernur" if region_id < 100 else "walikota",
            region_id=region_id,
            region_name=str(region_id),
            rule_set=self.rule_set,
            base=131_600,
            voting_day=date(2024, 11, 27),
            zone="Asia/Makassar",
        )

    def pair(self, election, name):
        pair = Pair.objects.create(election=election, name=name, head=f"{name} A", deputy=f"{name} B")
        for kind in ("round", "pool"):
            self.fill(Submission.objects.create(pair=pair, kind=kind, stage=kind, rule_set=self.rule_set))
        return pair

    def fill(self, submission):
        upload = Upload.objects.create(
            submission=submission,
            name=f"{submission.pair.name} {submission.kind}",
            received_at=datetime(2024, 5, 1, tzinfo=UTC),
            received_by=self.author,
        )
        for number, area in enumerate(AREAS, start=2):
            support = Support.objects.create(id=first_id(upload.pk) + number, submission=submission)
            Standing.objects.create(support=support, submission=submission, area=area, sound=True, clean=True)


@pytest.fixture
def world():
    return World()


def names(pairs):
    return sorted(pairs.values_list("name", flat=True))


def rows_of(user, permission=Permission.VIEW_SUPPORTS):
    """(pair and kind of round, area) of every row the user reaches."""
    found = supports_visible_to(user, permission).values_list(
        "submission__pair__name", "submission__kind", "standing__area"
    )
    return sorted(found)


def whole(*rounds):
    return sorted((pair, kind, area) for pair, kind in rounds for area in AREAS)


@pytest.mark.parametrize(
    ("role", "known"),
    [
        ((Role.KPU_RI, "nation", 0), ["kenanga", "losari", "mahakam", "melati"]),
        ((Role.KPU_PROVINCE, "region", 64), ["kenanga", "mahakam", "melati"]),
        ((Role.KPU_REGENCY, "region", 6474), ["kenanga", "mahakam", "melati"]),
        ((Role.KPU_REGENCY, "region", 6471), ["mahakam"]),
        ((Role.PPK, "region", 647401), ["kenanga", "mahakam", "melati"]),
        ((Role.PPS, "region", 6474011001), ["kenanga", "mahakam", "melati"]),
        ((Role.BAWASLU, "region", 73), ["losari"]),
        ((Role.OBSERVER, "region", 7), []),
    ],
)
def test_offices_know_the_pairs_of_elections_that_touch_their_territory(world, role, known):
    user = somebody(role)
    assert names(pairs_visible_to(user)) == known
    elections = {pair.election_id for name, pair in world.pairs.items() if name in known}
    assert set(elections_visible_to(user).values_list("pk", flat=True)) == elections


def test_a_team_knows_its_own_pair_and_election_only(world):
    melati = world.pairs["melati"]
    user = somebody((Role.OPERATOR, "pair", melati.pk))
    assert names(pairs_visible_to(user)) == ["melati"]
    assert list(elections_visible_to(user)) == [melati.election]
    assert rows_of(user) == whole(("melati", "round"), ("melati", "pool"))
    assert {upload.name for upload in uploads_visible_to(user)} == {"melati round", "melati pool"}
    assert areas_visible_to(user, Permission.VIEW_SUPPORTS, melati) is None
    assert areas_visible_to(user, Permission.VIEW_SUPPORTS, world.pairs["kenanga"]) == []


def test_an_office_reads_all_rounds_of_its_elections_but_no_pool(world):
    user = somebody((Role.KPU_REGENCY, "region", 7371))
    assert rows_of(user) == whole(("losari", "round"))
    assert [upload.name for upload in uploads_visible_to(user)] == ["losari round"]
    rounds = submissions_visible_to(user, Permission.VIEW_SUPPORTS)
    assert [submission.kind for submission in rounds] == ["round"]


def test_a_regency_reads_only_its_own_rows_of_a_governors_election(world):
    user = somebody((Role.KPU_REGENCY, "region", 6474))
    inside = [("mahakam", "round", area) for area in AREAS if area]
    assert rows_of(user) == sorted(whole(("melati", "round"), ("kenanga", "round")) + inside)
    assert names(pairs_governed_by(user, Permission.VIEW_SUPPORTS)) == ["kenanga", "melati"]
    assert "mahakam round" not in {upload.name for upload in uploads_visible_to(user)}
    mahakam = areas_visible_to(user, Permission.VIEW_SUPPORTS, world.pairs["mahakam"])
    assert mahakam == [(6474000000, 6475000000)]


def test_a_ppk_reads_the_rows_of_its_kecamatan(world):
    user = somebody((Role.PPK, "region", 647401))
    pairs = ("melati", "kenanga", "mahakam")
    inside = [(pair, "round", area) for pair in pairs for area in (6474011001, 6474010000)]
    assert rows_of(user) == sorted(inside)
    assert not uploads_visible_to(user).exists()
    areas = areas_visible_to(user, Permission.VIEW_SUPPORTS, world.pairs["melati"])
    assert areas == [(6474010000, 6474020000)]


def test_an_observer_reads_no_row(world):
    user = somebody((Role.OBSERVER, "nation", 0))
    assert names(pairs_visible_to(user, Permission.VIEW_PROGRESS)) == sorted(world.pairs)
    assert rows_of(user) == []
    assert not uploads_visible_to(user).exists()


def test_two_roles_do_not_lend_each_other_their_scope(world):
    """An operator of one pair who also watches the region edits and reads the rows of the own pair only."""
    melati = world.pairs["melati"]
    user = somebody((Role.OPERATOR, "pair", melati.pk), (Role.OBSERVER, "region", 6474))
    assert names(pairs_visible_to(user)) == ["kenanga", "mahakam", "melati"]
    assert names(pairs_visible_to(user, Permission.UPLOAD)) == ["melati"]
    assert {pair for pair, _kind, _area in rows_of(user, Permission.EDIT_SUPPORTS)} == {"melati"}
    assert {pair for pair, _kind, _area in rows_of(user)} == {"melati"}


def test_reaching_costs_one_query(world, django_assert_num_queries):
    user = somebody((Role.PPK, "region", 647401), (Role.LO, "pair", world.pairs["losari"].pk))
    assert uploads_visible_to(user) is not None  # the roles are known now
    for reached in (pairs_visible_to(user), uploads_visible_to(user), supports_visible_to(user)):
        with django_assert_num_queries(1):
            list(reached)
