"""People given by several pairs: known to the commission, and nowhere to be noticed by a team."""

import re

import pytest
from django.test import Client

from foundation.accounts.matrix import Role
from foundation.workflow import engine
from supports import operations
from supports.matches import list_matches
from supports.matching import queue_recheck
from supports.models import PairMatch, Submission, first_id
from supports.progress import progress
from supports.rules import COMMISSION
from tests.factories import election, loaded, operator, pair, person, upload, user, work
from tests.foundation.accounts.people import token_of

# A form's token is another one in every answer.
CSRF_TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w+')

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def teams():
    """Three pairs of one election, each with its operator."""
    of = election()
    made = [pair(of, name=f"Calon {letter} – Wakil {letter}") for letter in "ABC"]
    return [(one, operator(one, f"operator-{one.pk}")) for one in made]


def matches():
    """How many pairs gave each person that several gave."""
    return sorted(PairMatch.objects.values_list("pairs", flat=True))


def test_person_of_two_pairs_is_matched_once(teams):
    first, second, _third = teams
    loaded(*first, [person(1), person(1), person(2), person(3, nik="")])
    assert matches() == []
    loaded(*second, [person(1, name="Sari Misal"), person(1), person(4), person(5, nik="")])
    assert matches() == [2]
    assert PairMatch.objects.get().election_id == first[0].election_id


def test_third_pair_raises_the_number_and_discarding_lowers_it(teams):
    uploads = [loaded(*team, [person(1), person(number)]) for number, team in enumerate(teams, 2)]
    assert matches() == [3]
    operations.discard_upload(uploads[0], by=teams[0][1])
    work()
    assert matches() == [2]
    operations.discard_upload(uploads[1], by=teams[1][1])
    work()
    assert matches() == []


def test_discarding_one_of_two_uploads_with_the_person_keeps_the_match(teams):
    first, second, _third = teams
    twice = [loaded(*first, [person(1)], "a.csv"), loaded(*first, [person(1), person(2)], "b.csv")]
    loaded(*second, [person(1)])
    operations.discard_upload(twice[0], by=first[1])
    work()
    assert matches() == [2]


def test_both_uploads_at_once_are_matched(teams):
    """Neither job sees the other's rows before they are committed; the match is looked for after both."""
    for team in teams[:2]:
        upload(*team, [person(1)])
    work()
    assert matches() == [2]


def test_withdrawn_pair_releases_its_people(teams):
    first, second, _third = teams
    loaded(*first, [person(1)])
    loaded(*second, [person(1)])
    engine.move(first[0], "withdraw", by=user("kpu", Role.KPU_REGENCY, 6474))
    queue_recheck(Submission.objects.get(pair=first[0]))
    work()
    assert matches() == []
    loaded(*second, [person(1), person(2)])
    assert matches() == []


def test_other_election_is_no_match(teams):
    other = pair(election(name="Pemilihan lain"))
    loaded(*teams[0], [person(1)])
    loaded(other, operator(other), [person(1)])
    assert matches() == []


def test_ten_thousand_copies_in_two_pairs_are_one_match(teams):
    rows = [person(1, address=f"Jl. Contoh {i}") for i in range(10_000)]
    for team in teams[:2]:
        loaded(*team, rows)
    assert matches() == [2]


def test_commission_sees_the_number_and_the_team_does_not(teams):
    first, second, _third = teams
    loaded(*first, [person(1)])
    loaded(*second, [person(1)])
    assert progress(first[0], audience=COMMISSION).findings == {"PAIR_MATCH": 1}
    assert progress(first[0]).findings == {}


def officer():
    """A browser of the KPU of the pairs' city, and its token for the API."""
    made = user("kpu", Role.KPU_REGENCY, 6474)
    client = Client()
    client.force_login(made)
    return client, token_of(made)


def test_commission_reads_who_was_given_by_whom(teams):
    first, second, third = teams
    loaded(*first, [person(1, name="Sari Contoh"), person(1, name="Sari Lagi"), person(2)], "satu.csv")
    loaded(*second, [person(1, name="Sari Misal")], "dua.csv")
    loaded(*third, [person(3)])
    client, token = officer()
    page = client.get(f"/pemilihan/{first[0].election_id}/ganda/").content.decode()
    assert "1 orang diberikan oleh lebih dari satu bakal pasangan calon" in page
    for text in ("Sari Contoh", "Sari Misal", "2 baris dengan NIK ini"):
        assert text in page
    assert person(1)["nik"] not in page
    answer = client.get(f"/api/v1/elections/{first[0].election_id}/pair-matches/", **token).json()
    (match,) = answer["results"]
    assert [(one["pair"], one["row_no"], one["copies"]) for one in match["given"]] == [
        (first[0].pk, 2, 2),
        (second[0].pk, 2, 1),
    ]
    assert (match["nik_masked"], answer["next"]) == (f"6474{'•' * 12}", None)


