"""Every rule on real rows: what has the fault, and what nearly has it, through reading, normalising and checking."""

import csv
import io
import secrets
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from candidates.rule_sets import DEFAULT_EFFECTS, SHIPPED
from foundation.regions.queries import name_index
from supports.ingest import columns, normalise, prepare, read, runs
from supports.ingest.places import Territory
from supports.models import Finding, Standing, first_id
from supports.rules import BY_CODE, BY_NUMBER, COMMISSION, ROW_RULES, RULES, Terms
from tests import factories
from tests.factories import HEADINGS

TERMS = Terms(voting_day=date(2024, 11, 27), minimum_age=17)
BONTANG, KUTAI_KARTANEGARA = 6474, 6402
FIRST_ROW = 2
ROW_NUMBERS = [rule.number for rule in ROW_RULES]
TITLES = HEADINGS | {"statement": "Surat pernyataan identitas"}
# One row per case: the rule it is about, what is special in it, the codes it must get (no others), its cells.
with (Path(__file__).parents[1] / "data" / "rule_cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))
CELLS = [name for name in CASES[0] if name in TITLES]


def expected(case):
    """The codes of a case, in the order of the rules."""
    return sorted(case["expected"].split(), key=lambda code: BY_CODE[code].number)


def codes_of(frame, mapping):
    """The codes of each row, in the order of the rules: {row number: [code, ...]}."""
    keys = prepare.RowKeys(*(secrets.token_bytes(32) for _ in range(5)))
    territory = Territory(BONTANG, name_index([BONTANG]), frozenset({KUTAI_KARTANEGARA}))
    rows = normalise.normalise(frame, mapping, today=TERMS.voting_day)
    ids = frame["row_no"].cast(pl.Int64)
    prepared = prepare.prepare(rows, ids, submission=1, terms=TERMS, territory=territory, keys=keys)
    found = {row: [] for row in ids}
    for code, row in sorted(prepared.findings.iter_rows()):
        found[row].append(BY_NUMBER[code].code)
    return found


def check(content):
    """The codes of each row of a file."""
    with read.frames(io.BytesIO(content)) as reader:
        frame = pl.concat(list(reader))
        return codes_of(frame, columns.map_headings(reader.header.headings))


def written(rows):
    """The cells of some cases as a file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(TITLES[name] for name in CELLS)
    writer.writerows([row[name] for name in CELLS] for row in rows)
    return out.getvalue().encode()


@pytest.fixture(scope="module")
def found(django_db_setup, django_db_blocker):
    """The codes of every case, read as one file."""
    with django_db_blocker.unblock():
        return check(written(CASES))


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: CASES[number]["about"])
def test_row_has_exactly_these_findings(found, number):
    assert found[number + FIRST_ROW] == expected(CASES[number])


@pytest.mark.parametrize("rule", [rule.code for rule in ROW_RULES if rule.code != "ROW_BROKEN"])
def test_every_row_rule_has_a_case_and_a_near_miss(rule):
    assert {rule in case["expected"].split() for case in CASES if case["rule"] == rule} == {True, False}


@pytest.mark.django_db
def test_typed_rows_get_the_findings_of_the_file():
    frame, mapping = normalise.as_frame([{name: case[name] for name in CELLS} for case in CASES])
    assert list(codes_of(frame, mapping).values()) == [expected(case) for case in CASES]


@pytest.mark.django_db
def test_broken_row_says_only_that_and_its_neighbours_are_whole():
    lines = written([CASES[0]] * 4).decode().splitlines()
    lines[2] += ",one cell too many"
    lines[3] = lines[3].replace("Budi Contoh", 'Budi "Contoh').replace("Jl. Contoh 1", '"Jl. Contoh 1')
    assert check("\n".join(lines).encode()) == {2: [], 3: ["ROW_BROKEN"], 4: ["ROW_BROKEN"], 5: []}


def numbers(niks=(), phones=()):
    """What runs are looked for in: one row for each number."""
    rows = [(nik, None) for nik in niks] + [(None, phone) for phone in phones]
    schema = {"id": pl.Int64, "nik_number": pl.Int64, "phone_number": pl.Int64}
    return pl.DataFrame([(i, *row) for i, row in enumerate(rows)], schema=schema, orient="row")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"niks": range(100, 105)}, {"SERIAL_RUN": 5}, id="five NIKs one by one"),
        pytest.param({"niks": range(100, 104)}, {}, id="four NIKs one by one"),
        pytest.param({"niks": [100, 101, 102, 104, 105, 106]}, {}, id="a gap in it"),
        pytest.param(
            {"niks": [103, 100, 104, 102, 101, 101]}, {"SERIAL_RUN": 6}, id="in any order, one twice"
        ),
        pytest.param({"phones": range(100, 105)}, {"SERIAL_RUN": 5}, id="five phones one by one"),
        pytest.param({"phones": [7] * 3}, {"PHONE_SHARED": 3}, id="three rows with one phone"),
        pytest.param({"phones": [7, 7, 8, 8]}, {}, id="twice two rows with one phone"),
        pytest.param({"niks": [7] * 3}, {}, id="one NIK is no phone"),
    ],
)
def test_runs_and_shared_phones(given, expected):
    found = runs.findings_of_runs(numbers(**given), phone_shared_from=3)
    assert {BY_NUMBER[code].code: n for code, n in found.group_by("code").len().iter_rows()} == expected


@pytest.mark.parametrize("rules", SHIPPED.values(), ids=lambda rules: rules.code)
def test_every_rule_has_an_effect_in_every_round(rules):
    for round_key in [None, *(one.key for one in rules.rounds)]:
        effects = {rule.code: rules.effect(rule.code, round_key) for rule in RULES}
        differing = {code for code, effect in effects.items() if effect != DEFAULT_EFFECTS[code]}
        assert differing <= {"DUPLICATE_ROUND"}
        new_only = round_key is None or rules.round(round_key).new_only
        assert (effects["DUPLICATE_ROUND"] == "TMS") is new_only


@pytest.mark.usefixtures("committed")
def test_row_counts_unless_a_finding_is_tms_or_bms():
    """Every rule that a row alone can break, loaded as a team would; only warnings leave a row clean."""
    pair = factories.pair()
    alone = [case for case in CASES if len(case["expected"].split()) == 1]
    rows = [case | person_of(number, case) for number, case in enumerate(alone)]
    upload = factories.loaded(pair, factories.operator(pair), written(rows))
    found = dict(Finding.objects.filter(code__in=ROW_NUMBERS).values_list("support_id", "code"))
    expected = {
        pk: pk not in found or DEFAULT_EFFECTS[BY_NUMBER[found[pk]].code] == "WARN"
        for pk in range(first_id(upload.pk) + 2, first_id(upload.pk) + 2 + len(rows))
    }
    assert len(set(found.values())) > 20
    assert dict(Standing.objects.values_list("support_id", "clean")) == expected


def person_of(number, case):
    """A NIK of its own for each case, where the case does not care which."""
    sound = case["nik"] == CASES[0]["nik"]
    return {"nik": f"{case['nik'][:12]}{9000 + number}"} if sound else {}


def test_team_sees_every_rule_but_those_for_officers():
    officers = [rule.code for rule in RULES if rule.audience == COMMISSION]
    assert officers == ["SERIAL_RUN", "NOT_IN_ROLL", "ROLL_MISMATCH"]
