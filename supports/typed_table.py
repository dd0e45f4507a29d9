"""How many rows somebody typed on a day; one of ``supports.models``, which is where it is imported from."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from candidates.models import Pair


class TypedDay(models.Model):
    """The rows one person typed for a pair on one day of the election's zone: added up as they come, never counted."""

    pk = models.CompositePrimaryKey("pair_id", "day", "typed_by_id")
    pair = models.ForeignKey(Pair, models.CASCADE, related_name="typed_days", db_index=False)
    day = models.DateField()
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    n = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(n__gt=0), name="typed_day_has_rows")]

    def __str__(self) -> str:
        return f"{self.pair_id} {self.day} {self.typed_by_id} {self.n}"
