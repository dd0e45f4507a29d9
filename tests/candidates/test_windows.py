"""When a pair may fill or hand in, to the second, and what the page says then."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates import zones
from candidates.windows import Waiting, Window, judge, span_from

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
OFFICE_HOURS = (time(8), time(16))
LAST_DAY = " dan berakhir 12 Mei 2024 pukul 23.59 {}."


def clock(text, zone=WITA):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def five_days(zone=WITA):
    """8 to 12 May 2024, 08.00 to 16.00, the last day to 24.00: the announcement of 2024."""
    return Window(clock("2024-05-08T08:00", zone), clock("2024-05-13T00:00", zone), OFFICE_HOURS)


def state(windows, now, *, kind="handing_in", stage="", zone=WITA, waiting=()):
    return judge(windows, kind=kind, stage=stage, zone=zone, now=clock(now, zone), waiting=waiting)


@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
@pytest.mark.parametrize(
    ("now", "is_open", "reason"),
    [
        ("2024-05-08T07:59:59", False, "dijadwalkan 8 Mei 2024 pukul 08.00 {}, belum dibuka."),
        ("2024-05-08T08:00:00", True, "dibuka hari ini sampai pukul 16.00 {}" + LAST_DAY),
        ("2024-05-08T15:59:59", True, "dibuka hari ini sampai pukul 16.00 {}" + LAST_DAY),
        ("2024-05-08T16:00:00", False, "dibuka kembali 9 Mei 2024 pukul 08.00 {}" + LAST_DAY),
        ("2024-05-10T03:00:00", False, "dibuka kembali hari ini pukul 08.00 {}" + LAST_DAY),
        ("2024-05-12T16:00:00", True, "dibuka sampai 12 Mei 2024 pukul 23.59 {}."),
        ("2024-05-12T23:59:59", True, "dibuka sampai 12 Mei 2024 pukul 23.59 {}."),
        ("2024-05-12T23:59:59.999999", True, "dibuka sampai 12 Mei 2024 pukul 23.59 {}."),
        ("2024-05-13T00:00:00", False, "berakhir 12 Mei 2024 pukul 23.59 {}."),
    ],
)
def test_five_days_with_office_hours_and_a_long_last_day(zone, now, is_open, reason):
    answer = state([five_days(zone)], now, zone=zone)
    label = zones.LABELS[zone]
    assert (answer.open, answer.zone) == (is_open, label)
    assert answer.reason == f"Masa penyerahan dukungan {reason.format(label, label)}"


def test_the_same_moment_is_judged_on_the_clocks_of_the_region():
    """16.30 in Bontang is 15.30 in Jakarta."""
    now = clock("2024-05-09T16:30", WITA)
    assert not judge([five_days(WITA)], kind="handing_in", stage="", zone=WITA, now=now).open
    assert judge([five_days(WIB)], kind="handing_in", stage="", zone=WIB, now=now).open


def test_without_daily_hours_nights_are_open_too():
    window = Window(clock("2024-05-08T08:00"), clock("2024-05-13T00:00"))
    answer = state([window], "2024-05-10T03:00", kind="filling")
    assert answer.open
    assert answer.reason == "Masa pengisian dukungan dibuka sampai 12 Mei 2024 pukul 23.59 WITA."
    assert answer.changes_at == window.closes_at


def test_nothing_scheduled_says_so():
    answer = state([], "2024-05-10T03:00", kind="filling", stage="Perbaikan Kesatu")
    assert not answer.open
    assert answer.opens_at is answer.closes_at is answer.changes_at is None
    assert answer.reason == (
        "Masa pengisian dukungan Perbaikan Kesatu belum dijadwalkan. Tunggu pengumuman jadwal dari KPU."
    )


def test_hours_until_2359_last_to_midnight():
    window = Window(clock("2024-05-08T08:00"), clock("2024-05-12T16:00"), (time(8), time(23, 59)))
    assert state([window], "2024-05-08T23:59:59").open
    assert not state([window], "2024-05-09T00:00:00").open


def test_a_window_that_opens_after_the_first_day_s_hours_waits_for_the_next_day():
    window = Window(clock("2024-05-08T17:00"), clock("2024-05-13T00:00"), OFFICE_HOURS)
    answer = state([window], "2024-05-08T18:00")
    assert answer.reason == "Masa penyerahan dukungan dijadwalkan 9 Mei 2024 pukul 08.00 WITA, belum dibuka."


def test_a_ruling_opens_again_after_the_end():
    by_ruling = Window(clock("2024-05-25T13:20"), clock("2024-05-28T13:20"), ruling="Putusan 1/PS.REG/2024")
    answer = state([five_days(), by_ruling], "2024-05-26T22:00")
    assert answer.open
    assert answer.reason == (
        "Masa penyerahan dukungan dibuka berdasarkan Putusan 1/PS.REG/2024 "
        "sampai 28 Mei 2024 pukul 13.20 WITA."
    )
    ended = state([five_days(), by_ruling], "2024-05-28T13:20")
    assert not ended.open
    assert ended.reason == (
        "Masa penyerahan dukungan berdasarkan Putusan 1/PS.REG/2024 berakhir 28 Mei 2024 pukul 13.20 WITA."
    )


def test_a_ruling_fills_the_nights_between_daily_hours_and_never_shortens():
    by_ruling = Window(clock("2024-05-09T12:00"), clock("2024-05-10T10:00"), ruling="Gangguan sistem 7/2024")
    answer = state([five_days(), by_ruling], "2024-05-09T20:00")
    assert answer.open
    # From 10.00 on the election's own hours carry on until 16.00.
    assert answer.changes_at == clock("2024-05-10T16:00")
    after = state([five_days(), by_ruling], "2024-05-10T11:00")
    assert after.open
    assert "Gangguan" not in after.reason


@pytest.mark.parametrize(
    ("approved", "planned", "sentence"),
    [
        (False, None, " belum dibuka: menunggu persetujuan KPU RI (surat nomor 1/2024)."),
        (True, None, " belum dibuka: menunggu pembukaan oleh KPU (surat nomor 1/2024)."),
        (
            False,
            "2024-06-03T08:00",
            " dijadwalkan 3 Juni 2024 pukul 08.00 WITA, belum dibuka: "
            "menunggu persetujuan KPU RI (surat nomor 1/2024).",
        ),
    ],
)
def test_a_waiting_ruling_is_told(approved, planned, sentence):
    waiting = [Waiting("1/2024", approved, clock(planned) if planned else None)]
    answer = state([five_days()], "2024-06-03T09:00", waiting=waiting)
    ended = "Masa penyerahan dukungan berakhir 12 Mei 2024 pukul 23.59 WITA."
    assert answer.reason == f"{ended} Pembukaan kembali{sentence}"


def ruled(covers="all", *, opens="2024-05-25T13:20", closes="2024-05-28T13:20", uploads=()):
    named = frozenset(uploads)
    return Window(
        clock(opens),
        clock(closes),
        ruling=f"Putusan {covers}/2024",
        covers=covers,
        uploads=named,
        names_rows=3 if covers == "rows" else None,
    )


RECEIVED = {"before": clock("2024-05-10T10:00"), "after": clock("2024-05-25T14:00")}


@pytest.mark.parametrize(
    ("windows", "add", "before", "after", "named"),
    [
        ([five_days()], False, False, False, False),
        ([ruled("all")], True, True, True, True),
        ([ruled("new")], True, False, True, False),
        ([ruled("named", uploads=[7])], False, False, True, True),
        ([ruled("named", uploads=[7]), ruled("new")], True, False, True, True),
        (
            [ruled("new"), Window(clock("2024-05-20T00:00"), clock("2024-05-30T00:00"))],
            True,
            True,
            True,
            True,
        ),
    ],
    ids=["closed", "all", "new", "named", "named and new", "never less than the election's own"],
)
def test_a_ruling_opens_the_rows_it_covers(windows, add, before, after, named):
    rows = state(windows, "2024-05-26T22:00", kind="filling").rows
    assert rows.add is add
    assert rows.may_change(1, RECEIVED["before"]) is before
    assert rows.may_change(1, RECEIVED["after"]) is after
    assert rows.may_change(7, RECEIVED["before"]) is named


def test_rows_named_one_by_one_are_known_by_their_ruling():
    rows = state([ruled("rows"), ruled("named", uploads=[7])], "2024-05-26T22:00", kind="filling").rows
    assert rows.rulings == {3}
    assert not rows.add and not rows.every
    assert not rows.may_change(1, RECEIVED["before"])
    assert rows.may_change(1, RECEIVED["after"])


@pytest.mark.parametrize(
    ("covers", "words"),
    [
        ("all", ""),
        ("new", " hanya untuk baris baru"),
        ("named", " hanya untuk baris dari unggahan yang disebut di dalamnya"),
        ("rows", " hanya untuk baris yang disebut di dalamnya"),
    ],
)
def test_the_sentence_says_for_which_rows(covers, words):
    answer = state([five_days(), ruled(covers, uploads=[7])], "2024-05-26T22:00", kind="filling")
    assert answer.reason == (
        f"Masa pengisian dukungan dibuka berdasarkan Putusan {covers}/2024{words} "
        "sampai 28 Mei 2024 pukul 13.20 WITA."
    )


def test_a_closed_filling_says_that_the_number_of_rows_is_kept():
    told = judge(
        [five_days()],
        kind="filling",
        stage="",
        zone=WITA,
        now=clock("2024-05-26T22:00"),
        frozen=[ruled("frozen")],
    )
    assert not told.open
    assert told.reason == (
        "Masa pengisian dukungan berakhir 12 Mei 2024 pukul 23.59 WITA. Putusan frozen/2024 hanya membuka "
        "penyerahan dengan jumlah baris tetap: dukungan tidak dapat ditambah, diubah, atau dihapus."
    )
    ended = judge(
        [five_days()],
        kind="filling",
        stage="",
        zone=WITA,
        now=clock("2024-05-29T22:00"),
        frozen=[ruled("frozen")],
    )
    assert "tetap" not in ended.reason


# Every opening written out, the slow way: what the arithmetic must agree with.
START = datetime(2024, 5, 1, tzinfo=UTC)
quarters = st.integers(0, 4 * 24 * 12).map(lambda n: START + timedelta(minutes=15 * n))
day_times = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))


@st.composite
def any_window(draw):
    ends = sorted(draw(st.lists(quarters, min_size=2, max_size=2, unique=True)))
    hours = draw(st.none() | st.lists(day_times, min_size=2, max_size=2, unique=True).map(sorted).map(tuple))
    return Window(*ends, hours, draw(st.sampled_from(["", "Putusan 1/2024"])))


def openings(window, zone):
    if window.hours is None:
        return [(window.opens_at, window.closes_at)]
    last = zones.local(window.closes_at - timedelta(microseconds=1), zone).date()
    day = zones.local(window.opens_at, zone).date()
    found = []
    while day <= last:
        opens = max(window.opens_at, datetime.combine(day, window.hours[0], ZoneInfo(zone)))
        closes = window.closes_at if day == last else datetime.combine(day, window.hours[1], ZoneInfo(zone))
        if opens < closes:
            found.append((opens, closes))
        day += timedelta(days=1)
    return found


@given(st.lists(any_window(), max_size=3), quarters, st.sampled_from([WIB, WITA, WIT]))
def test_agrees_with_every_opening_written_out(windows, now, zone):
    answer = judge(windows, kind="filling", stage="", zone=zone, now=now)
    every = [opening for window in windows for opening in openings(window, zone)]
    assert answer.open == any(start <= now < end for start, end in every)
    later = [moment for opening in every for moment in opening if moment > now]
    changes = [m for m in later if any(s <= m < e for s, e in every) != answer.open]
    assert answer.changes_at == min(changes, default=None)


@given(any_window(), quarters, st.sampled_from([WIB, WITA, WIT]))
def test_the_next_opening_is_the_first_that_ends_later(window, moment, zone):
    expected = next((one for one in openings(window, zone) if moment < one[1]), None)
    assert span_from(window, moment, zone) == expected


@given(st.lists(any_window(), max_size=3), quarters, st.sampled_from([WIB, WITA, WIT]))
def test_every_answer_is_a_sentence_with_its_zone(windows, now, zone):
    answer = judge(windows, kind="handing_in", stage="Perbaikan Kedua", zone=zone, now=now)
    assert answer.reason.startswith("Masa penyerahan dukungan Perbaikan Kedua ")
    assert answer.reason.endswith(".")
    assert not windows or zones.LABELS[zone] in answer.reason