def test_matches_are_read_page_by_page_in_as_many_queries(teams, django_assert_num_queries):
    first, second, _third = teams
    people = [person(number) for number in range(60)]
    for team in (first, second):
        loaded(*team, people)
    seen, cursor = [], ""
    while cursor is not None:
        with django_assert_num_queries(6):
            page = list_matches(first[0].election, cursor=cursor)
        seen += [one.given[0].support_id for one in page.people]
        cursor = page.next
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("address", ["/pemilihan/{}/ganda/", "/api/v1/elections/{}/pair-matches/"])
def test_matches_are_for_who_governs_the_election(teams, address):
    (first, team), _second, _third = teams
    elsewhere = user("kpu-lain", Role.KPU_REGENCY, 3171)
    for who, status in ((team, 403), (elsewhere, 404), (user("bawaslu", Role.BAWASLU, 6474), 403)):
        client = Client()
        client.force_login(who)
        token = token_of(who) if address.startswith("/api/") else {}
        assert client.get(address.format(first.election_id), **token).status_code == status


def test_a_cursor_that_is_none_is_refused_in_words(teams):
    client, token = officer()
    answer = client.get(f"/api/v1/elections/{teams[0][0].election_id}/pair-matches/?cursor=x", **token)
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_unknown")


ADDRESSES = (
    "/pasangan/{pair}/",
    "/pasangan/{pair}/dukungan/",
    "/pasangan/{pair}/unggah/",
    "/unggahan/{upload}/",
    "/unggahan/{upload}/kemajuan/",
    "/unggahan/{upload}/laporan.csv",
    "/unggahan/{upload}/laporan.csv?semua=1",
    "/pasangan/{pair}/unggahan-terakhir/",
    "/pasangan/{pair}/dukungan/?temuan=PAIR_MATCH",
    "/pasangan/{pair}/dukungan/?temuan=SERIAL_RUN",
    "/api/v1/pairs/{pair}/",
    "/api/v1/pairs/{pair}/progress/",
    "/api/v1/pairs/{pair}/supports/",
    "/api/v1/pairs/{pair}/uploads/",
    "/api/v1/uploads/{upload}/",
    "/api/v1/uploads/{upload}/report.csv",
    "/api/v1/uploads/{upload}/report.csv?rows=all",
    "/api/v1/pairs/{pair}/supports/?finding=PAIR_MATCH",
    "/api/v1/pairs/{pair}/supports/?upload={upload}",
    "/api/v1/supports/{row}/",
)


def everything_seen(team, own):
    """All that a team can read about itself: {address: (status, headers, body)}."""
    client = Client()
    client.force_login(team[1])
    token = token_of(team[1])
    seen = {}
    for address in ADDRESSES:
        path = address.format(pair=team[0].pk, upload=own.pk, row=first_id(own.pk) + 2)
        response = client.get(path, **(token if path.startswith("/api/") else {}))
        body = response.getvalue() if response.streaming else response.content
        headers = {name: value for name, value in response.headers.items() if name != "Expires"}
        seen[path] = (response.status_code, headers, CSRF_TOKEN.sub(b"", body))
    return seen


def test_nothing_a_team_sees_changes_when_another_gives_the_same_people(teams):
    first, second, third = teams
    own = loaded(*first, [person(1), person(1), person(2, sex="?")])
    loaded(*third, [person(9)])
    before = everything_seen(first, own)
    assert {path for path, (status, *_) in before.items() if status != 200} == {
        path for path in before if "PAIR_MATCH" in path or "SERIAL_RUN" in path
    }
    loaded(*second, [person(1), person(2)])
    assert matches() == [2, 2]
    assert everything_seen(first, own) == before


def test_team_sees_its_own_changes(teams):
    """The comparison above would notice a difference."""
    own = loaded(*teams[0], [person(1)])
    before = everything_seen(teams[0], own)
    loaded(*teams[0], [person(1), person(2)], "lagi.csv")
    after = everything_seen(teams[0], own)
    same = {path for path in before if before[path] == after[path]}
    of_upload_or_row = {
        path for path in before if f"/{own.pk}/" in path or f"/{first_id(own.pk) + 2}/" in path
    }
    of_a_filter = {path for path in before if "?" in path}
    assert same <= of_upload_or_row | of_a_filter | {f"/api/v1/pairs/{teams[0][0].pk}/"}
