"""The table of CORS scenarios: complete, distinct, with every placeholder filled."""

from collections import Counter
from urllib.parse import urlsplit

import pytest

from netviz.lab.cors.plans import LOOPBACK, NAMED
from netviz.lab.cors.table import CorsScenario, scenarios

EVERY = scenarios()


def named(identity: str) -> CorsScenario:
    return next(each for each in EVERY if each.identity == identity)


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    assert len(EVERY) >= 100
    assert [name for name, times in Counter(each.identity for each in EVERY).items() if times > 1] == []
    assert {each.plan.name for each in EVERY} == {"loopback", "named"}


@pytest.mark.parametrize("scenario", EVERY, ids=lambda each: each.identity)
def test_a_scenario_asks_and_answers_at_its_own_origins(scenario: CorsScenario) -> None:
    assert scenario.about and scenario.steps
    origins = set(scenario.plan.origins.values())
    for url in (*(step.url for step in scenario.steps), *(url for _, url in scenario.answers)):
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}" in origins
    values = [value for each in scenario.answers.values() for answer in each for _, value in answer.headers]
    assert not any("{" in value for value in values)


def test_answers_are_written_as_http_writes_them() -> None:
    (answer,) = named("style-crossorigin-named").answers["GET", "http://api.shop.example/tea.css"]
    assert (answer.status, answer.body) == (200, b"h1{}")
    assert answer.headers == (("Content-Type", "text/css"), ("Access-Control-Allow-Origin", "*"))
    (closed,) = named("simple-closed-named").answers["GET", "http://api.shop.example/teas"]
    assert closed.status is None
    first, second = named("simple-not-modified-named").answers["GET", "http://api.shop.example/teas"]
    assert (first.status, second.status, second.body) == (200, 304, b"")


def test_each_plan_fills_in_its_own_origins() -> None:
    for plan in (LOOPBACK, NAMED):
        (answer,) = named(f"simple-exact-{plan.name}").answers["GET", plan.origins["api"] + "/teas"]
        assert ("Access-Control-Allow-Origin", plan.origins["page"]) in answer.headers
