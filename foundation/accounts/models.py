"""Who somebody is, and where they may act."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from knox.models import AbstractAuthToken

from foundation.accounts.matrix import SCOPE_KINDS, TOKEN_SCOPES, Role, ScopeKind


class User(AbstractUser):
    """A person with an account. What they may do is told by their assignments, never by staff flags.

    ``activated_at`` is empty while an invitation waits for its answer, ``two_factor_at`` while no second step is set
    up. Raising ``session_epoch`` ends every session at once, listed or not: they are signed with it.
    """

    first_name = None
    last_name = None
    name = models.CharField("nama", max_length=150, blank=True)
    activated_at = models.DateTimeField(null=True)
    two_factor_at = models.DateTimeField(null=True)
    session_epoch = models.PositiveIntegerField(default=0)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email="") & (Q(is_active=True) | Q(activated_at=None)),
                name="user_email_once_while_active_or_invited",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The one name an account has."""
        return str(self)

    def get_short_name(self) -> str:
        """The one name an account has."""
        return str(self)

    @property
    def is_invited(self) -> bool:
        """Whether the account waits for its owner to follow the link that was mailed."""
        return not self.is_active and self.activated_at is None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What signs a session: the password, as Django does, and the epoch."""
        salt = "foundation.accounts.models.User"
        value = f"{self.session_epoch}|{self.password}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()


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
        indexes = [models.Index(fields=["scope_kind", "scope_id", "role"], name="assignment_by_scope")]

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


class AccessLink(models.Model):
    """A secret address that was mailed: stored hashed, for one use, for a while. A later one ends it."""

    class Purpose(models.TextChoices):
        """What it opens."""

        ACTIVATION = "activation", "aktivasi akun"
        PASSWORD = "password", "kata sandi baru"
        EMAIL = "email", "alamat surel baru"

    user = models.ForeignKey(User, models.CASCADE, related_name="access_links")
    purpose = models.CharField(max_length=10, choices=Purpose)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret.")
    address = models.EmailField(blank=True, help_text="The new one, where the link confirms one.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="When a later link took its place.")

    def __str__(self) -> str:
        return f"{self.purpose} {self.user_id}"


class BrowserSession(models.Model):
    """Where somebody is logged in by a browser. The session itself is Django's; ``network`` is shortened."""

    user = models.ForeignKey(User, models.CASCADE, related_name="browser_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60)
    network = models.CharField(max_length=45, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.device} {self.network}"


class KnownDevice(models.Model):
    """A browser from which this user has logged in in two steps: its cookie's secret, hashed."""

    user = models.ForeignKey(User, models.CASCADE, related_name="known_devices")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the secret in the cookie.")
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "user"], name="known_device_once_per_user"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.user_id}"


class Mail(models.Model):
    """A letter on its way. What its template is filled with is sealed, for it may hold a secret link, and erased
    once the letter is sent or given up.
    """

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    template = models.CharField(max_length=60)
    sealed = models.BinaryField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(next_try_at=None, sealed=None)
                | Q(next_try_at__isnull=False, sealed__isnull=False, sent_at=None),
                name="mail_holds_its_text_until_it_is_sent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="mail_waiting_to_be_sent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"
