"""What was used is known, what is idle is named, and what could be missed is found out."""

import json
from threading import Thread

from tests.rehearsal.iam import ledger as module
from tests.rehearsal.iam.ledger import Ledger, find_needless, find_unused
from tests.rehearsal.iam.policies import Call, Policy, judge

ROLE = "arn:aws:iam::123456789012:role/runs"


def policy(*statements):
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": "arn:aws:s3:::b/*"}
            for sid, actions in statements
        ],
    }
    return Policy("role", json.dumps(document))


def ask(ledger, document, action, key="k"):
    call = Call(ROLE, action, f"arn:aws:s3:::b/{key}")
    ledger.write("function", call, (document,), judge(call, [document]))


def test_calls_when_they_differ_in_the_object_only_then_they_are_one_line():
    ledger, document = Ledger(), policy(("Read", ["s3:GetObject"]))
    threads = [
        Thread(target=ask, args=(ledger, document, "s3:GetObject", f"k{n}")) for n in range(9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [line] = ledger.lines()
    assert "function" in line
    assert "role/Read  9x" in line


def test_calls_when_one_is_refused_among_many_then_it_is_not_lost():
    ledger, document = Ledger(), policy(("Read", ["s3:GetObject"]))
    ask(ledger, document, "s3:GetObject")
    silent = policy(("Read", ["s3:ListBucket"]))
    ask(ledger, silent, "s3:GetObject")
    ask(ledger, document, "s3:GetObject")
    assert [each.call.action for each in ledger.refused] == ["s3:GetObject"]
    assert "REFUSED" in "".join(ledger.lines())


def test_right_when_nothing_uses_it_then_it_is_named_unless_it_has_a_reason(monkeypatch):
    ledger, document = (
        Ledger(),
        policy(("Keep", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"])),
    )
    ask(ledger, document, "s3:GetObject")
    reasons = {("role", "Keep", "s3:PutObject"): "because"}
    monkeypatch.setattr(module, "UNUSED", reasons)
    assert find_unused(ledger, [document]) == ["nothing uses role/Keep/s3:DeleteObject"]
    ask(ledger, document, "s3:DeleteObject")
    ask(ledger, document, "s3:PutObject")
    assert find_unused(ledger, [document]) == []
    assert "used, so it needs no reason any more: role/Keep/s3:PutObject" in ledger.lines()


def test_right_when_another_gives_the_same_then_it_is_found_out():
    ledger = Ledger()
    ask(ledger, policy(("Read", ["s3:GetObject"])), "s3:GetObject")
    assert find_needless(ledger) == []
    twice = policy(("Read", ["s3:GetObject"]), ("ReadToo", ["s3:Get*"]))
    other = Ledger()
    ask(other, twice, "s3:GetObject")
    assert len(find_needless(other)) == 1
