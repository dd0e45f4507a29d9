"""Which uploads and rows a user may reach, with a permission. What is not here answers 404."""

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Now
from django.shortcuts import get_object_or_404

from candidates.models import Pair
from candidates.queries import pairs_visible_to
from candidates.territory import area_range, areas_visible_to, governs, pairs_governed_by
from foundation.accounts.access import AnyUser, scopes
from foundation.accounts.matrix import Permission
from supports.models import IncomingFile, Submission, Support, Upload, UploadTally, first_id
from supports.privacy.marks import reads_as_team
from supports.rules import COMMISSION, OFFICE, TEAM


def audience_of(user: AnyUser, pair: Pair) -> str:
    """Whose eyes: matches across pairs and what only an officer should weigh are for the commission.

    Rows that their person asked to be used no more are hidden from the team, and seen by every office.
    """
    if governs(user, Permission.VIEW_PAIR_MATCHES, pair):
        return COMMISSION
    return TEAM if reads_as_team(user, pair.pk) else OFFICE


def reach_of(user: AnyUser, pair: Pair) -> list[int] | None:
    """The regions of whose rows this user may read a list; None for all."""
    if areas_visible_to(user, Permission.VIEW_SUPPORTS, pair) is None:
        return None
    own = scopes(user, Permission.VIEW_SUPPORTS).regions
    return [code for code in own if str(code).startswith(str(pair.election.region_id))]


def typed_reach_of(user: AnyUser, pair: Pair) -> tuple[int, ...] | None:
    """The uploads whose rows alone this user may read a list of, because they typed them; None for who reads others."""
    where = scopes(user, Permission.VIEW_SUPPORTS)
    if pair.pk not in where.own or where.nation or where.contains_region(pair.election.region_id):
        return None
    return _typed_uploads(user, (pair.pk,))


def _typed_uploads(user: AnyUser, pairs: tuple[int, ...]) -> tuple[int, ...]:
    typed = Upload.objects.filter(received_by=user.pk, source=Upload.Source.TYPED, submission__pair__in=pairs)
    return tuple(typed.order_by("pk").values_list("pk", flat=True))


def submissions_visible_to(user: AnyUser, permission: Permission) -> QuerySet[Submission]:
    """The rounds of the pairs a user may see; the pool, which is never handed in, only for the own pair."""
    return Submission.objects.filter(_rounds(user, permission, pairs_visible_to(user, permission)))


def places_read_by(user: AnyUser, pair: Pair, permission: Permission) -> QuerySet[Submission]:
    """The rounds of a pair whose rows this user may know of, and its pool if it is the own pair."""
    return submissions_visible_to(user, permission).filter(pair=pair).order_by()


def uploads_visible_to(user: AnyUser, permission: Permission = Permission.VIEW_UPLOADS) -> QuerySet[Upload]:
    """Uploads hold rows of every area: only for the own team and offices the whole election lies in.

    One that came by the pool is seen by others as soon as rows of it are in a round; those rows only.
    """
    pairs = pairs_governed_by(user, permission)
    in_rounds = UploadTally.objects.filter(
        upload=OuterRef("pk"), submission__kind=Submission.Kind.ROUND, key="rows", n__gt=0
    )
    moved = Q(submission__pair__in=pairs) & Exists(in_rounds)
    return Upload.objects.filter(_rounds(user, permission, pairs, "submission__") | moved)


def incoming_visible_to(user: AnyUser) -> QuerySet[IncomingFile]:
    """The files a user sends in pieces for pairs whose files they hand in, each with the bytes that ``arrived``.

    Nobody else's, and none that has expired.
    """
    pairs = pairs_visible_to(user, Permission.UPLOAD).order_by().values("pk")
    return arriving(user).filter(pair__in=pairs).select_related("file", "pair__election__rule_set")


def arriving(user: AnyUser) -> QuerySet[IncomingFile]:
    """What a user sends in pieces and has not expired, each with the bytes that ``arrived``; for whom, others say."""
    living = Q(upload__isnull=False) | Q(file__expires_at__gt=Now())
    # Parts that do not count have no size.
    arrived = Coalesce(Sum("file__parts__size"), 0, output_field=BigIntegerField())
    return IncomingFile.objects.filter(living, declared_by=user.pk).annotate(arrived=arrived)


def supports_visible_to(
    user: AnyUser, permission: Permission = Permission.VIEW_SUPPORTS
) -> QuerySet[Support]:
    """Rows of the pairs a user governs, of others the rows of the user's own area, or those the user typed.

    For one row or a few; a page of a round asks ``candidates.territory.areas_visible_to`` and reads by index.
    """
    whole = _rounds(user, permission, pairs_governed_by(user, permission), "submission__")
    own = scopes(user, permission).own
    for upload in _typed_uploads(user, own) if own else ():
        whole |= Q(pk__gte=first_id(upload), pk__lt=first_id(upload + 1), submission__pair__in=own)
    partly = Q()
    for first, end in map(area_range, scopes(user, permission).regions):
        partly |= Q(standing__area__gte=first, standing__area__lt=end)
    if not partly:
        return Support.objects.filter(whole)
    touched = _rounds(user, permission, pairs_visible_to(user, permission), "submission__")
    return Support.objects.filter(whole | (touched & partly))


def _rounds(user: AnyUser, permission: Permission, pairs: QuerySet[Pair], prefix: str = "") -> Q:
    """Rounds of those pairs, and pools of the own ones."""
    own = scopes(user, permission).pairs
    handed_in = Q(**{f"{prefix}kind": Submission.Kind.ROUND})
    return Q(**{f"{prefix}pair__in": pairs}) & (handed_in | Q(**{f"{prefix}pair__in": own}))


def place_of_upload(places: QuerySet[Submission], upload_id: int) -> Submission:
    """Of these places the one to show an upload's rows in: its latest round, else the pool. Raises Http404."""
    held = UploadTally.objects.filter(upload=upload_id, key="rows", n__gt=0).values("submission")
    found = places.filter(pk__in=held).order_by("-kind", "-id").first()
    return found or get_object_or_404(places, uploads=upload_id)
