"""Server time and queries of the pages that a team looks at, asked in this process without a network."""

import math
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.failed import Failed
from bench.measured import Timing
from bench.scene import officer_of, operator_of
from candidates.models import Pair
from foundation.accounts.models import ApiToken
from supports.models import Finding, Standing, Support, Upload, first_id
from supports.opening import open_row
from supports.progress import findings_of_round
from supports.rules import BY_CODE, RULES, TEAM
from supports.standards import standards_of

WARM_UPS = 3
DEEP = 500_000  # rows
OK = 200
AREAS_OF_REGENCY = 1_000_000  # 10-digit areas inside one kab/kota


@dataclass(frozen=True)
class Ask:
    """One address, as somebody asks for it."""

    client: Client
    address: str
    form: dict[str, str] | None = None
    form_type: str = MULTIPART_CONTENT

    def __call__(self) -> None:
        """Ask once; what is looked for is posted. Raises Failed when the answer is not the page."""
        if self.form:
            answer = self.client.post(self.address, self.form, content_type=self.form_type)
        else:
            answer = self.client.get(self.address)
        if answer.status_code != OK:
            raise Failed(f"{self.address} answered {answer.status_code}.")


def measure_pages(upload: Upload, requests: int) -> dict[str, list[Timing]]:
    """Every page by its name, each address of it."""
    return {
        name: [measure(ask, requests) for ask in group]
        for name, group in asks(upload.submission.pair, upload).items()
    }


def measure(ask: Ask, requests: int) -> Timing:
    """One page, after warming up. Raises Failed when it answers anything but itself."""
    for _ in range(min(WARM_UPS, requests)):
        ask()
    # The fewer of two: keys stay in memory for seconds, and a request may be the one that reads them anew.
    queries = min(_queries(ask), _queries(ask))
    return Timing(ask.address, round(p95([_milliseconds(ask) for _ in range(requests)]), 1), queries)


def _queries(ask: Ask) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def p95(values: list[float]) -> float:
    """The smallest value that 95 % of all do not exceed."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def _milliseconds(ask: Ask) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def asks(pair: Pair, upload: Upload) -> dict[str, list[Ask]]:
    """The pages as a member of the pair's team asks for them, and the desk of the office that holds the election."""
    user = operator_of(pair)
    browser, officer = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    browser.force_login(user)
    officer.force_login(officer_of(pair.election))
    _row, token = ApiToken.objects.create(user=user)
    program = Client(SERVER_NAME="localhost", HTTP_AUTHORIZATION=f"Token {token}")
    area, deep = _middle_regency(upload), _deep_cursor(upload)
    codes = [rule.code for rule in RULES if rule.audience == TEAM]
    sought = _sought(upload)
    listed = reverse("supports", args=[pair.pk])
    return {
        "pair": [_get(browser, reverse("pair", args=[pair.pk]))],
        "pair_while_loading": [_get(browser, reverse("latest_uploads", args=[pair.pk]))],
        "desk_of_office": [_get(officer, reverse("territory"))],
        "pair_of_office": [_get(officer, reverse("pair", args=[pair.pk]))],
        "election_of_office": [_get(officer, reverse("election", args=[pair.election_id]))],
        "uploads": [_get(browser, reverse("uploads", args=[pair.pk]))],
        "upload": [_get(browser, reverse("upload", args=[upload.pk]))],
        "supports": [_get(browser, listed)],
        "supports_deep": [_get(browser, listed, kursor=deep)],
        "supports_of_area": [_get(browser, listed, wilayah=area)],
        "supports_by_finding": [_get(browser, listed, temuan=code) for code in codes],
        "supports_by_finding_of_area": [_get(browser, listed, **query) for query in _extremes(upload)],
        "search_by_nik": [_search(browser, pair, sought["nik"])],
        "search_by_phone": [_search(browser, pair, sought["phone"])],
        "search_by_name": [_search(browser, pair, name) for name in _names(sought["name"])],
        "api_progress": [_get(program, reverse("api_progress", args=[pair.pk]))],
        "api_uploads": [_get(program, reverse("api_uploads", args=[pair.pk]))],
        "api_supports": [_get(program, reverse("api_supports", args=[pair.pk]))],
        "api_search_by_nik": [
            Ask(
                program,
                reverse("api_search_supports", args=[pair.pk]),
                {"nik": sought["nik"]},
                "application/json",
            )
        ],
    }


def _get(client: Client, path: str, **query: object) -> Ask:
    return Ask(client, f"{path}?{urlencode(query)}" if query else path)


def _search(client: Client, pair: Pair, text: str) -> Ask:
    return Ask(client, reverse("search_supports", args=[pair.pk]), {"cari": text})


def _sought(upload: Upload) -> dict[str, str]:
    """NIK, phone and name of a row without a fault in the middle of the file: what somebody would look for."""
    sound = Support.objects.filter(pk__gte=first_id(upload.pk) + upload.rows // 2, standing__clean=True)
    row = sound.exclude(phone=None).order_by("pk").first()
    opened = open_row(row, standards_of(upload.submission).keys())
    return {name: str(opened[name]) for name in ("nik", "phone", "name")}


def _names(name: str) -> list[str]:
    """The whole name, the beginnings of its words, and one word that thousands of others have too."""
    words = name.split()
    return [name, " ".join(word[:3] for word in words), words[0]]


def _deep_cursor(upload: Upload) -> str:
    """What the link to the next page carries after half a million rows, or half of them when there are fewer."""
    rows = Standing.objects.filter(submission=upload.submission_id).order_by("area", "support_id")
    depth = min(DEEP, upload.rows // 2)
    area, support_id = rows.values_list("area", "support_id")[depth]
    return f">{area}.{support_id}"


def _extremes(upload: Upload) -> list[dict[str, object]]:
    """The most frequent and the rarest finding, in a kab/kota where it is found: many or few rows to look among."""
    counts = findings_of_round(upload.submission)
    codes = sorted(counts, key=counts.get)
    return [{"temuan": code, "wilayah": _regency_with(code, upload)} for code in (codes[-1], codes[0])]


def _regency_with(code: str, upload: Upload) -> int:
    """The kab/kota of the first row that the rule speaks of."""
    found = Finding.objects.filter(submission=upload.submission_id, code=BY_CODE[code].number)
    first = found.order_by("support_id").values("support_id")[:1]
    return Standing.objects.get(support_id__in=first).area // AREAS_OF_REGENCY


def _middle_regency(upload: Upload) -> int:
    """The kab/kota of the row in the middle of the list."""
    rows = Standing.objects.filter(submission=upload.submission_id).order_by("area", "support_id")
    return rows.values_list("area", flat=True)[upload.rows // 2] // AREAS_OF_REGENCY
