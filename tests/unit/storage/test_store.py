import pytest

from artifacts.storage import s3_heartbeat, store


@pytest.fixture
def bucket(settings, monkeypatch):
    """Counts how the bucket is asked: `beats` by the heartbeat alone, `probes` by its client."""

    class Bucket:
        beats = probes = 0
        answer = True

        def beat(self, _options):
            self.beats += 1
            return self.answer

        def probe(self):
            self.probes += 1

    bucket = Bucket()
    settings.REGISTRY_STORAGE = "s3"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "none", "OPTIONS": {}}}
    monkeypatch.setattr(s3_heartbeat, "is_beating", bucket.beat)

    class Getter:
        made = 0

        def __call__(self):
            return bucket

        def cache_info(self):
            return type("Info", (), {"currsize": self.made})

        def cache_clear(self):
            pass

    getter = Getter()
    vars(bucket)["getter"] = getter
    monkeypatch.setattr(store, "get_store", getter)
    return bucket


def test_probe_when_no_client_is_made_yet_then_the_heartbeat_is_enough(bucket):
    store.probe_store()
    assert (bucket.beats, bucket.probes) == (1, 0)


def test_probe_when_the_heartbeat_is_no_yes_then_the_client_finds_the_words(bucket):
    bucket.answer = False
    store.probe_store()
    assert (bucket.beats, bucket.probes) == (1, 1)


def test_probe_when_a_client_is_there_then_it_is_asked(bucket):
    bucket.getter.made = 1
    store.probe_store()
    assert (bucket.beats, bucket.probes) == (0, 1)
