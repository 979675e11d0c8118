"""Streams under the law: the legal case of each, and the copies that must stay at home."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from data.evidence import assumptions
from data.law import legal_cases_of, local_copies
from data.setting import Setting


def streams_under_law(streams: xr.Dataset, setting: Setting) -> xr.Dataset:
    """The fields of demand, with `stream_legal_case` and a replica at home where the law asks for a copy.

    Where a stream has a standby already, its last replica is the copy. A stream without one gets a replica of
    `local_copy_load_fraction` of its load. A duty that begins with more than the first person depends on the
    plan: data.law makes it a choice of the model, at the price of a copy.
    """
    labels = streams[["stream_origin", "stream_workload", "stream_replica"]].to_dataframe()
    pairs = labels.rename(columns={"stream_origin": "origin", "stream_workload": "workload"})
    asked = [*zip(pairs["origin"], pairs["workload"], strict=True)]
    case_of = legal_cases_of(setting, asked)
    cases = pd.Series([case_of[pair] for pair in asked], index=labels.index)
    duties = local_copies(setting, pairs).set_index("legal_case")
    bound = cases.map(duties["needs_home_replica"]).astype(bool)
    last = labels["stream_replica"] == labels.groupby(["stream_origin", "stream_workload"])["stream_replica"].transform(
        "max"
    )
    standby = last & (labels["stream_replica"] > 1)
    at_home = cases.map(duties["home_case"])
    alone = bound & last & ~standby
    legal = cases.where(~(bound & standby), at_home)
    known = streams.assign(stream_legal_case=("stream", legal.to_numpy(dtype=object)))
    if not alone.any():
        return known
    return xr.concat([known, _copies(known, setting, alone, at_home)], "stream", data_vars="minimal")


def _copies(streams: xr.Dataset, setting: Setting, alone: pd.Series[bool], at_home: pd.Series[str]) -> xr.Dataset:
    """A second replica at home for each of the streams marked in `alone`, with a share of its load."""
    chosen = alone.index[alone.to_numpy()]
    fraction = assumptions(setting.scenario.assumptions)["local_copy_load_fraction"]
    copies = streams.sel(stream=chosen)
    names = [f"{name.rpartition('/')[0]}/2" for name in chosen]
    return copies.assign(
        stream_replica=copies["stream_replica"] + 1,
        load=copies["load"] * fraction,
        stream_legal_case=("stream", at_home[chosen].to_numpy(dtype=object)),
    ).assign_coords(stream=np.array(names, dtype=object))
