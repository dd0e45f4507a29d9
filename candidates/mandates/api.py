"""Calls of the API about mandates: filed by anybody, read and decided by the commission."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from candidates.api import validated
from candidates.mandates import operations, queries
from candidates.mandates.codes import code_of, find_by_code
from candidates.mandates.forms import MandateForm
from candidates.mandates.models import Mandate, MandatePerson
from candidates.models import Election, Pair
from candidates.queries import key_scope
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import drop_document, dropped_if_refused, take_document
from foundation.attachments.serving import document_response
from foundation.errors import Refused
from foundation.workflow.table import MANDATE

MULTIPART = "multipart/form-data"
STATUSES = list(MANDATE.states.items())
ELECTION = OpenApiParameter(
    "election", int, required=True, description="Id pemilihan yang disebut dalam mandat."
)


class NamedPerson(serializers.ModelSerializer):
    """Somebody a mandate names."""

    class Meta:
        model = MandatePerson
        fields = ["role", "name", "email", "phone"]


class AttachedDocument(serializers.Serializer):
    """The signed document."""

    name = serializers.CharField()
    kind = serializers.CharField(help_text="pdf, jpg atau png, menurut isinya.")
    pages = serializers.IntegerField()
    size = serializers.IntegerField(source="stored_file.size")
    sha256 = serializers.CharField(source="stored_file.sha256")


class MandateAnswer(serializers.ModelSerializer):
    """A mandate as the commission reads it."""

    status = serializers.ChoiceField(STATUSES)
    people = NamedPerson(many=True)
    document = AttachedDocument()

    class Meta:
        model = Mandate
        fields = [
            "id",
            "election",
            "pair",
            "head",
            "deputy",
            "contact_name",
            "contact_email",
            "people",
            "document",
            "status",
            "reason",
            "submitted_at",
            "decided_at",
        ]


class ReceivedMandate(serializers.Serializer):
    """What whoever filed it gets: the code to follow it with, and where it stands."""

    code = serializers.CharField()
    status = serializers.ChoiceField(STATUSES)
    status_title = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    submitted_at = serializers.DateTimeField()


class NewMandate(serializers.Serializer):
    """A form: the pair's names, LO, operators (as many as the rule set allows), who files it, the signed document."""

    head = serializers.CharField(max_length=100)
    deputy = serializers.CharField(max_length=100)
    lo_name = serializers.CharField(max_length=150)
    lo_email = serializers.EmailField()
    lo_phone = serializers.CharField(max_length=30)
    operator_1_name = serializers.CharField(max_length=150)
    operator_1_email = serializers.EmailField()
    operator_2_name = serializers.CharField(max_length=150, required=False)
    operator_2_email = serializers.EmailField(required=False)
    contact_name = serializers.CharField(max_length=150, required=False, help_text="Bawaan: LO.")
    contact_email = serializers.EmailField(required=False)
    document = serializers.FileField(help_text="PDF, JPG, atau PNG; paling besar 10 MB.")


class Approval(serializers.Serializer):
    """For which pair; without one a new pair of the mandate's names is registered."""

    pair = serializers.IntegerField(required=False, allow_null=True)
    submitted_at = serializers.DateTimeField(
        required=False, help_text="Yang diperiksa; 409 bila mandat sudah diajukan lagi sesudahnya."
    )


class MandateReason(serializers.Serializer):
    """Why it is refused or revoked."""

    reason = serializers.CharField(max_length=500)


def received(mandate: Mandate) -> dict[str, Any]:
    """A mandate as whoever filed it sees it."""
    facts = {"code": code_of(mandate), "status_title": MANDATE.states[mandate.status]}
    own = {name: getattr(mandate, name) for name in ("status", "reason", "submitted_at")}
    return ReceivedMandate(facts | own).data


class MandatesView(generics.ListAPIView):
    """Mandat di wilayah sendiri, yang terakhir di depan."""

    permissions = {"GET": Permission.VIEW_MANDATES, "POST": Permission.REQUEST_MANDATE}
    parser_classes = (MultiPartParser,)
    serializer_class = MandateAnswer
    queryset = Mandate.objects.none()
    ordering = "-id"

    def get_queryset(self) -> QuerySet[Mandate]:
        """The mandates of the territory, those of one status if the address names one."""
        mandates = queries.mandates_visible_to(self.request.user)
        status = self.request.query_params.get("status")
        return mandates.filter(status=status) if status in MANDATE.states else mandates

    @extend_schema(parameters=[OpenApiParameter("status", str, enum=list(MANDATE.states))])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request={MULTIPART: NewMandate},
        parameters=[ELECTION],
        responses={201: ReceivedMandate},
        auth=[],
        operation_id="mandates_create",
    )
    def post(self, request: Request) -> Response:
        """Mengajukan mandat, tanpa akun. Petugas KPU yang memakai tokennya mencatat mandat di loket."""
        if request._request.content_type != MULTIPART:
            raise UnsupportedMediaType(request._request.content_type or "")
        mandate = _file(request, _election_of(request))
        address = reverse("api_mandate_status", args=[code_of(mandate)], request=request)
        return Response(received(mandate), status=HTTPStatus.CREATED, headers={"Location": address})


