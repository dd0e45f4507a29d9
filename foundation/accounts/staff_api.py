"""Calls of the API about staff: who holds which role in the own territory, inviting and ending."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.accounts import granting
from foundation.accounts.factor_reset import reset_second_factor
from foundation.accounts.matrix import Permission, Role, ScopeKind, title_of
from foundation.accounts.models import Assignment

ROLES = [(role.value, role.title) for role in Role]


class StaffAnswer(serializers.ModelSerializer):
    """One role of one person; ``id`` is what it is ended by."""

    title = serializers.SerializerMethodField()
    name = serializers.CharField(source="user.name")
    email = serializers.CharField(source="user.email")
    invited = serializers.BooleanField(source="user.is_invited", help_text="Undangan belum dijawab.")
    scope_kind = serializers.ChoiceField([kind.value for kind in ScopeKind])

    class Meta:
        model = Assignment
        fields = ["id", "role", "title", "scope_kind", "scope_id", "name", "email", "invited"]

    def get_title(self, assignment: Assignment) -> str:
        return title_of(Role(assignment.role), assignment.scope_id)


class NewStaff(serializers.Serializer):
    """Whom to invite, as what, and where."""

    email = serializers.EmailField()
    name = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(ROLES)
    scope_id = serializers.IntegerField(
        min_value=0, max_value=9_999_999_999, help_text="Kode wilayah; 0 untuk nasional."
    )


class StaffView(generics.ListAPIView):
    """Petugas di wilayah sendiri: peran yang dapat diberikan dan diakhiri."""

    permission = Permission.GRANT_ROLES
    serializer_class = StaffAnswer
    queryset = Assignment.objects.none()
    ordering = "-id"

    def get_queryset(self) -> QuerySet[Assignment]:
        """Those the user may end."""
        return granting.staff_of(self.request.user)

    @extend_schema(request=NewStaff, responses={201: StaffAnswer}, operation_id="staff_create")
    def post(self, request: Request) -> Response:
        """Mengundang petugas: hanya peran yang lebih rendah, di dalam wilayah sendiri, bukan untuk diri sendiri."""
        form = NewStaff(data=request.data)
        form.is_valid(raise_exception=True)
        asked: dict[str, Any] = form.validated_data
        role, scope_id = Role(asked.pop("role")), asked["scope_id"]
        kind = ScopeKind.REGION if scope_id else ScopeKind.NATION
        user = granting.invite_staff(by=request.user, role=role, scope_kind=kind, **asked)
        made = user.assignments.select_related("user").get(role=role, scope_kind=kind, scope_id=scope_id)
        return Response(StaffAnswer(made).data, status=HTTPStatus.CREATED)


class OneOfStaff(APIView):
    """Calls about one role of the own territory."""

    permission = Permission.GRANT_ROLES

    def assignment(self) -> Assignment:
        """The role of the address. Raises Http404."""
        return get_object_or_404(granting.staff_of(self.request.user), pk=self.kwargs["assignment"])


class StaffMemberView(OneOfStaff):
    """Satu peran."""

    @extend_schema(responses=StaffAnswer, operation_id="staff_retrieve")
    def get(self, request: Request, assignment: int) -> Response:
        return Response(StaffAnswer(self.assignment()).data)

    @extend_schema(request=None, responses={204: None}, operation_id="staff_end")
    def delete(self, request: Request, assignment: int) -> Response:
        """Mengakhiri peran itu sekarang juga."""
        granting.end_staff(self.assignment(), by=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


class StaffLinkView(OneOfStaff):
    """Mengirim ulang tautan aktivasi; yang lama tidak berlaku lagi."""

    @extend_schema(request=None, responses={202: None}, operation_id="staff_link")
    def post(self, request: Request, assignment: int) -> Response:
        granting.send_link_again(self.assignment(), by=request.user)
        return Response(status=HTTPStatus.ACCEPTED)


class FactorReset(serializers.Serializer):
    """Why, and the number of the document that showed who it is."""

    reason = serializers.CharField(max_length=300)
    document = serializers.CharField(max_length=100)


class StaffFactorView(OneOfStaff):
    """Mengatur ulang verifikasi dua langkah; semua sesi dan token orang itu berakhir, dan ia diberi tahu."""

    @extend_schema(request=FactorReset, responses={204: None}, operation_id="staff_reset_second_factor")
    def post(self, request: Request, assignment: int) -> Response:
        form = FactorReset(data=request.data)
        form.is_valid(raise_exception=True)
        reset_second_factor(self.assignment(), by=request.user, **form.validated_data)
        return Response(status=HTTPStatus.NO_CONTENT)
