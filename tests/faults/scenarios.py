"""Each way to lose each component, and what the registry is expected to answer meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, field

from artifacts.limits import EVIDENCE_DEADLINE_S, SNAPSHOT_DEADLINE_S
from tests.faults.lane import Lane
from tests.faults.operations import WELL
from tests.faults.proxy import Proxy, StandIn
from tests.faults.stand_ins import full_bucket, http, lambda_error, postgres_refusal, s3_error

# Nobody waits for a component that says no; what else there is to do may take so long on a busy
# machine.
AT_ONCE_S = 8.0
# One that says nothing, or asks to wait, is given up after ten seconds at most.
AFTER_SILENCE_S = max(SNAPSHOT_DEADLINE_S, EVIDENCE_DEADLINE_S) + 3.0
NO_DATABASE = "503 database_unavailable"
NO_STORAGE = "503 storage_unavailable"
NOTHING = "no answer"
NONSENSE = "<!doctype html><p>It works!"
# What asks no database, and what shows a page instead of the API's error.
DATABASE_FREE = ("health", "follow a link")
PAGES = ("front page", "staff site")
# What needs the bucket while somebody waits.
BUCKET_USERS = (
    "register model", "register code", "register page", "register upload",
    "announce upload in parts", "download",
)  # fmt: skip
# What writes to it while somebody waits.
BUCKET_WRITERS = tuple(name for name in BUCKET_USERS if name != "download")

Change = Callable[[Lane], None]


@dataclass(frozen=True)
class Scenario:
    """One way to lose a component.

    Attributes:
        differs: what is answered otherwise than when all is well, by operation.
        says: components that `/health/components` complains of, with their state.
        within_s: how long any answer may take.
        needs_sleep: it shows only when no task runs at the moment of the loss.
    """

    component: str
    how: str
    lose: Change
    regain: Change
    differs: dict[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    within_s: float = AT_ONCE_S
    needs_sleep: bool = False

    @property
    def name(self) -> str:
        """The scenario as a part of artifacts' names."""
        words = f"{self.component} {self.how}".lower()
        return "-".join("".join(c if c.isalnum() else " " for c in words).split())

    @property
    def answers(self) -> dict[str, str]:
        """What every operation answers."""
        return WELL | self.differs


def stopped(door: str) -> Change:
    return lambda lane: _door(lane, door).stop()


def silent(door: str) -> Change:
    return lambda lane: _door(lane, door).fall_silent()


def speaking(door: str, stand_in: StandIn) -> Change:
    return lambda lane: _door(lane, door).speak(stand_in)


def full(door: str) -> Change:
    return lambda lane: _door(lane, door).speak(full_bucket(_door(lane, door).place))


def opened(door: str) -> Change:
    return lambda lane: _door(lane, door).open()


def both(first: Change, second: Change) -> Change:
    def change(lane: Lane) -> None:
        first(lane)
        second(lane)

    return change


def read_only(*, is_read_only: bool) -> Change:
    return lambda lane: lane.database.set_read_only(is_read_only=is_read_only)


def _door(lane: Lane, name: str) -> Proxy:
    found: Proxy = getattr(lane.doors, name)
    return found


def _database(how: str, lose: Change, within_s: float = AT_ONCE_S) -> Scenario:
    differs = dict.fromkeys(WELL, NO_DATABASE) | dict.fromkeys(PAGES, "503")
    differs = {name: differs[name] for name in differs if name not in DATABASE_FREE}
    back = opened("database")
    return Scenario("Database", how, lose, back, differs, ("database critical",), within_s)


def _storage(
    how: str, lose: Change, link: str, within_s: float = AT_ONCE_S, answer: str = NO_STORAGE
) -> Scenario:
    differs = dict.fromkeys(BUCKET_USERS, answer) | {"follow a link": link}
    back = opened("storage")
    return Scenario("Storage", how, lose, back, differs, ("storage critical",), within_s)


def _hub(
    how: str, lose: Change, says: str = "sources degraded", within_s: float = AT_ONCE_S
) -> Scenario:
    differs = {"register model": "202", "replace": "202"}
    return Scenario("The Hub", how, lose, opened("hub"), differs, (says,), within_s)


def _github(
    how: str, lose: Change, says: str = "sources degraded", within_s: float = AT_ONCE_S
) -> Scenario:
    # A model is registered all the same: what its rating lacks is asked for again by a task.
    differs = {"register code": "202", "license check": "502 license_unavailable"}
    return Scenario("GitHub", how, lose, opened("github"), differs, (says,), within_s)


def _kaggle(how: str, lose: Change, within_s: float = AT_ONCE_S) -> Scenario:
    differs = {"register page": "202"}
    return Scenario("Kaggle", how, lose, opened("kaggle"), differs, ("sources degraded",), within_s)


