"""Who somebody is, and where they may act."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from knox.models import AbstractAuthToken

from foundation.accounts.matrix import SCOPE_KINDS, TOKEN_SCOPES, Role, ScopeKind


class User(AbstractUser):
    """A person with an account. What they may do is told by their assignments, never by staff flags."""

    first_name = None
    last_name = None
    name = models.CharField("nama", max_length=150, blank=True)

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The one name an account has."""
        return str(self)

    def get_short_name(self) -> str:
        """The one name an account has."""
        return str(self)


def _role_fits_scope() -> Q:
    """The matrix's SCOPE_KINDS as a condition: no LO of the nation, no KPU RI of one pair."""
    fits = Q()
    for role, kinds in SCOPE_KINDS.items():
        fits |= Q(role=role.value, scope_kind__in=[kind.value for kind in kinds])
    return fits


class Assignment(models.Model):
    """One role of one user inside one scope: the nation, a region, or a pair."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=20, choices=[(role.value, role.title) for role in Role])
    scope_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ScopeKind])
    scope_id = models.BigIntegerField(default=0, help_text="Region code or pair id; 0 for the nation.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "scope_kind", "scope_id"], name="assignment_once_per_user_role_scope"
            ),
            models.CheckConstraint(
                condition=Q(scope_kind="nation", scope_id=0) | (~Q(scope_kind="nation") & Q(scope_id__gt=0)),
                name="assignment_scope_id_fits_scope_kind",
            ),
            models.CheckConstraint(condition=_role_fits_scope(), name="assignment_role_fits_scope_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.scope_kind} {self.scope_id}"


class ApiToken(AbstractAuthToken):
    """A token for programs: stored hashed, expiring, named by its owner."""

    name = models.CharField(max_length=100, blank=True)
    scope = models.CharField(
        max_length=50,
        blank=True,
        choices=[(scope, scope or "everything its owner may do") for scope in TOKEN_SCOPES],
        help_text="Empty: everything its owner may do.",
    )
