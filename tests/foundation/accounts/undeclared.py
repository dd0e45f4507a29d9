"""A site with faults: a page without a permission, and a method without one."""

from django.http import HttpResponse
from django.urls import include, path
from rest_framework.views import APIView

from foundation.accounts.matrix import Permission
from silon import urls as site


class HalfView(APIView):
    permissions = {"GET": Permission.VIEW_PAIR}

    def get(self, request): ...

    def delete(self, request): ...


def forgotten(request):
    return HttpResponse("secret")


deep = [path("forgotten/<int:pk>/", forgotten), path("half/", HalfView.as_view())]
urlpatterns = [*site.urlpatterns, path("deep/", include(deep))]
