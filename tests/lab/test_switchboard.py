"""Switches of the CORS lab: only known positions, the headers that follow from them, what the server did all the same."""

from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.lab.switchboard import CASES, SWITCHES, Switchboard
from netviz.lab.web import Answer, Asked

PAGE = "http://localhost:8101"
FAR = "http://localhost:8103/moved"


def board(**changes: str) -> Switchboard:
    made = Switchboard((PAGE, "http://127.0.0.1:8101"), FAR)
    assert made.set({name.replace("_", "-"): value for name, value in changes.items()})
    return made


def asked(method: str, target: str = "/tea", **headers: str) -> Asked:
    message = Message()
    for name, value in ({"Origin": PAGE} | headers).items():
        message[name.replace("_", "-")] = value
    return Asked(method, target, message, b"")


def header(answer: Answer, name: str) -> str | None:
    return dict(answer.headers).get(name)


@pytest.mark.parametrize(
    ("position", "value"),
    [
        ("exact", PAGE),
        ("none", None),
        ("*", "*"),
        ("other", "http://other.example"),
        ("null", "null"),
        ("two", f"{PAGE}, http://other.example"),
    ],
)
def test_the_allowed_origin_is_what_the_switch_says(position: str, value: str | None) -> None:
    for request in (asked("GET"), asked("OPTIONS", Access_Control_Request_Method="PUT")):
        assert header(board(allow_origin=position).answer(request), "Access-Control-Allow-Origin") == value


def test_an_origin_that_is_not_the_page_gets_the_page_as_its_answer() -> None:
    answer = board().answer(asked("GET", Origin="http://elsewhere.example"))
    assert header(answer, "Access-Control-Allow-Origin") == PAGE


def test_a_preflight_permits_and_changes_nothing() -> None:
    made = board(max_age="600")
    answer = made.answer(asked("OPTIONS", Access_Control_Request_Method="PUT"))
    assert (answer.status, header(answer, "Access-Control-Max-Age")) == (204, "600")
    assert header(answer, "Access-Control-Allow-Methods") == "PUT, DELETE"
    assert made.stock == 10
    assert made.state()["seen"] == [
        {
            "number": 1, "method": "OPTIONS", "target": "/tea", "status": 204, "done": False, "preflight": True,
            "headers": {"Origin": PAGE, "Access-Control-Request-Method": "PUT"},
        }
    ]  # fmt: skip


def test_the_server_does_what_it_is_asked_though_no_script_may_read_the_answer() -> None:
    made = board(allow_origin="none")
    assert header(made.answer(asked("POST")), "Access-Control-Allow-Origin") is None
    assert made.stock == 11


@pytest.mark.parametrize(
    ("changes", "status", "location"),
    [
        ({"redirect": "same-origin"}, 302, "/moved"),
        ({"redirect": "other-origin"}, 302, FAR),
        ({"status": "500"}, 500, None),
        ({"status": "404"}, 404, None),
    ],
)
def test_status_and_redirect_follow_the_switches(changes: dict[str, str], status: int, location: str | None) -> None:
    answer = board(**changes).answer(asked("GET"))
    assert (answer.status, header(answer, "Location")) == (status, location)


anything = st.recursive(st.none() | st.text(max_size=8) | st.integers(), lambda part: st.lists(part, max_size=2))


@given(
    st.dictionaries(st.sampled_from([*SWITCHES, "other"]), st.sampled_from(["*", "none", "x\r\nEvil: 1"]) | anything)
)
def test_switches_turn_to_known_positions_or_not_at_all(wanted: dict[str, object]) -> None:
    made = board()
    before = dict(made.positions)
    known = all(name in SWITCHES and value in SWITCHES[name] for name, value in wanted.items())
    assert made.set(wanted) is known
    assert made.positions == ({**before, **wanted} if known else before)


@given(anything)
def test_what_is_no_table_turns_nothing(wanted: object) -> None:
    assert not board().set(wanted)


def test_every_case_sets_switches_that_exist() -> None:
    for name, (_, changes) in CASES.items():
        assert board().set(dict(changes)), name


def test_the_server_forgets_the_oldest_requests() -> None:
    made = board()
    for _ in range(100):
        made.answer(asked("GET"))
    seen = made.state()["seen"]
    assert isinstance(seen, list)
    assert [each["number"] for each in seen] == list(range(61, 101))
