"""The browser anew: some scenarios are recorded again, and both the shipped truth and netviz must agree with them."""

import json
import shutil
from pathlib import Path

import pytest

from netviz.errors import BadArgument
from netviz.lab.cors.record import TRUTH, chosen, record_all, written
from netviz.lab.cors.table import scenarios

SHIPPED = Path(__file__).parents[3] / "captures" / "cors"
AGAIN = (
    "simple-exact-named",
    "simple-missing-loopback",
    "cookie-wildcard-named",
    "preflight-no-headers-named",
    "redirect-to-third-named-named",
    "no-cors-post-named",
)
SAID = ("verdict", "cors_verdict", "cors_error", "status", "readable_headers", "preflights", "script_error")


def test_scenarios_are_chosen_by_name_and_by_identity() -> None:
    every = scenarios()
    assert chosen(every, ()) == every
    assert {each.identity for each in chosen(every, ["simple-exact"])} == {
        "simple-exact-named",
        "simple-exact-loopback",
    }
    assert [each.identity for each in chosen(every, ["simple-exact-named"])] == ["simple-exact-named"]
    with pytest.raises(BadArgument):
        chosen(every, ["simple-exact", "no-such"])


def test_every_scenario_is_shipped_with_its_case() -> None:
    identities = [each.identity for each in scenarios()]
    truth = json.loads((SHIPPED / TRUTH).read_text(encoding="utf-8"))
    assert [each["id"] for each in truth["cases"]] == identities
    assert {path.name for path in SHIPPED.iterdir()} == {TRUTH, *(f"{each}.pcap" for each in identities)}


def test_a_case_is_a_line() -> None:
    text = written("Chrome/1", [{"id": "a"}, {"id": "b"}])
    assert json.loads(text)["cases"] == [{"id": "a"}, {"id": "b"}]
    assert len(text.splitlines()) == 4


@pytest.mark.oracle
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
@pytest.mark.usefixtures("may_make_namespaces")
def test_the_browser_says_again_what_was_shipped(tmp_path: Path) -> None:
    truth = json.loads(record_all(tmp_path, AGAIN).read_text(encoding="utf-8"))
    shipped = {each["id"]: each for each in json.loads((SHIPPED / TRUTH).read_text(encoding="utf-8"))["cases"]}
    assert {each["id"] for each in truth["cases"]} == set(AGAIN)
    for case in truth["cases"]:
        assert (tmp_path / case["pcap"]).stat().st_size > 24
        for again, before in zip(case["fetches"], shipped[case["id"]]["fetches"], strict=True):
            assert {key: again[key] for key in SAID} == {key: before[key] for key in SAID}, case["id"]
            assert again["passive"]["verdicts"] == before["passive"]["verdicts"], case["id"]
