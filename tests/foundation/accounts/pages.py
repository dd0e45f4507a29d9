"""The real site, and beside it some pages to try access and errors on."""

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse
from django.urls import include, path
from django.views import View
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused, TooLarge, TooMany
from silon import urls as site

handler403, handler404, handler500 = site.handler403, site.handler404, site.handler500

ERRORS = {
    "refused": Refused("not_so", "Tidak bisa.", "nik"),
    "conflict": Conflict("moved", "Sudah berubah."),
    "large": TooLarge("file_too_large", "Terlalu besar."),
    "many": TooMany("too_many", "Tunggu.", retry_after=7),
    "missing": Http404(),
    "denied": PermissionDenied(),
    "body": RequestDataTooBig(),
    "fault": RuntimeError("boom"),
}


@declare(Permission.SEE_HOME)
def open_page(request):
    return HttpResponse("open")


@declare(Permission.SEE_HOME)
def faulty_page(request):
    raise RuntimeError("boom")


@declare(Permission.SEE_HOME)
def refusing_page(request):
    raise ERRORS[request.GET["error"]]


@declare(Permission.VIEW_SUPPORTS)
def rows_page(request):
    return HttpResponse("rows")


@declare(Permission.UPLOAD)
def upload_page(request):
    return HttpResponse(f"{len(request.body)} bytes")


class PairPage(View):
    permissions = {"GET": Permission.VIEW_PAIR, "POST": Permission.CREATE_PAIR}

    def get(self, request):
        return HttpResponse("pair")

    def post(self, request):
        return HttpResponse("made")


class Nik(serializers.Serializer):
    nik = serializers.CharField()
    rows = serializers.ListField(
        child=serializers.DictField(child=serializers.IntegerField()), required=False
    )


class EchoView(APIView):
    permissions = {"GET": Permission.VIEW_SUPPORTS, "POST": Permission.EDIT_SUPPORTS}

    def get(self, request):
        if error := request.query_params.get("error"):
            raise ERRORS[error]
        return Response({"user": request.user.username})

    def post(self, request):
        form = Nik(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(form.validated_data)


class UserRow(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id"]


class UsersView(ListAPIView):
    permission = Permission.OWN_PROFILE
    serializer_class = UserRow
    queryset = User.objects.all()
    ordering = "-id"


class SimulateView(APIView):
    permission = Permission.SIMULATE

    def get(self, request):
        return Response({"anonymous": request.user.is_anonymous})


trial = [
    path("open/", open_page),
    path("rows/", rows_page),
    path("upload/", upload_page),
    path("pair/", PairPage.as_view()),
    path("fault/", faulty_page),
    path("refusing/", refusing_page),
]
trial_api = [
    path("echo/", EchoView.as_view()),
    path("users/", UsersView.as_view()),
    path("simulate/", SimulateView.as_view()),
]
urlpatterns = [*site.urlpatterns, path("uji/", include(trial)), path("api/uji/", include(trial_api))]
