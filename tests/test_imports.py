"""The order of imports, held to mechanically: who may know whom, and what may not be loaded at all."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "netviz"

RANKS = {
    "errors": 0,
    "model": 1,
    "wire": 2,
    "capture": 2,
    "dissect": 2,
    "tcp": 3,
    "http": 3,
    "cors": 4,
    "pipeline": 5,
    "explain": 6,
    "filter": 6,
    "lessons": 6,
    "report": 7,
    "tui": 7,
    "lab": 7,
    "cli": 8,
}
"""A package may import what has a lower rank; of its own rank only itself."""

HOMES = {"scapy": {"capture", "dissect"}, "textual": {"tui"}}
"""Frameworks and the only packages that may name them."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
    return found


def package_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    own = package_of(path)
    if own in ("__init__", "__main__"):
        return
    for name in imported(path):
        parts = name.split(".")
        if parts[0] != "netviz" or len(parts) == 1:
            continue
        other = parts[1]
        if other == own:
            continue
        assert RANKS[other] < RANKS[own], f"{own} must not import {other}"


def named_in(path: Path) -> set[str]:
    """What a file imports, anywhere in it: `from package import module` names a module as well."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_no_files_import_each_other_in_a_circle() -> None:
    names = {path: ".".join(("netviz", *path.relative_to(PACKAGE).with_suffix("").parts)) for path in modules()}
    known = set(names.values())
    graph = {name: named_in(path) & known for path, name in names.items()}
    # A circle raises CycleError, which names the files.
    assert set(TopologicalSorter(graph).static_order()) == known


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_frameworks_stay_at_home(path: Path) -> None:
    for name in imported(path):
        top = name.split(".")[0]
        assert package_of(path) in HOMES.get(top, {package_of(path)}), f"{path} imports {top}"


def loaded_after(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "module",
    ["model.packets", "wire.decode", "tcp.tracker", "http.framing", "cors.decision.judge", "pipeline.analyzer",
     "explain.words", "capture.opening", "dissect.packet", "report.summary", "filter.rows"],
)  # fmt: skip
def test_the_core_loads_no_framework(module: str) -> None:
    assert not {"scapy", "textual"} & loaded_after(f"import netviz.{module}")


def test_help_loads_nothing_heavy() -> None:
    statement = "from netviz.cli.main import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"
    assert not {"scapy", "textual", "numpy", "rich"} & loaded_after(statement)


def test_summary_loads_no_screen(tmp_path: Path) -> None:
    capture = tmp_path / "empty.pcap"
    capture.write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
    statement = f"from netviz.cli.main import main\nassert main(['summary', {str(capture)!r}]) == 0"
    assert not {"scapy", "textual"} & loaded_after(statement)
