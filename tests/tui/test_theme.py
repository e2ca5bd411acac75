"""Colours that can be read, layers that can be told apart without them."""

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


@pytest.mark.parametrize("palette", [DARK, LIGHT, CONTRAST, MONO], ids=lambda palette: palette.name)
def test_all_text_can_be_read_on_its_ground(palette):
    inks = [
        *palette.layers.values(),
        palette.text,
        palette.dim,
        palette.good,
        palette.bad,
        palette.warn,
        palette.accent,
    ]
    assert min(contrast(ink, palette.background) for ink in inks) >= (7 if palette in (CONTRAST, MONO) else 4.5)
    assert contrast(palette.text, palette.panel) >= 7
    assert contrast(palette.accent, palette.panel) >= 4


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
