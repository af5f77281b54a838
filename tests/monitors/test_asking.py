"""Programs that may ask hosts, honest and hostile, at both places, with real names and servers."""

from collections.abc import Iterator

import pytest

from artifacts.limits import MONITOR_REQUEST_TIMEOUT_S, MONITOR_REQUESTS_MAX, MONITOR_TIMEOUT_S
from tests.monitors.asked import FUNCTION, HERE, Network, network
from tests.monitors.hostile import BREACH
from tests.monitors.hostile_asking import ALLOWED, HOSTILE
from tests.monitors.network import INSIDE
from tests.monitors.node import needs_node

pytestmark = [pytest.mark.slow, needs_node]
POLICY = "policy.example.com:443"
LATEST_S = MONITOR_TIMEOUT_S + 20
DECIDES = """
const answer = await fetch("https://policy.example.com/decide", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ who: process.argv[4] }),
});
if (!answer.ok) throw new Error(`The policy answered ${answer.status}`);
const { allowed } = await answer.json();
console.log(allowed ? "welcome" : "The policy says no.");
process.exit(allowed ? 0 : 1);
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory) -> Iterator[Network]:
    with network(tmp_path_factory.mktemp("company")) as made:
        yield made


@pytest.fixture(params=[HERE, FUNCTION])
def place(request) -> str:
    return request.param


def asked(method: str, status: int | None, sent_bytes: int, received_bytes: int) -> dict:
    return {
        "host": POLICY,
        "method": method,
        "status": status,
        "sent_bytes": sent_bytes,
        "received_bytes": received_bytes,
    }


@pytest.mark.parametrize(
    ("who", "status", "words"), [("ada", 0, "welcome"), ("mallory", 1, "The policy says no.")]
)
def test_program_when_a_host_is_allowed_then_its_answer_decides(company, place, who, status, words):
    found = company.run(place, DECIDES, [POLICY], who)
    assert (found.exit_status, found.output) == (status, words)
    length = len('{"allowed": true}') + (who != "ada")
    assert found.requests == [asked("POST", 200, len(who) + 10, length)]
    assert found.hits == [[f"{INSIDE}:443", "POST", "/decide"]]


@pytest.mark.parametrize("name", HOSTILE)
def test_program_when_hostile_then_it_reaches_nothing_else(company, place, name):
    program, words = HOSTILE[name]
    found = company.run(place, program, ALLOWED)
    assert found.exit_status not in (0, None), found.output
    assert BREACH not in found.output
    assert words in found.output
    assert not any(each in found.output for each in ("SyntaxError", "ReferenceError"))
    assert {hit[0] for hit in found.hits} <= {f"{INSIDE}:443"}
    assert len(found.requests) <= MONITOR_REQUESTS_MAX
    assert found.lasted_s < LATEST_S
    # Whatever it did, the next one is served.
    assert company.run(place, DECIDES, [POLICY], "ada").output == "welcome"


def test_name_when_it_leads_elsewhere_a_moment_later_then_it_is_looked_up_once(company, place):
    name = f"{place}.rebound.example.com"
    ask = f"fetch('https://{name}/decide', {{method: 'POST', body: '{{\"who\": 1}}'}})"
    program = (
        f"const one = await {ask};\n"
        f"console.log(one.status, await {ask}.then(each => each.status, error => error.message));"
    )
    found = company.run(place, program, [f"{name}:443"])
    # Whoever looks first finds it inside, and all others where clouds keep credentials.
    assert found.output == f"200 {name} leads to an address that is refused."
    assert found.hits == [[f"{INSIDE}:443", "POST", "/decide"]]


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("fetch('https://policy.example.com/').catch(e => console.log(e.message))", "fetch failed"),
        (
            (
                "const asks = {id: 1, method: 'GET', headers: [], body: '',"
                " url: 'https://policy.example.com/nothing'};\n"
                "require('fs').writeSync(3, JSON.stringify(asks) + '\\n'); setTimeout(() => 0, 300)"
            ),
            "",
        ),
    ],
)
def test_program_when_no_host_is_allowed_then_there_is_no_wire(company, place, program, words):
    found = company.run(place, program, [])
    assert words in found.output
    assert (found.hits, found.requests) == ([], None)


@pytest.mark.parametrize(
    ("place", "output"),
    [(HERE, "404"), (FUNCTION, "localhost leads to an address that is refused.")],
)
def test_this_machine_when_spelled_out_then_only_on_ones_own_servers(company, place, output):
    program = (
        "fetch('https://localhost/').then(a => console.log(a.status), e => console.log(e.message))"
    )
    assert company.run(place, program, ["localhost:443"]).output == output


def test_fetch_when_used_as_people_do_then_as_they_know_it(company, place):
    program = """
    const base = "https://policy.example.com/";
    const all = await Promise.all(["GET", "HEAD", "PUT"].map(method => fetch(base, { method })));
    console.log(all.map(each => `${each.ok},${each.status}`).join(" "), await all[1].text() === "");
    const answer = await fetch(new URL(base), { headers: { Authorization: "Bearer x" } });
    const seen = await answer.json();
    console.log(seen.method, seen.headers.authorization, seen.headers.Host);
    const none = await fetch(new Request(`${base}nothing`));
    console.log(none.status, none.headers.get("content-length"), await none.text() === "");
    const signal = AbortSignal.timeout(200);
    const late = await fetch(`${base}slow`, { signal }).catch(e => e.name);
    console.log(late, await fetch("/relative").catch(e => e.name));
    const moved = await fetch(`${base}elsewhere`);
    console.log(moved.status, moved.headers.get("location"));
    """
    found = company.run(place, program, [POLICY])
    assert found.output.splitlines() == [
        "false,404 false,404 false,404 true",
        "GET Bearer x policy.example.com",
        "204 null true",
        "TimeoutError TypeError",
        "302 https://other.example.com/",
    ]
    methods = [each["method"] for each in found.requests]
    assert sorted(methods[:3]) == ["GET", "HEAD", "PUT"]
    assert methods[3:] == ["GET"] * 4
    assert found.requests[5]["status"] is None


def test_program_when_it_asks_and_does_not_wait_then_it_ends(company, place):
    leaves = "fetch('https://policy.example.com/slow'); setTimeout(() => process.exit(4), 500)"
    found = company.run(place, leaves, [POLICY])
    assert (found.exit_status, found.requests) == (4, [asked("GET", None, 0, 0)])
    assert found.hits == [[f"{INSIDE}:443", "GET", "/slow"]]
    assert found.lasted_s < MONITOR_REQUEST_TIMEOUT_S
    found = company.run(
        place, "fetch('https://policy.example.com/').then(a => a.body.cancel())", [POLICY]
    )
    assert found.exit_status == 0
    assert found.lasted_s < MONITOR_REQUEST_TIMEOUT_S


def test_program_when_it_waits_for_ever_then_it_is_ended_and_so_are_its_requests(company, place):
    wait = "fetch('https://policy.example.com/slow').catch(() => setInterval(() => 0, 1000))"
    found = company.run(place, wait, [POLICY])
    assert found.is_timed_out
    assert found.requests == [asked("GET", None, 0, 0)]
