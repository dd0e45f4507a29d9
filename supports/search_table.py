"""The table that names and phones are searched in; one of ``supports.models``, which is where it is imported from."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q


class SupportSearch(models.Model):
    """By what a Support is found beside its NIK: a copy of its phone, and the words of its name.

    ``words`` holds "round/word". Filled after the load (supports.searchable), which therefore pays for no index here.
    """

    pk = models.CompositePrimaryKey("submission_id", "support_id")
    submission = models.ForeignKey(
        "supports.Submission", models.DO_NOTHING, db_constraint=False, db_index=False
    )
    support = models.ForeignKey("supports.Support", models.DO_NOTHING, db_constraint=False, db_index=False)
    phone = models.UUIDField(null=True)
    words = SearchVectorField(null=True)

    class Meta:
        indexes = [
            # Words wait in a list before they are sorted in, and every search reads that list: it is kept short.
            GinIndex(fields=["words"], name="search_by_words", gin_pending_list_limit=1024),
            models.Index(
                fields=["phone", "support"], condition=Q(phone__isnull=False), name="search_by_phone"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.support_id}"
