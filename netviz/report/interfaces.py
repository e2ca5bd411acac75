"""`netviz interfaces`: this machine's interfaces as a table or JSON, with why one can not be used."""

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from netviz.capture.interfaces import Found
from netviz.capture.link_types import link_type_name
from netviz.explain.words import Language, say
from netviz.model.safe import safe
from netviz.report.form import document as envelope


def document(found: list[Found], permitted: bool) -> dict[str, object]:
    """CONTRACT: `netviz interfaces --json`."""
    return envelope(
        may_capture=permitted,
        interfaces=[
            {
                "number": number,
                "name": each.name,
                "addresses": each.addresses,
                "hardware_address": each.hardware_address,
                "up": each.up,
                "carrier": each.carrier,
                "loopback": each.loopback,
                "link_type": link_type_name(each.link_type),
                "received": each.received,
                "sent": each.sent,
                "why_not": each.why_not or None,
            }
            for number, each in enumerate(found, 1)
        ],
    )


def table(found: list[Found], language: Language) -> RenderableType:
    """One row an interface."""
    rows = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("number", "name", "state", "addresses", "link", "packets"):
        right = column in ("number", "packets")
        rows.add_column(
            say(f"interfaces.{column}", language), justify="right" if right else "left", no_wrap=column == "addresses"
        )
    for number, each in enumerate(found, 1):
        state = say(f"interfaces.why.{each.why_not}" if each.why_not else "interfaces.usable", language)
        rows.add_row(
            str(number),
            Text(safe(each.name), style="" if each.why_not else "bold"),
            state,
            Text("\n".join(map(safe, each.addresses)) or "-"),
            say("interfaces.loopback", language) if each.loopback else link_type_name(each.link_type),
            f"{each.received + each.sent:,}",
        )
    return rows
