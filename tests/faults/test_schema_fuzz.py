"""Every call of the API, asked for what its description allows and for what it forbids, by several people.

schemathesis makes the input from the description, the same at every run; where that is always refused, what is known
to succeed is sent too, and the same with one field of what was made. No answer is a fault of the site, every refusal
has the one form, in Indonesian, and every call succeeds at least once. Each finds the same state: what a call changed
is taken back.
"""

import logging
import re
from contextlib import contextmanager

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import IntegrityError, close_old_connections, connection, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from foundation.accounts.models import ApiToken
from tests.faults.api_world import make_world
from tests.faults.known_calls import known_calls

pytestmark = pytest.mark.usefixtures("committed")

QUOTED = re.compile("“[^”]*”")
ENGLISH = re.compile(
    r"\b(?:the|this|valid|invalid|value|field|expected|must|ensure|not an?|required)\b", re.IGNORECASE
)
EXAMPLES = 3  # of what is allowed, and as many of what is forbidden: 4 people send each
FEW = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@schemathesis.serializer("application/offset+octet-stream")
def piece_of_a_file(_context, value):
    """A tus piece is bytes as they are."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@pytest.fixture
def world(quick_log_ins):
    """One thing in every state that a call may ask for."""
    return make_world()


def calls():
    """Every call as published, but for tokens: who asks is not thought of, it is told."""
    described = SchemaGenerator().get_schema(request=None, public=True)
    for path in described["paths"].values():
        for call in path.values():
            call.pop("security", None)
    schema = schemathesis.openapi.from_dict(described)
    return [found.ok() for found in schema.get_all_operations()]


def known_of(call, ids):
    """The parts of the address that name something which is there; all others are thought of."""
    kind = call.path.split("/")[3].removesuffix("s")
    named = {part.name: kind if part.name == "id" else part.name for part in call.path_parameters}
    return {part: ids[name] for part, name in named.items() if name in ids}


def cases_of(call, world, known):
    """What schemathesis thinks of for a call, allowed and forbidden; with what is known to succeed, and close by."""
    found, ids = [], world.ids | (known["at"] if known else {})
    for mode in GenerationMode:

        @FEW
        @given(call.as_strategy(generation_mode=mode, path_parameters=known_of(call, ids)))
        def collect(case):
            found.append(case)

        # A call of which every input is known has nothing that is forbidden.
        try:
            collect()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, call.label
    return [*found, *known_cases(call, ids, known, found)] if known else found


def known_cases(call, ids, known, thought_of):
    """The call that succeeds, and the same with one field of each body that was thought of."""
    address = known_of(call, ids) | known["at"]
    parts = {"path_parameters": address, "query": known["query"], "headers": known["headers"]}
    if known["body"] is None:
        return [call.Case(**parts)]
    bodies = [known["body"], *strange_bodies(known["body"], thought_of)]
    return [call.Case(**parts, body=body, media_type=known["kind"]) for body in bodies]


def strange_bodies(body, thought_of):
    """The body that is known to be good, with one field of another; the next field at each."""
    if not isinstance(body, dict):
        return
    others = [case.body for case in thought_of if isinstance(case.body, dict)]
    for number, other in enumerate(others):
        if fields := sorted(other):
            name = fields[number % len(fields)]
            yield body | {name: other[name]}


@contextmanager
def taken_back():
    """A transaction around requests that never commits, as Django's own test client and TestCase make it."""
    around = transaction.atomic()
    around._from_testcase = True
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        with around:
            yield
            transaction.set_rollback(True)
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def answer_to(case, user, site):
    """The status of the answer, and what is wrong with it, or nothing."""
    with taken_back():
        token = {"Authorization": f"Token {ApiToken.objects.create(user=user)[1]}"} if user else {}
        answer = case.call(app=site, headers=token)
        if answer.status_code >= 500:
            return answer.status_code, f"status {answer.status_code}"
        try:
            connection.check_constraints()
        except IntegrityError as error:
            return answer.status_code, f"the commit would fail: {error}"
    if answer.status_code >= 400 and not has_the_form(answer):
        told = f"refused with {answer.status_code} in another form: {answer.content[:200]!r}"
        return answer.status_code, told
    return answer.status_code, ""


def has_the_form(answer):
    """Whether a refusal is told as every refusal is."""
    if not answer.headers["content-type"][0].startswith("application/json"):
        return False
    body = answer.json()
    told = {"code", "message", "field"} <= set(body) and body["code"] and body["message"]
    return bool(told) and not ENGLISH.search(QUOTED.sub("", body["message"]))


def test_every_call_succeeds_and_none_is_answered_with_a_fault(world, caplog):
    caplog.set_level(logging.CRITICAL, "django.request")
    site, faults, asked = get_wsgi_application(), [], calls()
    known, succeeded = known_calls(world), set()
    for call in asked:
        for case in cases_of(call, world, known.get(call.label)):
            for name, user in (world.people | {"nobody": None}).items():
                status, fault = answer_to(case, user, site)
                if fault:
                    faults.append(f"{name}: {fault}\n{case.as_curl_command()}")
                elif status < 300:
                    succeeded.add(call.label)
    assert len(asked) > 100
    assert not faults, "\n\n".join(faults)
    assert succeeded == {call.label for call in asked}
