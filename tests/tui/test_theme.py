"""Colours that can be read, layers that can be told apart without them."""

from itertools import combinations
from math import dist

import pytest
from rich.cells import cell_len

from netviz.model.osi import Osi
from netviz.tui.theme import ASCII, CONTRAST, DARK, LIGHT, MONO, SIXTEEN, UNICODE, palette_named


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


ALL = [DARK, LIGHT, CONTRAST, MONO, SIXTEEN]
BLINDNESS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What is left of linear red, green and blue (Machado, Oliveira and Fernandes 2009, severity 1.0)."""


def seen(colour: str, blindness: str) -> tuple[float, float, float]:
    """A colour as CIE L*a*b* through somebody's eyes."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    left = [min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0), 1) for row in BLINDNESS[blindness]]
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(a * b for a, b in zip(row, left, strict=True)) for row in to_xyz]
    x, y, z = (
        value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116
        for value in (xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("palette", ALL, ids=lambda palette: palette.name)
def test_all_text_can_be_read_on_its_ground(palette):
    plain = [palette.text, palette.dim, palette.good, palette.bad, palette.warn, palette.accent]
    inks = [*palette.layers.values(), *plain]
    least = 7 if palette in (CONTRAST, MONO) else 4.5
    assert min(contrast(ink, palette.background) for ink in inks) >= least
    assert min(contrast(ink, palette.panel) for ink in (palette.text, palette.dim, palette.accent)) >= 4.5
    assert contrast(palette.text, palette.panel) >= 7
    grounds = [palette.on(ink) for ink in inks]
    assert all(contrast(ground.color.triplet.hex, ground.bgcolor.triplet.hex) >= 4.5 for ground in grounds)


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("palette", [DARK, LIGHT, CONTRAST, SIXTEEN], ids=lambda palette: palette.name)
def test_layers_are_told_apart_by_people_who_see_fewer_colours(palette, blindness):
    layers = [palette.layer(osi) for osi in (2, 3, 4, 6, 7)]
    apart = {(one, other): dist(seen(one, blindness), seen(other, blindness)) for one, other in combinations(layers, 2)}
    assert min(apart.values()) >= 10, min(apart, key=apart.__getitem__)
    assert dist(seen(palette.good, blindness), seen(palette.bad, blindness)) >= 25


@pytest.mark.parametrize("palette", [DARK, LIGHT, CONTRAST, SIXTEEN], ids=lambda palette: palette.name)
def test_layers_with_bytes_have_colours_of_their_own(palette):
    colours = [
        palette.layer(osi) for osi in (Osi.DATA_LINK, Osi.NETWORK, Osi.TRANSPORT, Osi.PRESENTATION, Osi.APPLICATION)
    ]
    assert len(set(colours)) == 5


def test_ascii_signs_are_ascii_and_all_signs_take_the_cells_they_seem_to():
    ascii_signs = [
        *ASCII.frames.values(),
        *(getattr(ASCII, name) for name in ASCII.__slots__ if name not in ("frames", "name")),
    ]
    assert all(sign.isascii() for sign in ascii_signs)
    assert {cell_len(UNICODE.frame(osi)) for osi in Osi} == {cell_len(ASCII.frame(osi)) for osi in Osi} == {6}


def test_palettes_are_found_by_the_names_users_type():
    assert palette_named("light") is LIGHT
    assert palette_named("no such") is None
    assert palette_named(None) is None


@pytest.mark.parametrize("keys", [("1",), ("2", "n"), ("3",), ("4",), ("5",)], ids=lambda keys: keys[0])
async def test_black_and_white_says_all_that_colours_say(opened, type_keys, keys):
    async with opened(theme="dark") as (_, pilot):
        coloured = await type_keys(pilot, *keys)
    async with opened(theme="mono") as (_, pilot):
        assert await type_keys(pilot, *keys) == coloured
