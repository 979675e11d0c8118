"""Errors of the latency model: `python -m tests.benchmarks.latency RAW`, RAW the folder of raw files."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from data.backbone import Mode, Points
from data.evidence import read_table
from data.frame import make_setting
from data.ingest.network import fit_errors
from data.ingest.wondernetwork import read_pairs
from data.network import fitted_parameters, mean_round_trips
from data.scenario import Scenario


def main() -> None:
    """Print the errors on measured pairs (overrides play no part) and on the figures Gui'an publishes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("raw", type=Path)
    folder = parser.parse_args().raw / "network"
    errors = fit_errors(read_pairs(folder), fitted_parameters()).drop(columns=["source", "evidence"])
    print(errors.to_string(index=False))
    print("\nGui'an, one-way ms, published (read as one-way) against the model's mean:")
    print(published_errors().to_string(index=False))


def published_errors() -> pd.DataFrame:
    """Published one-way ms of Gui'an beside the model's in both modes, with relative errors."""
    setting = make_setting(Scenario(name="latency"))
    stated = read_table("latency_published.csv")[["place", "one_way_ms"]]
    here, there = (Points.of(setting.sites.loc[ids]) for ids in (["gui-an"], stated["place"]))
    modes: tuple[Mode, ...] = ("direct_link", "public_internet")
    for mode in modes:
        predicted = mean_round_trips(setting, here, there, mode)[0] / 2
        stated[mode] = predicted.round(1)
        stated[f"{mode}_error"] = (predicted / stated["one_way_ms"] - 1).round(2)
    return stated


if __name__ == "__main__":
    main()
