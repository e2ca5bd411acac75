"""The table of scenarios: name -> what to record. Each module has the rows of its field."""

from typing import Final

from netviz.lab.scenario import Scenario
from netviz.lab.scenarios import cors, exchanges, network, transport, web

SCENARIOS: Final[dict[str, Scenario]] = {
    scenario.name: scenario
    for scenario in (*transport.SCENARIOS, *network.SCENARIOS, *web.SCENARIOS, *exchanges.SCENARIOS, *cors.SCENARIOS)
}