def _together(first: Scenario, second: Scenario) -> Scenario:
    """Lose two components at once; `first` is the one that is asked first."""
    # A registration that is deferred takes its number all the same, which the bucket keeps.
    numbers = {
        name: answer
        for name, answer in second.differs.items()
        if name.startswith("register") and first.differs.get(name) == "202"
    }
    return Scenario(
        "Two at once",
        f"{first.component} {first.how} and {second.component} {second.how}",
        both(first.lose, second.lose),
        both(first.regain, second.regain),
        second.differs | first.differs | numbers,
        tuple(dict.fromkeys((*first.says, *second.says))),
        max(first.within_s, second.within_s),
    )


def _wake_up(how: str, lose: Change) -> Scenario:
    says = ("tasks degraded",)
    back = opened("function")
    return Scenario("Task wake-up", how, lose, back, says=says, needs_sleep=True)


TOO_MANY = postgres_refusal("53300", "sorry, too many clients already")
ENDED = s3_error(400, "ExpiredToken")
SKEWED = s3_error(403, "RequestTimeTooSkewed", server_ahead_s=3_600)
DATABASE = (
    _database("stopped", stopped("database")),
    _database("silent", silent("database"), AFTER_SILENCE_S),
    _database("too many connections", speaking("database", TOO_MANY)),
    Scenario(
        "Database",
        "read-only",
        read_only(is_read_only=True),
        read_only(is_read_only=False),
        # A session is only read: the staff site goes on.
        {name: NO_DATABASE for name in WELL if name not in (*DATABASE_FREE, *PAGES)},
        ("database critical",),
    ),
    Scenario(
        "Database", "restarted", lambda lane: lane.database.end_sessions(), lambda _lane: None
    ),
)
STORAGE = (
    _storage("stopped", stopped("storage"), NOTHING),
    _storage("silent", silent("storage"), NOTHING, AFTER_SILENCE_S),
    _storage("500", speaking("storage", s3_error(500, "InternalError")), "500"),
    _storage("503, slow down", speaking("storage", s3_error(503, "SlowDown")), "503"),
    _storage("403, denied", speaking("storage", s3_error(403, "AccessDenied")), "403"),
    _storage("403, clock skewed", speaking("storage", SKEWED), "403"),
    _storage(
        "400, credentials ended",
        speaking("storage", ENDED),
        "400",
        answer="503 credentials_ended",
    ),
    Scenario(
        "Storage",
        "full",
        full("storage"),
        opened("storage"),
        dict.fromkeys(BUCKET_WRITERS, "507 storage_full"),
        ("storage degraded",),
    ),
)
# From the start on: what the registry rests on is tried there, and does without it.
LYING = (
    Scenario(
        "Storage",
        "lies about conditions",
        lambda _lane: None,
        lambda _lane: None,
        says=("storage degraded",),
    ),
)
HUB = (
    _hub("stopped", stopped("hub")),
    _hub("silent", silent("hub"), within_s=AFTER_SILENCE_S),
    _hub("500", speaking("hub", http(500))),
    _hub("429", speaking("hub", http(429, Retry_After="2")), within_s=AFTER_SILENCE_S),
    _hub("nonsense", speaking("hub", http(200, NONSENSE)), "tasks degraded"),
)
GITHUB = (
    _github("stopped", stopped("github")),
    _github("silent", silent("github"), within_s=AFTER_SILENCE_S),
    _github("500", speaking("github", http(500))),
    _github("429", speaking("github", http(429, Retry_After="2")), within_s=AFTER_SILENCE_S),
    _github("nonsense", speaking("github", http(200, NONSENSE)), "tasks degraded"),
)
KAGGLE = (
    _kaggle("stopped", stopped("kaggle")),
    _kaggle("silent", silent("kaggle"), within_s=AFTER_SILENCE_S),
    _kaggle("500", speaking("kaggle", http(500))),
    _kaggle("429", speaking("kaggle", http(429, Retry_After="2")), within_s=AFTER_SILENCE_S),
)
TOGETHER = (
    _together(DATABASE[0], STORAGE[0]),
    _together(HUB[0], STORAGE[0]),
    _together(HUB[1], GITHUB[1]),
    _together(GITHUB[0], STORAGE[2]),
)
WAKE_UP = (
    _wake_up("stopped", stopped("function")),
    _wake_up("silent", silent("function")),
    _wake_up("throttled", speaking("function", lambda_error(429, "TooManyRequestsException"))),
)
ALL = (*DATABASE, *STORAGE, *LYING, *HUB, *GITHUB, *KAGGLE, *TOGETHER, *WAKE_UP)
