"""All TCP scenarios: importing this enters them in `scenario.SCENARIOS`."""

from netviz.lab.tcp.scenarios import closing, flow, forging, opening, resetting

__all__ = ["closing", "flow", "forging", "opening", "resetting"]