def _election_of(request: Request) -> Election:
    """The election the address names: its key seals the document, so it is known before the body is read."""
    wanted = request.query_params.get("election", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        message = _("Pemilihan belum disebut. Tambahkan ?election=ID pada alamat.")
        raise Refused("election_missing", message, "election")
    return get_object_or_404(Election.objects.select_related("rule_set"), pk=int(wanted))


def _file(request: Request, election: Election) -> Mandate:
    plain = request._request
    by = operations.filer(request.user)
    operations.refuse_filing(election, by)
    document = take_document(plain, key_scope(election))
    form = MandateForm(election, plain.POST)
    if not form.is_valid():
        drop_document(document)
        field, errors = next(iter(form.errors.items()))
        raise Refused("invalid", errors[0], field)
    with dropped_if_refused(document):
        return operations.submit_mandate(election, form.request(), by=by, document=document)


class MandateStatusView(APIView):
    """Keadaan satu mandat menurut kode tanda terimanya."""

    permission = Permission.REQUEST_MANDATE

    @extend_schema(responses=ReceivedMandate, auth=[], operation_id="mandates_status")
    def get(self, request: Request, code: str) -> Response:
        mandate = find_by_code(code)
        if mandate is None:
            raise Http404
        return Response(received(mandate))


class OfMandate(APIView):
    """Calls about one mandate of the territory."""

    def mandate(self) -> Mandate:
        """The mandate of the address. Raises Http404."""
        visible = queries.mandates_visible_to(self.request.user)
        return get_object_or_404(visible, pk=self.kwargs["mandate"])

    def answer(self) -> Response:
        """As it stands now."""
        return Response(MandateAnswer(self.mandate()).data)


class MandateView(OfMandate):
    """Satu mandat."""

    permission = Permission.VIEW_MANDATES

    @extend_schema(responses=MandateAnswer, operation_id="mandates_retrieve")
    def get(self, request: Request, mandate: int) -> Response:
        return self.answer()


class MandateDocumentView(OfMandate):
    """Surat mandat yang ditandatangani."""

    permission = Permission.VIEW_MANDATES

    @extend_schema(
        responses={(200, "application/pdf"): OpenApiTypes.BINARY}, operation_id="mandates_document"
    )
    def get(self, request: Request, mandate: int) -> HttpResponseBase:
        found = self.mandate()
        return document_response(found.document, of=found, by=request.user)


class ApproveMandateView(OfMandate):
    """Menyetujui mandat: setiap orang yang disebut memperoleh akun."""

    permission = Permission.DECIDE_MANDATES

    @extend_schema(request=Approval, responses=MandateAnswer, operation_id="mandates_approve")
    def post(self, request: Request, mandate: int) -> Response:
        found = self.mandate()
        asked = validated(Approval, request.data)
        chosen = asked.get("pair")
        pair = get_object_or_404(Pair, pk=chosen, election=found.election_id) if chosen else None
        operations.approve_mandate(found, by=request.user, pair=pair, seen=asked.get("submitted_at"))
        return self.answer()


class RefuseMandateView(OfMandate):
    """Menolak mandat dengan alasan; dapat diajukan lagi."""

    permission = Permission.DECIDE_MANDATES

    @extend_schema(request=MandateReason, responses=MandateAnswer, operation_id="mandates_refuse")
    def post(self, request: Request, mandate: int) -> Response:
        found = self.mandate()
        operations.refuse_mandate(found, by=request.user, **validated(MandateReason, request.data))
        return self.answer()


class MandateLinksView(OfMandate):
    """Mengirim ulang tautan aktivasi kepada yang disebut mandat dan belum mengaktifkan akunnya."""

    permission = Permission.DECIDE_MANDATES

    @extend_schema(request=None, responses={202: None}, operation_id="mandates_links")
    def post(self, request: Request, mandate: int) -> Response:
        operations.send_links_again(self.mandate(), by=request.user)
        return Response(status=HTTPStatus.ACCEPTED)


class RevokeMandateView(OfMandate):
    """Mencabut mandat: seluruh tim pasangan itu kehilangan aksesnya sekarang juga."""

    permission = Permission.DECIDE_MANDATES

    @extend_schema(request=MandateReason, responses=MandateAnswer, operation_id="mandates_revoke")
    def post(self, request: Request, mandate: int) -> Response:
        found = self.mandate()
        operations.revoke_mandate(found, by=request.user, **validated(MandateReason, request.data))
        return self.answer()
