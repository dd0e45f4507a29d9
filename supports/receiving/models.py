"""What an office decided about one handing-in."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Reception(models.Model):
    """Penerimaan of one receipt, never changed: the application's role may only write it and read it.

    ``areas`` holds for each area what the pair claimed, what was counted on paper and what the receipt says.
    """

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", "Diterima"
        COMPLETING = "completing", "Diterima dengan pelengkapan"
        RETURNED = "returned", "Dikembalikan"

    receipt = models.OneToOneField("supports.Receipt", models.PROTECT, related_name="reception")
    decision = models.CharField(max_length=10, choices=Decision)
    minutes_number = models.CharField(max_length=100)
    areas = models.JSONField()
    reasons = models.CharField(max_length=2000, blank=True)
    papers_missing = models.CharField(max_length=500, blank=True, help_text="As it stood at that moment.")
    completes_until = models.DateTimeField(null=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision="returned") | ~Q(reasons=""), name="reception_returned_has_reasons"
            ),
            models.CheckConstraint(
                condition=Q(decision="completing") & Q(completes_until__isnull=False)
                | ~Q(decision="completing") & Q(completes_until=None),
                name="reception_completes_until_if_completing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_number} {self.get_decision_display()}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this reception belongs."""
        return self.receipt.event_scope()

    @property
    def claimed(self) -> int:
        """All that the pair claimed."""
        return sum(one["claimed"] for one in self.areas)

    @property
    def counted(self) -> int:
        """All that was counted on paper."""
        return sum(one["counted"] for one in self.areas)
