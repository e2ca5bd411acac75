"""A story survives being written and read back, whatever the programs said."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from netviz.lab.story import Story, Table, read_story, write_story

texts = st.text(st.characters(codec="utf-8"), max_size=20)
numbers = st.integers(-(2**40), 2**40)
values = st.one_of(texts, numbers, st.booleans(), st.lists(texts, max_size=3), st.lists(numbers, max_size=3))
tables = st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,8}x", fullmatch=True), values, max_size=4)


@given(facts=tables, connections=st.lists(tables, max_size=3), fetches=st.lists(tables, max_size=3))
def test_a_story_reads_back_as_written(facts: Table, connections: list[Table], fetches: list[Table]) -> None:
    story = Story(facts=facts, connections=connections, fetches=fetches)
    with TemporaryDirectory() as folder:
        file = Path(folder, "story.toml")
        write_story(story, file)
        assert read_story(file) == story


def test_counters_keep_the_kernels_names(tmp_path: Path) -> None:
    story = Story(facts={"packets": 3}, counters={"server.Tcp.RetransSegs": 1})
    write_story(story, tmp_path / "story.toml")
    assert read_story(tmp_path / "story.toml").counters == {"server.Tcp.RetransSegs": 1}
