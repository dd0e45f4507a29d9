"""The files of the story of Bontang 2024, loaded as any team's: the published sums come out of real findings."""

import io
from collections import Counter

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from candidates.models import Pair
from candidates.queries import window_state
from candidates.rule_sets import RuleSet
from foundation.accounts.access import scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from silon import bontang
from silon.playing import PAIR
from supports.management.commands.make_supporters import places_of
from supports.models import Finding, Standing
from supports.rules import BY_NUMBER
from tests import factories

pytestmark = pytest.mark.usefixtures("committed")


def as_file(frame):
    out = io.BytesIO()
    frame.write_csv(out)
    return out.getvalue()


def effects_of(submission):
    """How many rows have a finding of effect TMS, only of effect BMS, or none of both."""
    rules = RuleSet.from_json(submission.rule_set.body)
    worst = {}
    for support, number in Finding.objects.filter(submission=submission).values_list("support_id", "code"):
        effect = rules.effect(BY_NUMBER[number].code, submission.stage)
        worst[support] = max(worst.get(support, ""), {"TMS": "2TMS", "BMS": "1BMS"}.get(effect, ""))
    rows = Standing.objects.filter(submission=submission).values_list("support_id", flat=True)
    return Counter(worst.get(row, "")[1:] or "MS" for row in rows)


def test_the_first_list_is_that_of_2024():
    pair = factories.pair()
    upload = factories.loaded(pair, factories.operator(pair), as_file(bontang.first_list(places_of(6474))))
    found = effects_of(upload.submission)
    assert found == {"MS": bontang.MS, "BMS": bontang.BMS, "TMS": bontang.TMS}
    assert found.total() == upload.rows == bontang.FIRST_ROWS


def test_the_second_list_mends_what_was_asked_and_adds_new_people():
    places = places_of(6474)
    first = bontang.first_list(places)
    asked = first.filter(pl.col(bontang.SHEET).str.slice(2).cast(int) > bontang.STARTS["NIK_LENGTH"])
    second = bontang.second_list(places, asked.with_columns(pl.lit("id").alias("ID baris")))
    assert asked.height == bontang.BMS
    assert second.height == bontang.SECOND_ROWS
    assert second["ID baris"].count() == bontang.BMS
    assert second["NIK"].n_unique() == bontang.SECOND_ROWS
    assert second["Nama"].str.len_chars().min() > 0


def test_the_story_is_prepared_once_and_its_files_are_written(tmp_path, settings):
    settings.DEMO = True
    for _time in (1, 2):
        call_command("play_bontang", f"--out={tmp_path}", stdout=io.StringIO())
    first = pl.read_csv(tmp_path / "awal.csv", infer_schema=False)
    assert first.height == bontang.FIRST_ROWS
    pair = Pair.objects.get(name=PAIR)
    assert [window_state(pair, "filling", stage).open for stage in ("awal", "perbaikan_1")] == [True, True]
    assert scopes(User.objects.get(username="operator3"), Permission.EDIT_SUPPORTS).pairs == (pair.pk,)
    number = pl.col(bontang.SHEET).str.slice(2).cast(int)
    first.filter(number > bontang.STARTS["NIK_LENGTH"]).write_csv(tmp_path / "bms.csv")
    call_command("play_bontang", f"--out={tmp_path}", f"--mend={tmp_path}/bms.csv", stdout=io.StringIO())
    assert pl.read_csv(tmp_path / "perbaikan-kesatu.csv", infer_schema=False).height == bontang.SECOND_ROWS


def test_the_story_is_for_the_demo_only(tmp_path, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="SILON_DEMO is not set"):
        call_command("play_bontang", f"--out={tmp_path}")
