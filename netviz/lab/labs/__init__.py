"""The table of labs, in the order in which a course would take them."""

from typing import Final

from netviz.lab.laboratory import Lab
from netviz.lab.labs import network, origins, transport, web

LABS: Final[dict[str, Lab]] = {lab.name: lab for lab in (*network.LABS, *transport.LABS, *web.LABS, *origins.LABS)}
