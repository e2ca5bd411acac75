"""Records all CORS scenarios anew: one capture each, and `truth.json` with what Chromium made of them.

Needs root for namespaces and tcpdump. One Chromium per plan plays them all, each in a browser context of its own.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netviz.errors import BadArgument
from netviz.lab.browser import Browser, chromium
from netviz.lab.cors.devtools import console
from netviz.lab.cors.plans import PLANS, Plan
from netviz.lab.cors.play import Play, play
from netviz.lab.cors.readings import skipped_by_cache, what_stays_open
from netviz.lab.cors.site import Origins, serving_origins
from netviz.lab.cors.table import CorsScenario, scenarios
from netviz.lab.cors.truth import SCHEMA, Entry, case
from netviz.lab.namespaces import remove_abandoned
from netviz.lab.networks import Network
from netviz.lab.requirements import CannotRecord, require
from netviz.lab.tcpdump import tcpdump

TRUTH: Final = "truth.json"
_ATTEMPTS: Final = 3
_QUIET: Final = 0.15
"""Nothing here is far away: what has not come in so many seconds does not come."""


@dataclass(frozen=True, slots=True)
class Studio:
    """A plan's network with its origins and its Chromium, ready to play."""

    plan: Plan
    network: Network
    origins: Origins
    browser: Browser

    def play(self, scenario: CorsScenario) -> Play:
        """Play without a recorder."""
        return play(self.browser, scenario, self.origins)

    def record(self, scenario: CorsScenario, file: Path) -> Play:
        """Play once more while packets are recorded; the browser closes its connections before the recorder ends."""
        with tcpdump(self.network.watched, self.network.interface, file, quiet=_QUIET):
            return self.play(scenario)


@contextmanager
def studio(plan: Plan) -> Iterator[Studio]:
    """All that is needed to play the scenarios of a plan."""
    rules = f"--host-resolver-rules={plan.resolver_rules}"
    with (
        plan.network() as network,
        serving_origins(plan, network.server) as origins,
        chromium(network.client, (rules,)) as browser,
    ):
        yield Studio(plan, network, origins, browser)


def record_case(made: Studio, scenario: CorsScenario, into: Path) -> Entry:
    """Record one scenario into a folder and return its case; a failed attempt is made again. Raises: CannotRecord."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return _record_case(made, scenario, into)
        except CannotRecord:
            continue
    return _record_case(made, scenario, into)


def _record_case(made: Studio, scenario: CorsScenario, into: Path) -> Entry:
    file = into / scenario.capture
    recorded = made.record(scenario, file)
    texts = [text for step in recorded.steps for text in console(step.events)]
    return case(recorded, what_stays_open(recorded, made.play), skipped_by_cache(recorded, made.play), texts)


def record_all(into: Path, names: Sequence[str] = (), tell: Callable[[Path], None] = lambda file: None) -> Path:
    """Record all scenarios (or those named) and write the truth beside them; returns the truth's file.

    What was there is replaced only when all went well; of a recording of some, the other cases stay.
    Raises: BadArgument for a name that is none, NotPermitted, CannotRecord.
    """
    everything = scenarios()
    wanted = chosen(everything, names)
    require(("chromium",))
    remove_abandoned()
    truth = into / TRUTH
    cases: dict[str, Entry] = {}
    if names and truth.exists():
        cases = {each["id"]: each for each in json.loads(truth.read_text(encoding="utf-8"))["cases"]}
    with tempfile.TemporaryDirectory(prefix="nvcap-cors-") as folder:
        version = _record_plans(wanted, Path(folder), cases, tell)
        into.mkdir(parents=True, exist_ok=True)
        for each in wanted:
            shutil.copyfile(Path(folder, each.capture), into / each.capture)
    ordered = [cases[each.identity] for each in everything if each.identity in cases]
    truth.write_text(written(version, ordered), encoding="utf-8")
    return truth


def chosen(known: Sequence[CorsScenario], names: Sequence[str]) -> list[CorsScenario]:
    """The scenarios by name (in every plan) or identity (in one), in the table's order; all where none is named."""
    unknown = set(names) - {name for each in known for name in (each.name, each.identity)}
    if unknown:
        raise BadArgument(
            "lab-no-such-scenario",
            name=", ".join(sorted(unknown)),
            known=" ".join(dict.fromkeys(each.name for each in known)),
        )
    return [each for each in known if not names or each.name in names or each.identity in names]


def _record_plans(
    wanted: Iterable[CorsScenario], into: Path, cases: dict[str, Entry], tell: Callable[[Path], None]
) -> str:
    version = ""
    for plan in PLANS.values():
        here = [each for each in wanted if each.plan is plan]
        if not here:
            continue
        with studio(plan) as made:
            version = made.browser.ask("Browser.getVersion")["product"]
            for scenario in here:
                cases[scenario.identity] = record_case(made, scenario, into)
                tell(into / scenario.capture)
    return version


def written(version: str, cases: Sequence[Entry]) -> str:
    """The truth's file: one case a line, so that a case recorded anew is one line of a diff."""
    head = {
        "schema": SCHEMA,
        "set": "shipped",
        "recorded_by": "python -m netviz.lab.record --cors",
        "browser": [version],
    }
    lines = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in cases)
    return json.dumps(head, ensure_ascii=False)[:-1] + f', "cases": [\n{lines}\n]}}\n'
