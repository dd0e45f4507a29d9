"""The three processes together do what the demo promises."""

from supports.models import Upload


def test_demo_is_loaded_by_the_running_site(live_stack):
    assert list(Upload.objects.values_list("status", flat=True)) == ["loaded", "loaded"]
