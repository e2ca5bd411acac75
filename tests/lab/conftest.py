"""What tests of the lab share: whether this process may make network namespaces."""

import os

import pytest

from netviz.lab.namespaces import PREFIX, run
from netviz.lab.requirements import CannotRecord, missing_programs


@pytest.fixture(scope="session")
def may_make_namespaces() -> None:
    """Skips a test where no network namespace can be made, and says why."""
    if os.geteuid() != 0:
        pytest.skip("needs root to make network namespaces")
    missing = missing_programs(())
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    name = f"{PREFIX}{os.getpid()}-probe"
    try:
        run("ip", "netns", "add", name)
    except CannotRecord as error:
        pytest.skip(f"no network namespaces here: {error}")
    run("ip", "netns", "delete", name)
