"""The documentation is true: its links, commands, keys, studies, names and examples."""

from __future__ import annotations

import builtins
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import xarray as xr

import hallsite
from data.fields import INSTANCE, SETS
from data.scenario.reading import read_scenario
from hallsite.cli import app
from model.accounts import ACCOUNTS
from model.batch.design import members_of
from model.batch.outcome import DECISIONS, NUMBERS, YEARLY
from model.batch.reading import read_study, read_words
from tests.commands import REPOSITORY, environment

DOCS = REPOSITORY / "docs"
PAGES = sorted(DOCS.glob("*.md"))
EXAMPLES = sorted((DOCS / "examples").glob("*.py"))
WORDS_OF_PROSE = {"hydro_year", "hall_type", "to_pyomo", "dear_hydro"}


def blocks(page: Path, language: str) -> Iterator[str]:
    """The fenced blocks of a page in one language."""
    yield from re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M)


def commands() -> list[str]:
    """Every `hallsite …` line of a shell block."""
    lines = (line for page in PAGES for block in blocks(page, "sh") for line in block.splitlines())
    return [line.split(" #")[0].strip() for line in lines if line.startswith("hallsite ")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    assert [page.name for page in (*PAGES, *EXAMPLES) if page.name not in index] == ["index.md"]


@pytest.mark.parametrize("line", commands())
def test_every_command_parses_and_sets_keys_that_exist(line: str) -> None:
    command: Any = typer.main.get_command(app)
    words = shlex.split(line)[1:]
    while hasattr(command, "commands") and not (command.name == "catalogue" and not words):
        name = words.pop(0) if words[0] in command.commands else "run"
        command = command.commands[name]
    parsed = command.make_context(command.name, words).params
    read_words(parsed.get("values") or parsed.get("overrides") or [], "random")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_studies_in_the_text_can_be_read(page: Path, tmp_path: Path) -> None:
    for block in blocks(page, "yaml"):
        file = tmp_path / "study.yaml"
        file.write_text(block, encoding="utf-8")
        if block.startswith("sweep:"):
            assert len(members_of(read_study(file).design)) > 1
        else:
            read_scenario(file)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_in_the_text_compiles_and_uses_public_names(page: Path) -> None:
    for block in blocks(page, "python"):
        compile(block, page.name, "exec")
        for name in re.findall(r"hallsite\.(\w+)", block):
            assert name in hallsite.__all__


def test_the_script_of_the_recipes_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = blocks(DOCS / "how-to.md", "python")
    names: dict[str, Any] = {}
    exec(block.replace("solve(instance)", "solve(instance, hallsite.SolveOptions(gap=0.05, threads=1))"), names)
    assert names["solution"]["halls"].sum() > 0


def test_the_formulation_speaks_of_rows_variables_and_fields_that_exist() -> None:
    sources = "\n".join(path.read_text() for path in (REPOSITORY / "model").rglob("*.py"))
    rows = set(re.findall(r'rows\(\s*f?"(?:\{name\}_)?(\w+)"', sources))
    variables = set(re.findall(r'variables\(\s*"(\w+)"', sources)) | {"share"}
    known = rows | variables | set(INSTANCE) | set(SETS) | set(ACCOUNTS) | WORDS_OF_PROSE
    known |= {f"contract_saving_{row}" for row in rows}
    text = (DOCS / "formulation.md").read_text(encoding="utf-8")
    told = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", text))
    assert told - known == set()
    unsaid = rows - told - {"is_displaced"}
    assert unsaid == set(), "every row of the model is named in the formulation"
    assert [account for account in ACCOUNTS if account not in text] == []


def test_the_reference_names_every_public_function_and_every_figure(plan: xr.Dataset) -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    unsaid = [
        name for name in hallsite.__all__ if name not in text and name not in ("Event", "Fault", "Run", "SweepEvent")
    ]
    assert unsaid == []
    reference = (DOCS / "reference.md").read_text(encoding="utf-8")
    assert [name for name in (*NUMBERS, *YEARLY) if name not in reference] == []
    named = set(re.findall(r"`(\w+)`", reference))
    assert set(DECISIONS) & set(map(str, plan.data_vars)) <= named | {"policy_uptake", "ring_fence"}


def test_the_parity_table_has_every_verb_and_only_public_names() -> None:
    table = [
        line.split(" | ", 1)
        for line in (DOCS / "reference.md").read_text(encoding="utf-8").splitlines()
        if line.startswith(("| `hallsite ", "| … ", "| Ctrl-C"))
    ]
    told = " ".join(left for left, _ in table) + " dashboard, catalogue rebuild: no counterpart"
    assert [verb for verb in verbs(typer.main.get_command(app)) if verb not in told] == []
    called = {name for _, right in table for name in re.findall(r"(?<![\w.])(\w+)\(", right)}
    assert called - set(hallsite.__all__) - set(dir(builtins)) == set()


def verbs(command: Any, before: str = "") -> Iterator[str]:
    """Every verb of the command line, such as `law explain`."""
    for name, inner in getattr(command, "commands", {}).items():
        yield from verbs(inner, f"{before}{name} ") if hasattr(inner, "commands") else [before + name]


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda script: script.stem)
def test_the_examples_run(script: Path, tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-P", "-W", "error::DeprecationWarning", str(script)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert EXPECTED[script.stem] in told.stdout


EXPECTED = {
    "price_sweep": "optimal_within_gap",
    "own_constraint": "with the rule",
    "own_weather_and_sites": "own-cool-hill",
}
