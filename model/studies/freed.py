"""An instance with every requirement lifted that a study can set, so that each can be held again by itself."""

from __future__ import annotations

import numpy as np
import xarray as xr

from model.studies.stress import mean_year

FAR = 1e9  # ms, no way on earth is longer
WAIVED = "waived"


def freed(instance: xr.Dataset) -> xr.Dataset:
    """The instance with any site, hall type, host and plot permitted and nothing forced.

    Limits on carbon, capital, sites, PUE, green energy and water stay as rows: the model holds or lifts them.
    Without a carbon limit one mean hydrological year is enough, for no other limit looks at single years.
    """
    lean = instance if "carbon_limit" in instance else mean_year(instance)
    candidate = lean["site_kind"] == "candidate"
    new = lean["hall_buildable"].astype(bool)
    room = float(lean["load"].sum("stream").max() / lean["hall_utilisation_limit"].min() + 2 * lean["hall_size"].max())
    most = lean["plot_limit"].where(~candidate, lean["plot_limit"] + room)
    return with_open_law(lean).assign(
        site_allowed=lean["site_allowed"].astype(bool) | candidate,
        open_allowed=lean["open_allowed"].astype(bool) | candidate,
        hall_type_allowed=lean["hall_type_allowed"].astype(bool) | (candidate & new),
        open_forced=lean["open_forced"] & False,
        latency_limit=lean["latency_limit"] * 0 + FAR,
        plot_limit=most,
        grid_steps_allowed=lean["grid_steps_allowed"].where(~candidate, _enough_steps(lean, most)),
    )


def _enough_steps(instance: xr.Dataset, plot: xr.DataArray) -> xr.DataArray:
    """More grid steps than a full plot could use, by site and period."""
    peak = instance["peak_overhead"] / instance["hall_size"] + instance["peak_marginal"]
    steps = np.ceil(plot * peak.max(["hall_type", "month"]) / instance["grid_step_size"]) + 1
    known = instance["grid_steps_allowed"]
    most: xr.DataArray = known.where(known > steps, steps.astype(int)).transpose(*known.dims)
    return most


def with_open_law(instance: xr.Dataset, cases: list[str] | None = None) -> xr.Dataset:
    """The instance with the own operator allowed to hold the data of the legal cases (all) anywhere, free of charge."""
    allowed = instance["transfer_allowed"].astype(bool)
    mine = (instance["operator_mode"] == "own") & ~allowed
    if cases is not None:
        mine = mine & instance["legal_case"].isin(cases)
    mine = mine.transpose(*allowed.dims)
    return instance.assign(
        transfer_allowed=allowed | mine,
        transfer_mechanism=instance["transfer_mechanism"].where(~mine, WAIVED),
        transfer_group=instance["transfer_group"].where(~mine, ""),
        transfer_cost=instance["transfer_cost"].where(~mine, 0.0),
    )
