"""`python -m netviz.lab.record [NAME ...|--all] [--cors] [--into FOLDER]`: records captures anew, with their stories.

Needs root for namespaces and tcpdump. A capture replaces the old one only when its scenario went as it should.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from netviz.errors import BadArgument, NetvizError
from netviz.explain.words import preferred_language, say
from netviz.lab.cors.record import record_all
from netviz.lab.namespaces import remove_abandoned
from netviz.lab.requirements import require
from netviz.lab.scenario import Scenario, Stage
from netviz.lab.scenarios import SCENARIOS
from netviz.lab.story import write_story
from netviz.lab.tcpdump import to_pcapng

CAPTURES: Final = Path("captures")


def record(scenario: Scenario, into: Path) -> Path:
    """Play a scenario and write its capture and story into a folder; returns the capture.

    Raises: NotPermitted, CannotRecord.
    """
    require(scenario.programs)
    remove_abandoned()
    with tempfile.TemporaryDirectory(prefix="nvcap-") as folder:
        recorded = Path(folder, f"{scenario.name}.pcap")
        with scenario.network() as network:
            stage = Stage(network, recorded, scenario.nanoseconds)
            stage.story.facts |= _known_before(scenario)
            scenario.play(stage)
        capture = into / scenario.file_name
        into.mkdir(parents=True, exist_ok=True)
        if scenario.format == "pcapng":
            to_pcapng(recorded, capture, scenario.comment)
            stage.story.facts["converter"] = "editcap -F pcapng"
            stage.story.facts["comment"] = scenario.comment
        else:
            capture.write_bytes(recorded.read_bytes())
        write_story(stage.story, capture.with_suffix(".toml"))
    return capture


def _known_before(scenario: Scenario) -> dict[str, str | int | list[int]]:
    return {
        "title_en": scenario.title_en,
        "title_ko": scenario.title_ko,
        "file": scenario.file_name,
        "recorded_by": f"python -m netviz.lab.record {scenario.name}",
        "format": scenario.format,
        "time_unit": "nanosecond" if scenario.nanoseconds else "microsecond",
        "link_type": scenario.link_type,
        "ip_versions": list(scenario.ip_versions),
    }


def chosen(names: Sequence[str], everything: bool) -> list[Scenario]:
    """The scenarios by their names. Raises: BadArgument for a name that is none, or for no name at all."""
    if everything:
        return list(SCENARIOS.values())
    unknown = [name for name in names if name not in SCENARIOS]
    if unknown or not names:
        raise BadArgument("lab-no-such-scenario", name=", ".join(unknown) or "-", known=" ".join(SCENARIOS))
    return [SCENARIOS[name] for name in names]


def _end(signal_number: int, frame: FrameType | None) -> None:
    """Being told to end is like Ctrl-C: what was made is taken away first."""
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Record what was asked for; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m netviz.lab.record", description=say("lab.about", "en"))
    parser.add_argument("names", nargs="*", metavar="NAME", help=" ".join(SCENARIOS))
    parser.add_argument("--all", action="store_true", help=say("lab.all", "en"))
    parser.add_argument("--cors", action="store_true", help=say("lab.cors", "en"))
    parser.add_argument("--into", type=Path, metavar="FOLDER", help=say("lab.into", "en"))
    options = parser.parse_args(arguments)
    language = preferred_language()
    signal.signal(signal.SIGTERM, _end)

    def tell(capture: Path) -> None:
        print(say("lab.recorded", language, file=capture, bytes=capture.stat().st_size), flush=True)

    try:
        if options.cors:
            tell(record_all(options.into or CAPTURES / "cors", options.names, tell))
            return 0
        for scenario in chosen(options.names, options.all):
            tell(record(scenario, options.into or CAPTURES))
    except NetvizError as error:
        print(say(f"error.{error.key}", language, **error.details), file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
