"""The table of scenarios: name -> what to record. Each module has the rows of its field."""

from typing import Final

from netviz.lab.scenario import Scenario
from netviz.lab.scenarios import bodies, cors, datagrams, encrypted, exchanges, neighbours, network, transport, web

SCENARIOS: Final[dict[str, Scenario]] = {
    scenario.name: scenario
    for module in (transport, datagrams, network, web, exchanges, neighbours, bodies, encrypted, cors)
    for scenario in module.SCENARIOS
}
