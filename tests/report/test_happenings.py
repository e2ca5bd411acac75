"""What is told while packets come: everything, or the verdicts alone."""

from pathlib import Path

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import Analyzer
from netviz.report.happenings import Happenings

CAPTURES = Path(__file__).parents[2] / "captures"


def told(name: str, verdicts_only: bool) -> list[str]:
    """Lines told packet by packet."""
    source = open_capture(str(CAPTURES / name))
    analyzer = Analyzer(source.info)
    happenings = Happenings(analyzer.store, "en", verdicts_only)
    lines: list[str] = []
    for batch in source.batches():
        for index in range(len(batch)):
            analyzer.feed(batch.part(index, index + 1))
            lines += happenings.lines()
    analyzer.finish()
    return [*lines, *happenings.lines()]


def test_verdicts_alone_are_those_among_all() -> None:
    everything = told("cors-preflight-allowed.pcap", False)
    verdicts = told("cors-preflight-allowed.pcap", True)
    assert verdicts == [line.strip() for line in everything if line.strip().startswith("CORS ")]
    assert len(verdicts) == 1
    assert "allowed" in verdicts[0]


def test_a_refusal_names_its_code() -> None:
    (line,) = told("cors-preflight-blocked.pcap", True)
    assert "blocked" in line
    assert "HeaderDisallowedByPreflightResponse" in line
