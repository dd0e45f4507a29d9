"""The pair's people are told by mail that their round has its result: what it is, what is missing, and until when."""

from django.urls import reverse
from django.utils.translation import gettext as _

from candidates.models import Pair
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import Assignment, User
from foundation.mail import link_to, send_mail
from verification.results.models import Result
from verification.results.words import conservation, follows, sum_lines, title_of_outcome

TEAM = (Role.LO, Role.OPERATOR)


def tell_result(result: Result) -> None:
    """A letter to each of the pair's people who has an address; at their desk the same is read."""
    pair = result.review.submission.pair
    lines = [conservation(result.body), *sum_lines(result.body["sum"], pair.election.level)]
    context = {
        "pair": pair.name,
        "election": pair.election.name,
        "round": result.body["stage_title"],
        "outcome": result.outcome,
        "title": title_of_outcome(result.outcome),
        "version": result.version,
        "lines": lines,
        "follows": follows(result),
    }
    subject = _("Hasil verifikasi administrasi sudah ditetapkan")
    for person in _people_of(pair):
        told = context | {"link": link_to(reverse("pair_results", args=[pair.pk]))}
        send_mail(to=person.email, subject=subject, template="round_result", context=told)


def _people_of(pair: Pair) -> list[User]:
    held = Assignment.objects.filter(role__in=TEAM, scope_kind=ScopeKind.PAIR, scope_id=pair.pk)
    found = User.objects.filter(is_active=True, pk__in=held.values("user")).exclude(email="")
    return list(found.order_by("pk"))
