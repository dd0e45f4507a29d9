"""Who asks is known, and may, before a byte of the body is read.

``AccessMiddleware`` enforces the permission a URL declares: the user must hold it in some scope. Which
objects the user may reach with it is decided by the ``*_visible_to`` queries, which build on ``scopes``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from foundation.accounts.declare import declare, required
from foundation.accounts.matrix import (
    ANY_USER,
    MATRIX,
    PUBLIC,
    TAKES_FILES,
    TOKEN_SCOPES,
    Permission,
    Role,
    ScopeKind,
)
from foundation.accounts.models import ApiToken, User
from foundation.errors import Refused, TooLarge
from foundation.web import is_api, login_redirect, refusal_response

__all__ = [
    "AccessMiddleware",
    "ApiTokenAuthentication",
    "DeclaredPermission",
    "Scopes",
    "declare",
    "may",
    "roles_of",
    "scopes",
]

AnyUser = User | AnonymousUser


@dataclass(frozen=True)
class Scopes:
    """Where a user holds a permission: everywhere, in regions (codes of any length), for pairs (ids)."""

    nation: bool = False
    regions: tuple[int, ...] = ()
    pairs: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return self.nation or bool(self.regions) or bool(self.pairs)

    def contains_region(self, code: int) -> bool:
        """Whether the region of that code lies inside one of these regions, or is one of them."""
        return self.nation or any(str(code).startswith(str(region)) for region in self.regions)


def _held(user: AnyUser) -> tuple[tuple[Role, str, int], ...]:
    """The user's assignments: one query, remembered on the user object (that is, for one request)."""
    held = getattr(user, "_held_roles", None)
    if held is None:
        held = ()
        if user.is_authenticated and user.is_active:
            found = user.assignments.values_list("role", "scope_kind", "scope_id")
            held = tuple((Role(role), kind, scope_id) for role, kind, scope_id in found)
        user._held_roles = held
    return held


def roles_of(user: AnyUser) -> frozenset[str]:
    """The roles a user holds in any scope."""
    return frozenset(role for role, *_scope in _held(user))


def scopes(user: AnyUser, permission: Permission) -> Scopes:
    """Where a user holds a permission; falsy when nowhere."""
    if permission not in TOKEN_SCOPES.get(getattr(user, "token_scope", ""), frozenset()):
        return Scopes()
    granted = [(kind, scope_id) for role, kind, scope_id in _held(user) if permission in MATRIX[role]]
    return Scopes(
        nation=any(kind == ScopeKind.NATION for kind, _ in granted),
        regions=tuple(sorted({code for kind, code in granted if kind == ScopeKind.REGION})),
        pairs=tuple(sorted({pair for kind, pair in granted if kind == ScopeKind.PAIR})),
    )


def may(user: AnyUser, permission: Permission) -> bool:
    """Whether a user holds a permission in any scope. Templates and the middleware ask this."""
    if permission in PUBLIC:
        return True
    if permission in ANY_USER:
        return user.is_authenticated and user.is_active
    return bool(scopes(user, permission))


class ApiTokenAuthentication(TokenAuthentication):
    """Knox tokens, found by their digest in one query; what the middleware found is not looked up again."""

    def authenticate(self, request: Any) -> tuple[User, ApiToken] | None:
        """The user and token of a request, or nothing when no token is given. Raises AuthenticationFailed."""
        known = getattr(request, "_request", request)
        if not hasattr(known, "api_credentials"):
            known.api_credentials = super().authenticate(request)
        return known.api_credentials

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """The live token of an active user. Raises AuthenticationFailed."""
        digest = hash_token(token.decode("utf-8", "replace"))
        found = ApiToken.objects.select_related("user").filter(digest=digest, user__is_active=True).first()
        if found is None or (found.expiry and found.expiry <= timezone.now()):
            raise AuthenticationFailed()
        found.user.token_scope = found.scope
        return found.user, found


class AccessMiddleware:
    """Answers those who may not before the view, CSRF, or a parser reads the body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None to go on, or the refusal."""
        permission = required(view, request.method)
        anonymous = _authenticate_token(request) if is_api(request) else None
        if permission and may(request.user, permission):
            return _refuse_large(request, permission)
        if request.user.is_authenticated:
            return refusal_response(request, *_forbidden(permission))
        return refusal_response(request, anonymous, 401) if anonymous else login_redirect(request)


def _refuse_large(request: HttpRequest, permission: Permission) -> HttpResponse | None:
    """A body larger than the page can need is refused unread; how large a file may be, its operation says."""
    length = request.META.get("CONTENT_LENGTH") or ""
    size = int(length) if length.isdecimal() else 0  # without a number Django reads nothing
    if permission in TAKES_FILES or size <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return None
    message = _("Kiriman ini lebih besar dari %(limit)s MB sehingga ditolak. Kirim dalam beberapa bagian.")
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024)
    return refusal_response(request, TooLarge("too_large", message % {"limit": limit}))


def _authenticate_token(request: HttpRequest) -> Refused:
    """Set the user of an API request, and say what is wrong when there is none.

    Under /api/ only a token counts: a session there would need CSRF, and CSRF reads the body.
    """
    request.user = AnonymousUser()
    try:
        credentials = ApiTokenAuthentication().authenticate(request)
    except AuthenticationFailed:
        request.api_credentials = None
        return Refused(
            "token_unknown",
            _("Token tidak dikenal atau sudah kedaluwarsa. Masuk lagi untuk memperoleh token baru."),
        )
    if credentials:
        request.user = credentials[0]
    return Refused(
        "not_authenticated",
        _(
            "Permintaan ini memerlukan token. Masuk melalui POST /api/v1/auth/login/, lalu kirim header "
            "“Authorization: Token …”."
        ),
    )


def _forbidden(permission: Permission | None) -> tuple[Refused, int]:
    if permission is None:
        message = _(
            "Alamat ini tidak melayani metode tersebut. Periksa metode permintaan di dokumentasi API."
        )
        return Refused("method_not_allowed", message), 405
    message = _(
        "Peran Anda tidak mencakup: %(what)s. Bila ini termasuk tugas Anda, mintalah hak akses kepada "
        "admin KPU."
    )
    return Refused("permission_denied", message % {"what": permission.title}), 403


class DeclaredPermission(BasePermission):
    """DRF's side of the same rule; refuses where nothing is declared."""

    def has_permission(self, request: Any, view: Any) -> bool:
        match = request._request.resolver_match
        permission = required(match.func if match else type(view), request.method)
        return permission is not None and may(request.user, permission)
