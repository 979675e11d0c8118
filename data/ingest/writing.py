"""Writes derived tables byte for byte the same on every machine."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write without index, as UTF-8 and with '\\n' line ends."""
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
