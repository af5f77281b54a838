import pytest

from artifacts.rules.disposition import write_disposition


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        pytest.param("robot-1.zip", 'attachment; filename="robot-1.zip"', id="plain"),
        pytest.param(
            "größe.zip",
            "attachment; filename=\"groe.zip\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.zip",
            id="letters",
        ),
        pytest.param(
            'a"\r\nX: y.zip',
            "attachment; filename=\"a___X_ y.zip\"; filename*=UTF-8''a%22%0D%0AX%3A%20y.zip",
            id="a header of an attacker",
        ),
    ],
)
def test_disposition_when_names_are_odd_stays_one_safe_header(filename, expected):
    assert write_disposition(filename) == expected
