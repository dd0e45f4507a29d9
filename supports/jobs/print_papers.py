"""Job: the papers that were asked for become one sealed ZIP, which is kept for a day."""

from django.db.models.functions import Now

from foundation.jobs.runner import Run
from foundation.keys.models import StoredFile
from foundation.storage import receive_file
from supports.models import PaperBundle
from supports.papers.bundles import KEPT, write_bundle
from supports.papers.printing import source_of
from supports.standards import key_scope


def print_papers(run: Run) -> None:
    """Typeset paper after paper straight into sealed storage: memory holds one of them, and no disk any in clear."""
    related = ("submission__pair__election__rule_set", "submission__rule_set")
    bundle = PaperBundle.objects.select_related(*related).get(pk=run.job.subject_id)
    run.progress("hashing", 0, bundle.rows)
    source = source_of(bundle.submission, bundle.area, thorough=True)
    receiving = receive_file(key_scope(source.election))
    try:
        papers = write_bundle(run, bundle, source, receiving)
        file = receiving.finish()
        with run.effects():
            StoredFile.objects.filter(pk=file.pk).update(expires_at=Now() + KEPT)
            PaperBundle.objects.filter(pk=bundle.pk).update(file=file, papers=papers, rows=source.rows)
    except BaseException:
        receiving.abort()
        raise
