import pytest

from artifacts.exceptions import SourceMismatch, SourceUnavailable, StorageUnavailable
from artifacts.storage.keys import segment_key
from artifacts.storage.segments import SegmentedWriter
from tests.fakes.storage import FakeStore

DATA = bytes(range(100))
TYPE = "application/octet-stream"


@pytest.fixture(autouse=True)
def small(set_limits):
    """Segments of ten bytes; what has fewer than three is not worth keeping."""
    set_limits(SEGMENT_BYTES=10, S3_PART_MIN_BYTES=3)


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


def writer_on(store: FakeStore, kept: list | None = None) -> SegmentedWriter:
    kept = [] if kept is None else kept
    return SegmentedWriter(store, TYPE, "one", on_kept=lambda: kept.append(len(store.objects)))


def write(writer: SegmentedWriter, data: bytes, chunk_bytes: int = 4) -> None:
    for start in range(0, len(data), chunk_bytes):
        writer.write(data[start : start + chunk_bytes])


def break_off(store: FakeStore, after: int, error: BaseException) -> None:
    """Write so many bytes in an attempt that ends with an error."""
    with pytest.raises(type(error)), writer_on(store) as writer:  # noqa: PT012
        write(writer, DATA[:after])
        raise error


def test_writer_when_nothing_breaks_then_the_object_and_nothing_else(store):
    kept: list[int] = []
    with writer_on(store, kept) as writer:
        write(writer, DATA)
        assert writer.commit("blobs/one") is True
    assert store.objects == {"blobs/one": DATA}
    assert len(kept) == 9  # of twelve bytes each, but the last


@pytest.mark.parametrize(
    ("after", "kept_bytes"),
    [
        pytest.param(2, 0, id="too little to keep"),
        pytest.param(8, 8, id="the beginning of a segment"),
        pytest.param(12, 12, id="a segment"),
        pytest.param(32, 32, id="two and the beginning of a third"),
        pytest.param(26, 24, id="two and too little of a third"),
    ],
)
def test_writer_when_it_breaks_then_goes_on_where_it_was(store, after, kept_bytes):
    break_off(store, after, SourceUnavailable("away"))
    with writer_on(store) as writer:
        assert writer.kept_bytes == kept_bytes
        assert b"".join(writer.kept_chunks()) == DATA[:kept_bytes]
        write(writer, DATA, chunk_bytes=7)
        assert writer.commit("blobs/one") is True
    assert store.objects == {"blobs/one": DATA}


def test_writer_when_everything_was_kept_before_the_break_then_only_joined(store):
    break_off(store, 96, SourceUnavailable("away"))
    with writer_on(store) as writer:
        assert writer.kept_bytes == 96
        write(writer, DATA[:96])
        writer.commit("blobs/one")
    assert store.objects == {"blobs/one": DATA[:96]}


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("a bug")])
def test_writer_when_it_ends_unforeseen_then_only_whole_segments_stay(store, error):
    break_off(store, 20, error)
    assert writer_on(store).kept_bytes == 12


def test_writer_when_the_bytes_are_wrong_then_nothing_is_taken_up_again(store):
    break_off(store, 40, SourceMismatch("other bytes"))
    assert store.objects == {}


def test_writer_when_the_key_is_taken_then_what_is_there_stays(store):
    store.create("blobs/one", b"first", TYPE)
    with writer_on(store) as writer:
        write(writer, DATA)
        assert writer.commit("blobs/one") is False
    assert store.objects == {"blobs/one": b"first"}


def test_writer_when_nothing_was_written_then_an_empty_object(store):
    with writer_on(store) as writer:
        assert writer.commit("blobs/none") is True
    assert store.objects == {"blobs/none": b""}


def test_writer_when_a_segment_is_gone_then_what_follows_it_goes_too(store):
    break_off(store, 40, SourceUnavailable("away"))
    store.delete([segment_key("one", 12)])
    with writer_on(store) as writer:
        assert writer.kept_bytes == 12
        write(writer, DATA)
        writer.commit("blobs/one")
    assert store.objects == {"blobs/one": DATA}


def test_writer_when_another_writes_the_same_then_one_of_them_gives_way(store):
    with pytest.raises(StorageUnavailable, match="Two"), writer_on(store) as slow:  # noqa: PT012
        slow.write(DATA[:8])
        store.create(segment_key("one", 0), DATA[:12], TYPE)
        slow.write(DATA[8:16])
    assert writer_on(store).kept_bytes == 12


def test_writers_when_named_differently_then_know_nothing_of_each_other(store):
    break_off(store, 40, SourceUnavailable("away"))
    assert SegmentedWriter(store, TYPE, "on", on_kept=lambda: None).kept_bytes == 0
