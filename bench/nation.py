"""A whole nation for the desks of the commission: every election that votes at once, with pairs, counts and windows.

Rows of supporters are not made: pages read counts, so counts are what is made here, by the owner, through the trigger
that sums them by area.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from bench.database import owner_cursor
from bench.measured import Timing
from bench.pages import Ask, measure
from bench.scene import member
from candidates.mass.new_elections import create_elections, plan_elections
from candidates.models import Election, Pair, Window
from candidates.queries import now
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import User
from foundation.regions.codes import PROVINCE, REGENCY
from foundation.regions.models import Region

PAIRS_EACH = 2
STAGES = ("awal", "perbaikan_1", "perbaikan_2")
VOTING_DAY = "23-11-2044"
ROUNDS = """
INSERT INTO supports_submission (pair_id, kind, stage, rule_set_id, status, result, created_at)
SELECT pair.id, 'round', 'awal', election.rule_set_id, 'draft', '', now()
  FROM candidates_pair AS pair
  JOIN candidates_election AS election ON election.id = pair.election_id
 WHERE election.id = ANY(%(elections)s)
"""
COUNTS = """
INSERT INTO supports_tally (submission_id, area, key, n)
SELECT submission.id, village.code, kept.key, 0
  FROM supports_submission AS submission
  JOIN candidates_pair AS pair ON pair.id = submission.pair_id
  JOIN candidates_electionarea AS area ON area.election_id = pair.election_id
  JOIN regions_region AS village
    ON village.level = 4 AND village.current
   AND village.code / CASE WHEN area.code < 10000 THEN 1000000 ELSE 10000 END = area.code
 CROSS JOIN unnest(ARRAY['unverified', 'clean']) AS kept (key)
 WHERE pair.election_id = ANY(%(elections)s)
"""
NUMBERS = "UPDATE supports_tally SET n = CASE key WHEN 'clean' THEN 90 ELSE 100 END"
SETTLED = (
    "supports_tally", "supports_areatally", "supports_submission", "candidates_window", "candidates_pair",
    "candidates_election", "candidates_electionarea",
)  # fmt: skip


def make_nation(elections: int) -> list[Election]:
    """So many elections with two pairs each, a round begun, and windows of all stages."""
    made = _elections(elections)
    moment = now()
    Window.objects.bulk_create(
        Window(
            election=election, stage=stage, kind=kind, opens_at=moment - timedelta(days=1),
            closes_at=moment + timedelta(days=2 + election.pk % 30, hours=at),
        )
        for election in made
        for at, stage in enumerate(STAGES)
        for kind in Window.Kind.values
    )  # fmt: skip
    Pair.objects.bulk_create(
        Pair(
            election=election,
            name=f"Pasangan {number} – {election.region_name}",
            head="Rangga",
            deputy="Sekar",
        )
        for election in made
        for number in range(1, PAIRS_EACH + 1)
    )
    with owner_cursor() as cursor:
        for statement in (ROUNDS, COUNTS):
            cursor.execute(statement, {"elections": [one.pk for one in made]})
        cursor.execute(NUMBERS)
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(SETTLED)}")
    return made


def _elections(number: int) -> list[Election]:
    """Elections of the first regions, kab/kota first: as many as voted in 2024."""
    found = Region.objects.filter(current=True, level__in=(PROVINCE, REGENCY)).order_by("-level", "code")
    rows = [
        {
            "number": at, "region": str(code), "base": "5000000" if code < 100 else "300000",
            "voting_day": VOTING_DAY, "rule_set": "pkpu8-2024",
        }
        for at, code in enumerate(found.values_list("pk", flat=True)[:number], 2)
    ]  # fmt: skip
    create_elections(rows, digest=plan_elections(rows, by=None).digest, by=None)
    return list(Election.objects.filter(voting_day="2044-11-23").order_by("id"))


def measure_nation(elections: int, requests: int) -> dict[str, list[Timing]]:
    """The desk of KPU RI over all of them, that of a province over its kab/kota, and that of one kab/kota."""
    regency = make_nation(elections)[0].region_id
    desks = {
        "territory_of_nation": member(Role.KPU_RI, ScopeKind.NATION, 0),
        "territory_of_province": member(Role.KPU_PROVINCE, ScopeKind.REGION, int(str(regency)[:2])),
        "territory_of_regency": member(Role.KPU_REGENCY, ScopeKind.REGION, regency),
    }
    return {name: [measure(ask, requests) for ask in _asks(user)] for name, user in desks.items()}


def _asks(user: User) -> Iterator[Ask]:
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user)
    address = reverse("territory")
    for query in ("", "?urut=kurang", "?cari=ban", "?perhatian=1", "?halaman=9"):
        yield Ask(browser, f"{address}{query}")
