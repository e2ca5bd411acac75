"""The panel of DNS lookups as of a packet: one line each, the selected one whole, nothing of the future."""

from collections.abc import Callable
from typing import Any

import pytest

from netviz.explain.words import LANGUAGES, Language
from netviz.tui.draw.lookup_lines import lookup_lines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 58, 110])
def test_it_tells_what_had_come(a_scene: Callable[..., Any], language: Language, width: int) -> None:
    seen = {}
    for as_of in (1, 3, 4, 10):
        lines = lookup_lines(a_scene(language, name="udp-dns", as_of=as_of), width, 20)
        assert all(line.text.cell_len <= width for line in lines)
        assert all(line.link is None or line.link.packet <= as_of for line in lines)
        seen[as_of] = " ".join(" ".join(line.text.plain.split()) for line in lines)
    assert "www.shop.example" not in seen[1]
    assert "10.9.0.1:53" in seen[3] and "A 10.9.0.1" not in seen[3]
    assert "A 10.9.0.1" in seen[4] and "NXDOMAIN" not in seen[4]
    assert "NXDOMAIN" in seen[10]
