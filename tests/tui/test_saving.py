"""Copying a request and saving a body on the screen of exchanges: what is offered, written and said."""

import base64
from pathlib import Path

import pytest
from rich.cells import cell_len

JSON = '{"name": "한글"}'.encode()


@pytest.fixture
def sent(monkeypatch):
    """Texts that would have gone to the clipboard."""
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    found: list[str] = []

    def write(self, control):
        found.append(base64.b64decode(control[7:-1]).decode())

    monkeypatch.setattr("netviz.tui.copying.Copying._write", write)
    return found


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_request_is_offered_first_and_copied_as_curl(opened, type_keys, text_of, sent, size, language):
    async with opened(language=language, size=size) as (app, pilot):
        text = await type_keys(pilot, "4", "end", "y")
        assert {cell_len(line) for line in text_of(app)} == {size[0]}
        assert "curl http://api" in text
        assert {"en": "Request as curl (secrets covered)", "ko": "curl 명령으로 (비밀값 가림)"}[language] in text
        text = await type_keys(pilot, "1")
        assert sent[0].startswith("curl http://api.example/api/items/7 --globoff --path-as-is -X PUT")
        assert sent[0].endswith("--data-raw '{\"qty\": 3}'") and "k-123" not in sent[0]
        assert {"en": "Copied: Request as curl (secrets", "ko": "복사함: curl 명령으로 (비밀"}[language] in text
        await type_keys(pilot, "y", "3")
        assert sent[1] == "http://api.example/api/items/7"
        await type_keys(pilot, "s", "y", "2")
        assert sent[2].startswith('fetch("http://api.example/api/items/7"') and '"k-123"' in sent[2]


async def test_nothing_of_the_future_is_offered(opened, type_keys, sent):
    async with opened() as (_app, pilot):
        await type_keys(pilot, "{", "4", "y", "1")
        assert not any(text.startswith("curl") for text in sent)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_body_is_saved_under_the_name_that_was_typed(opened, type_keys, text_of, here, size, language):
    async with opened(language=language, size=size) as (app, pilot):
        text = await type_keys(pilot, "4", "end", "e")
        assert {"en": "Response body", "ko": "응답 본문"}[language] in text
        text = await type_keys(pilot, "1")
        assert "exchange-2-response.json" in text
        assert {cell_len(line) for line in text_of(app)} == {size[0]}
        text = await type_keys(pilot, "enter")
        assert (here / "exchange-2-response.json").read_bytes() == JSON
        assert f"exchange-2-response.json ({len(JSON)} B)" in text


async def test_an_old_file_is_written_over_by_a_second_enter_only(opened, type_keys, here):
    old = here / "exchange-2-response.json"
    old.write_bytes(b"old")
    async with opened() as (_app, pilot):
        text = await type_keys(pilot, "4", "end", "e", "1", "enter")
        assert old.read_bytes() == b"old" and "is there already" in text
        await type_keys(pilot, "x", "enter")
        assert (here / "exchange-2-response.jsonx").read_bytes() == JSON and old.read_bytes() == b"old"
        await type_keys(pilot, "e", "1", "enter", "enter")
        assert old.read_bytes() == JSON


async def test_a_name_that_can_not_be_is_said_and_the_question_stays(opened, type_keys, here):
    async with opened() as (_app, pilot):
        text = await type_keys(pilot, "4", "end", "e", "1", "home", "n", "slash", "enter", "enter")
        assert "can not be written" in text and "n/exchange-2-response.json" in text
        await type_keys(pilot, "escape")
        assert list(Path(here).iterdir()) == []


async def test_where_there_is_no_body_it_is_said(opened, type_keys):
    async with opened() as (_app, pilot):
        assert "no body to save" in await type_keys(pilot, "4", "home", "e")
