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
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from foundation.accounts.attempts import count_body
from foundation.accounts.declare import declare, required
from foundation.accounts.matrix import (
    ANY_USER,
    MATRIX,
    OWN_ROWS,
    PUBLIC,
    PUBLIC_DOCUMENTS_PER_HOUR,
    READS,
    TAKES_DOCUMENTS,
    TAKES_FILES,
    TOKEN_SCOPES,
    WITHOUT_SECOND_STEP,
    Permission,
    Role,
    ScopeKind,
)
from foundation.accounts.models import ApiToken, User
from foundation.accounts.seen import leave_sign
from foundation.errors import NotAllowed, Refused, TooLarge, TooMany
from foundation.web import is_api, login_redirect, redirect_response, refusal_response

__all__ = [
    "AccessMiddleware",
    "ApiTokenAuthentication",
    "DeclaredPermission",
    "Scopes",
    "assignments_of",
    "declare",
    "lacks_second_step",
    "may",
    "roles_of",
    "scopes",
]

AnyUser = User | AnonymousUser


@dataclass(frozen=True)
class Scopes:
    """Where a user holds a permission: everywhere, in regions (codes of any length), for pairs (ids).

    ``own`` are those of the pairs of whose rows only the ones the user typed are meant.
    """

    nation: bool = False
    regions: tuple[int, ...] = ()
    pairs: tuple[int, ...] = ()
    own: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return self.nation or bool(self.regions) or bool(self.pairs)

    @property
    def whole(self) -> tuple[int, ...]:
        """The pairs of whose rows all are meant."""
        return tuple(pair for pair in self.pairs if pair not in self.own)

    def contains_region(self, code: int) -> bool:
        """Whether the region of that code lies inside one of these regions, or is one of them."""
        return self.nation or any(str(code).startswith(str(region)) for region in self.regions)


def assignments_of(user: AnyUser) -> tuple[tuple[Role, str, int], ...]:
    """The user's roles, each with kind and id of its scope: one query, remembered on the user (for one request)."""
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
    return frozenset(role for role, *_scope in assignments_of(user))


def scopes(user: AnyUser, permission: Permission) -> Scopes:
    """Where a user holds a permission; falsy when nowhere."""
    if permission not in TOKEN_SCOPES.get(getattr(user, "token_scope", ""), frozenset()):
        return Scopes()
    granted = [held for held in assignments_of(user) if permission in MATRIX[held[0]]]
    pairs = {pair for _role, kind, pair in granted if kind == ScopeKind.PAIR}
    whole = {pair for role, kind, pair in granted if kind == ScopeKind.PAIR and role not in OWN_ROWS}
    return Scopes(
        nation=any(kind == ScopeKind.NATION for _role, kind, _ in granted),
        regions=tuple(sorted({code for _role, kind, code in granted if kind == ScopeKind.REGION})),
        pairs=tuple(sorted(pairs)),
        own=tuple(sorted(pairs - whole)),
    )


def may(user: AnyUser, permission: Permission) -> bool:
    """Whether a user holds a permission in any scope. Templates and the middleware ask this."""
    if permission in PUBLIC:
        return True
    if permission in ANY_USER:
        within = TOKEN_SCOPES.get(getattr(user, "token_scope", ""), frozenset())
        return user.is_authenticated and user.is_active and permission in within
    return bool(scopes(user, permission))


def lacks_second_step(user: AnyUser) -> bool:
    """Whether this account must log in in two steps and has not set up the second: until then nothing else goes."""
    if not user.is_authenticated or user.two_factor_at or user.username in settings.TWO_FACTOR_EXEMPT:
        return False
    return any(MATRIX[role] - READS for role, *_scope in assignments_of(user))


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
            if permission not in WITHOUT_SECOND_STEP and lacks_second_step(request.user):
                return _lead_to_second_step(request)
            if request.user.is_authenticated:
                # What the user reads by this call is recorded with it (foundation.readings): without ids.
                request.user.call = f"{request.method} /{request.resolver_match.route}"
                if not is_api(request):
                    leave_sign(request)
            return _refuse_body(request, permission)
        if request.user.is_authenticated:
            return refusal_response(request, *_forbidden(permission))
        return refusal_response(request, anonymous, 401) if anonymous else login_redirect(request)


def _refuse_body(request: HttpRequest, permission: Permission) -> HttpResponse | None:
    """A body larger than the page can need, or one too many of nobody's documents, is refused unread.

    How large a file may be, its operation says.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    size = int(length) if length.isdecimal() else 0  # without a number Django reads nothing
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    document = permission in TAKES_DOCUMENTS and request.content_type == "multipart/form-data"
    if document:
        limit += settings.ATTACHMENT_LIMIT_BYTES
    if permission not in TAKES_FILES and size > limit:
        return refusal_response(request, _too_large(document))
    most = PUBLIC_DOCUMENTS_PER_HOUR.get(permission)
    if most and document and size and not request.user.is_authenticated:
        try:
            count_body(request, permission, most)
        except TooMany as refusal:
            return refusal_response(request, refusal)
    return None


def second_step_missing() -> Refused:
    """What an account is told that must log in in two steps and cannot yet."""
    message = _(
        "Akun ini belum mengaktifkan verifikasi dua langkah, yang wajib bagi peran yang mengubah data. "
        "Aktifkan di halaman %(page)s, lalu coba lagi."
    )
    return NotAllowed("two_factor_missing", message % {"page": reverse("second_step")})


def _lead_to_second_step(request: HttpRequest) -> HttpResponse:
    """To the page where it is set up; a program, and what would be saved, is told instead."""
    if is_api(request) or request.method not in ("GET", "HEAD"):
        return refusal_response(request, second_step_missing())
    return redirect_response(request, reverse("second_step"))


def _too_large(document: bool) -> TooLarge:
    if document:
        message = _(
            "Dokumen lebih besar dari batas %(limit)s MB, sehingga tidak dibaca. Pindai ulang dengan resolusi lebih "
            "rendah (misalnya 200 dpi, hitam putih), lalu pilih lagi."
        )
        limit = settings.ATTACHMENT_LIMIT_BYTES
    else:
        message = _(
            "Kiriman ini lebih besar dari %(limit)s MB sehingga ditolak. Kirim dalam beberapa bagian."
        )
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return TooLarge("too_large", message % {"limit": limit // (1024 * 1024)})


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
