"""The labelled names: what the audit of names finds of them, and whom it suspects wrongly."""

import pytest

from tests.trust.confusion import audit, main, read_rows

PRECISION_MIN = 0.98
RECALL_MIN = 0.95


def test_labelled_names_when_audited_then_precision_and_recall_reach_their_floors(capsys):
    main()
    print(capsys.readouterr().out)
    figures = audit()
    assert figures.precision >= PRECISION_MIN
    assert figures.recall >= RECALL_MIN
    assert min(found / made for found, made in figures.by_mechanism.values()) >= 0.85


@pytest.mark.parametrize(("name", "least"), [("honest.txt", 1_000), ("confused.txt", 150)])
def test_labelled_names_when_read_then_each_is_there_once_with_all_its_columns(name, least):
    rows = read_rows(name)
    assert len(rows) >= least
    assert len({row[0] for row in rows}) == len(rows)
    assert {len(row) for row in rows} == {4}
    assert all(row[3] for row in rows)


def test_labelled_names_when_one_is_made_up_then_what_it_is_like_is_honest():
    honest = {name for name, *_ in read_rows("honest.txt")}
    assert {target for _, _, target, _ in read_rows("confused.txt")} <= honest
