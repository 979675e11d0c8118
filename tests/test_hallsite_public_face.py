"""`import hallsite` gives scripts everything and costs next to nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import hallsite
from tests.commands import environment


@pytest.mark.parametrize("name", hallsite.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(hallsite, name).__doc__


def test_importing_hallsite_imports_nothing_heavy() -> None:
    heavy = "{'pandas', 'xarray', 'pyomo', 'highspy', 'dash'}"
    script = f"import sys, hallsite; print(sorted({heavy} & set(sys.modules)))"
    told = subprocess.run(
        [sys.executable, "-c", script], env=environment(), capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'solv'"):
        hallsite.solv  # noqa: B018 - looking it up is the test
