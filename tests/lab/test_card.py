"""The list of labs and a lab's card: every word in both languages, no line wider than the terminal."""

import pytest
from rich.cells import cell_len

from netviz.explain.words import LANGUAGES, Language, has
from netviz.lab.card import card, listing, watch_command, wrapped
from netviz.lab.here import HERE
from netviz.lab.laboratory import Running
from netviz.lab.labs import LABS
from netviz.lab.namespaces import Namespace
from netviz.lab.switchboard import CASES, SWITCHES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80])
def test_the_list_names_every_lab_and_fits(language: Language, width: int) -> None:
    lines = list(listing(LABS.values(), language, width))
    assert all(cell_len(line) <= width for line in lines)
    assert all(any(line.startswith(f"  {name} ") for line in lines) for name in LABS)


@pytest.mark.parametrize("name", LABS)
def test_every_lab_has_its_words(name: str) -> None:
    assert all(has(f"labs.{name}.{part}") for part in ("title", "shows", "question", "try"))


def test_the_page_has_its_words() -> None:
    assert all(has(f"labs.page.case.{name}") for name in CASES)
    assert all(has(f"labs.page.switch.{name}") for name in SWITCHES)
    assert all(has(f"labs.page.action.{action}") for action, _ in CASES.values())


def test_a_card_says_where_to_look_and_what_to_type() -> None:
    client = Namespace("nvcap-1-client")
    running = Running({"client": client}, "eth0", commands=("nc 10.9.0.1 7007",))
    lines = list(card(LABS["handshake"], running, client, "en", 80))
    assert "    nc 10.9.0.1 7007" in lines
    assert lines[-1] == "Watched: eth0 (client, nvcap-1-client)"
    assert watch_command(running, client).endswith("ip netns exec nvcap-1-client netviz live -i eth0")


def test_on_loopback_the_filter_is_part_of_what_to_type() -> None:
    running = Running({"here": HERE}, filter="tcp port 8102")
    assert watch_command(running, HERE) == "sudo netviz live -i lo -f 'tcp port 8102'"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a bc def ghi jkl", ["a bc def", "ghi jkl"]),
        ("가나 다라 마", ["가나 다라", "마"]),
        ("가나다라마바", ["가나다라마", "바"]),
        ("", [""]),
    ],
)
def test_lines_break_by_cells(text: str, lines: list[str]) -> None:
    assert wrapped(text, 10) == lines
