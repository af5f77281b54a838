import io

import pytest

from artifacts.limits import S3_READ_AHEAD_MAX_BYTES, S3_READ_AHEAD_MIN_BYTES
from artifacts.storage.s3_reader import open_range_reader


class Ranges:
    def __init__(self, data):
        self.data, self.asked = data, []

    def read_range(self, key, start, end):
        self.asked.append((start, end))
        return self.data[start:end]


def test_reader_when_it_jumps_asks_for_little():
    ranges = Ranges(bytes(10_000_000))
    file = open_range_reader(ranges, "a", len(ranges.data))
    for position in (9_000_000, 1_000_000, 5_000_000):
        file.seek(position)
        file.read(30)
    assert [end - start for start, end in ranges.asked] == [S3_READ_AHEAD_MIN_BYTES] * 3


def test_reader_when_it_reads_on_asks_for_more_and_more():
    ranges = Ranges(bytes(range(256)) * 100_000)
    file = open_range_reader(ranges, "a", len(ranges.data))
    parts = []
    while chunk := file.read(1_000_000):
        parts.append(chunk)
    assert b"".join(parts) == ranges.data
    assert len(ranges.asked) < 10
    assert max(end - start for start, end in ranges.asked) == S3_READ_AHEAD_MAX_BYTES
    assert [start for start, _ in ranges.asked[1:]] == [end for _, end in ranges.asked[:-1]]


def test_reader_when_sought_before_the_start_refuses_as_files_do():
    file = open_range_reader(Ranges(b"abc"), "a", 3)
    with pytest.raises(OSError, match="before the start"):
        file.seek(-4, io.SEEK_END)
    assert file.read() == b"abc"
    assert file.tell() == 3
