"""A practice election (latihan) is thrown away as a whole: rounds, files, rows, counts, keys, pairs. Events stay.

What belongs to it is found by following foreign keys from Election, so that a table made later goes with it too. The
tables that hold a row for each supporter are emptied by ranges of ids.
"""

from collections.abc import Iterable
from graphlib import TopologicalSorter
from typing import Any

from django.db import transaction
from django.db.models import SET_DEFAULT, SET_NULL, Model, Q
from django.utils.translation import gettext as _

from candidates import refusals
from candidates.models import Election
from foundation import sql
from foundation.accounts.matrix import Permission, ScopeKind
from foundation.accounts.models import Assignment, User
from foundation.attachments.models import Attachment
from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.jobs.operations import enqueue
from foundation.jobs.runner import cancelled_waiting, end
from foundation.keys.models import StoredFile
from foundation.keys.operations import destroy_keys
from foundation.storage import delete_file
from foundation.workflow import engine
from supports.help_desk.models import Message
from supports.models import (
    AreaTally,
    Finding,
    Mend,
    PairMatch,
    Receipt,
    Reception,
    Standing,
    Submission,
    Support,
    SupportSearch,
    Tally,
    Upload,
    UploadTally,
    first_id,
)
from supports.removal import erase_rows, erase_voters
from supports.standards import key_scope

JOB = "supports.throw_away_election"
# A row for each supporter, or what only the database itself may delete: not followed, emptied on their own.
APART = {
    Message, Receipt, Reception, Support, Standing, Finding, SupportSearch, Mend, PairMatch, AreaTally, Tally,
    UploadTally,
}  # fmt: skip


def request_throwing_away(election: Election, *, by: User | None, name: str) -> Job:
    """Queue that a practice election is thrown away; ``name`` is its name, typed by whoever wants it.

    Refuses one that is not for practice, another name, a region out of reach, and while work on its pairs is running.
    """
    refusals.refuse_outside(by, Permission.CHANGE_ELECTION, election.region_id)
    _refuse_real(election)
    if " ".join(name.split()).casefold() != " ".join(election.name.split()).casefold():
        message = _(
            "Nama yang diketik berbeda dari “%(name)s”, sehingga tidak ada yang dibuang. Ketik nama itu."
        )
        raise Refused("name_differs", message % {"name": election.name}, "name")
    _refuse_working(election)
    with transaction.atomic():
        engine.record("throwing_away_requested", election, by=by, election=election.name)
        return enqueue(JOB, lane=f"election:{election.pk}", subject_id=election.pk, by=by)


def throw_away(election: Election, *, by: User | None) -> int:
    """Take everything of a practice election away, inside the caller's transaction; returns how many rows it had.

    Refuses one that is not for practice, and while work on its pairs is running.
    """
    _refuse_real(election)
    _stop_waiting(election)
    _refuse_working(election)
    rounds = list(
        Submission.objects.select_for_update(of=("self",)).filter(pair__election=election).order_by("id")
    )
    Election.objects.select_for_update().get(pk=election.pk)
    for one in rounds:
        if one.status != Submission.machine.initial:
            engine.move(one, "scrap", by=None, result="")
    uploads = list(Upload.objects.filter(submission__in=rounds).values_list("pk", flat=True))
    rows = _remove_rows([one.pk for one in rounds], uploads)
    PairMatch.objects.filter(election=election).delete()
    erase_voters(election.pk)
    sql.value("SELECT supports_forget_practice(%s)", [election.pk])
    sql.value("SELECT help_desk_forget_practice(%s)", [election.pk])
    pairs = list(election.pairs.values_list("pk", flat=True))
    Assignment.objects.filter(scope_kind=ScopeKind.PAIR, scope_id__in=pairs).delete()
    engine.record(
        "practice_thrown_away", election, by=by, election=election.name, pairs=len(pairs), rows=rows
    )
    for stored in StoredFile.objects.filter(scope=key_scope(election)):
        delete_file(stored)
    destroy_keys(key_scope(election), by=by)
    _remove_tables(election, uploads)
    # What was attached is reached through what it was attached to, and keeps its file from going.
    Attachment.objects.filter(stored_file__scope=key_scope(election)).delete()
    return rows


def _refuse_real(election: Election) -> None:
    if not election.practice:
        message = _("Pemilihan ini bukan latihan, sehingga tidak dapat dibuang.")
        raise Refused("not_for_practice", message)


def _jobs_of(election: Election) -> Any:
    lanes = [
        f"{kind}:{pk}"
        for pk in election.pairs.values_list("pk", flat=True)
        for kind in ("pair", "papers", "scans")
    ]
    return Job.objects.filter(lane__in=lanes)


def _refuse_working(election: Election) -> None:
    if _jobs_of(election).filter(state="running").exists():
        message = _(
            "Masih ada berkas yang sedang diproses pada latihan ini. Tunggu sampai selesai, lalu ulangi."
        )
        raise Refused("still_working", message)


def _stop_waiting(election: Election) -> None:
    for job in _jobs_of(election).select_for_update().filter(state="queued"):
        end(job, cancelled_waiting())


def _remove_rows(rounds: Iterable[int], uploads: Iterable[int]) -> int:
    """The supporters' rows of these rounds, an upload's range of ids at a time."""
    sql.make_room()
    held = set(
        UploadTally.objects.filter(upload__in=uploads, key="rows").values_list("upload_id", "submission_id")
    )
    return sum(erase_rows(submission, upload) for upload, submission in sorted(held))


def _remove_tables(election: Election, uploads: list[int]) -> None:
    """Every other row that belongs to the election, those that refer to others first, the election itself last."""
    for model, field in _references_to(Support):
        if model not in APART:
            for upload in uploads:
                span = {f"{field}__gte": first_id(upload), f"{field}__lt": first_id(upload + 1)}
                _delete(model, Q(**span))
    found: dict[type[Model], list[Any]] = {Election: [election.pk]}
    conditions: dict[type[Model], Q] = {Election: Q(pk=election.pk)}
    for model in tables_of_an_election()[1:]:
        condition = Q(pk__in=[])
        for parent in list(found):
            for referring, field in _references_to(parent):
                if referring is model and model is not parent:
                    condition |= Q(**{f"{field}__in": found[parent]})
        conditions[model] = condition
        found[model] = list(model._base_manager.filter(condition).values_list("pk", flat=True))
    for model in reversed(list(conditions)):
        _delete(model, conditions[model])


def tables_of_an_election() -> list[type[Model]]:
    """Every table whose rows belong to one election, Election first, each after those it refers to."""
    graph: dict[type[Model], set[type[Model]]] = {Election: set()}
    waiting = [Election]
    while waiting:
        parent = waiting.pop()
        for model, _field in _references_to(parent):
            if model in APART or model is parent:
                continue
            if model not in graph:
                graph[model] = set()
                waiting.append(model)
            graph[model].add(parent)
    return list(TopologicalSorter(graph).static_order())


def _references_to(parent: type[Model]) -> list[tuple[type[Model], str]]:
    """Which tables refer to this one so that their rows cannot outlive its own, and by which column."""
    relations = [
        one
        for one in parent._meta.get_fields(include_hidden=True)
        if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)
    ]
    return [
        (one.related_model, one.field.attname)
        for one in relations
        if one.on_delete not in (SET_NULL, SET_DEFAULT)
    ]


def _delete(model: type[Model], condition: Q) -> None:
    """One statement, without asking Django what hangs on each row: that was asked of the tables."""
    rows = model._base_manager.filter(condition)
    rows._raw_delete(rows.db)
