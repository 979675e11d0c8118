"""The figures an executive asks for, and a plan's risks with a verdict each: plain arithmetic on a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from model.bill_evidence import bill_by_evidence
from model.report import ENERGY_ACCOUNTS, by_period, transfers
from model.runs import Run

G_PER_T_PER_MWH = 1000.0  # t/MWh is as many thousand g/kWh
KW_MONTHS = 12_000.0  # kW-months in a MW-year
GOOD, WATCH, WEAK = "good", "watch", "weak"


@dataclass(frozen=True)
class KeyFigures:
    """One plan in figures; money in CNY of present value unless said otherwise.

    saving_possible: what a better plan could save at most. capital: cash by period, not discounted.
    kw_month: whole bill per kW of IT load and month. pue, water (m3/MWh of IT) and carbon (g/kWh of IT) are
    those of the last period. worst_year: the dearest hydrological year and what the plan costs if every year
    were like it; None where there is one year only.
    """

    cost: float
    saving_possible: float | None
    capital: dict[int, float]
    kw_month: float
    it_mw: float
    pue: float
    carbon_g_per_kwh: float
    water_m3_per_mwh: float
    worst_year: int | None
    worst_year_cost: float | None

    @property
    def peak_capital(self) -> float:
        """The most cash a period asks for, CNY."""
        return max(self.capital.values(), default=0.0)


@dataclass(frozen=True)
class Risk:
    """One thing that may go wrong: a name with words `risk.<name>`, its verdict, its size."""

    name: str
    verdict: str
    share: float
    amount: float | None = None
    what: str = ""


def key_figures(run: Run) -> KeyFigures:
    """The figures of a run."""
    instance, solution = run.instance, run.solution
    cost, bound = float(solution.attrs["objective_cny"]), float(solution.attrs["bound_cny"])
    last = by_period(instance, solution).iloc[-1]
    kw_months = float((solution["it_load"].sum("site") * instance["year_weight"]).sum()) * KW_MONTHS
    yearly = yearly_energy_cost(instance, solution)
    chance = instance["hydro_year_probability"].to_series()
    worst = int(str(yearly.idxmax())) if len(yearly) > 1 else None
    mean = float(np.dot(yearly.to_numpy(), chance.to_numpy()))
    return KeyFigures(
        cost=cost,
        saving_possible=cost - bound if np.isfinite(bound) else None,
        capital=capital_by_period(instance, solution),
        kw_month=cost / kw_months if kw_months else float("nan"),
        it_mw=float(last["it_mw"]),
        pue=float(last["pue"]),
        carbon_g_per_kwh=G_PER_T_PER_MWH * float(last["carbon_t"]) / float(last["it_mwh"]),
        water_m3_per_mwh=float(last["water_m3"]) / float(last["it_mwh"]),
        worst_year=worst,
        worst_year_cost=None if worst is None else cost + float(yearly[worst]) - mean,
    )


def risks(run: Run, figures: KeyFigures) -> list[Risk]:
    """What could turn against the plan, worst verdict first."""
    solution = run.solution
    bill = figures.cost or 1.0
    found = [
        _drought(figures),
        _energy(solution, bill),
        _concentration(run.instance, solution),
        _evidence(run),
        _abroad(run.instance, solution),
        _gap(figures, bill),
    ]
    order = (WEAK, WATCH, GOOD)
    return sorted((risk for risk in found if risk is not None), key=lambda risk: order.index(risk.verdict))


def yearly_energy_cost(instance: xr.Dataset, solution: xr.Dataset) -> pd.Series[float]:
    """Present cost of grid and backup energy and their carbon if every year were like one, by hydro year."""
    axes = {"i": "site", "h": "hall_type", "w": "workload", "s": "slice", "e": "energy_source", "t": "period"}

    def of(data: xr.Dataset, name: str, letters: str) -> np.ndarray[Any, Any]:
        return data[name].transpose(*(axes[letter] for letter in letters)).to_numpy()

    halls, hosted, contract = (
        of(solution, name, letters) for name, letters in (("halls", "iht"), ("hosted", "iwht"), ("contract", "iet"))
    )
    work = np.einsum("iws,iwht->ihst", of(instance, "it_profile", "iws"), hosted)
    load = np.einsum("ihs,iht->ist", of(instance, "overhead_power", "ihs"), halls)
    load += np.einsum("ihs,ihst->ist", of(instance, "marginal_power", "ihs"), work)
    hours, carbon_price = instance["slice_hours"].to_numpy()[:, None], of(instance, "carbon_price", "t")
    own = of(instance, "backup_price", "i")[:, None] + of(instance, "backup_carbon", "i")[:, None] * carbon_price
    costs = {}
    for year in instance["hydro_year"].values:
        here = instance[["contract_delivery", "rationed_share", "grid_price", "grid_carbon"]].sel(hydro_year=year)
        supplied = np.einsum("iet,ies->ist", contract, of(here, "contract_delivery", "ies"))
        missing = np.maximum(0.0, load - supplied) * hours
        backup = missing * of(here, "rationed_share", "is")[:, :, None]
        per_mwh = of(here, "grid_price", "ist") + (of(here, "grid_carbon", "it") * carbon_price)[:, None]
        yearly = ((missing - backup) * per_mwh + backup * own[:, None]).sum(axis=(0, 1))
        costs[int(year)] = float(yearly @ of(instance, "year_weight", "t"))
    return pd.Series(costs, dtype=float)


def capital_by_period(instance: xr.Dataset, solution: xr.Dataset) -> dict[int, float]:
    """Cash for land, fibre, halls and grid steps by period, CNY, not discounted."""
    candidate = instance["site_kind"] == "candidate"
    opened = _new(solution["is_open"].where(candidate, 0)) * (instance["land_capital"] + instance["fibre_capital"])
    halls = (_new(solution["built_halls"]) * instance["hall_capital"]).sum("hall_type")
    grid = _new(solution["grid_steps"]) * instance["grid_step_capital"]
    cash = (opened + halls + grid).sum("site").to_series()
    return dict(zip(cash.index.astype(int), cash.to_numpy(float).tolist(), strict=True))


def _new(standing: xr.DataArray) -> xr.DataArray:
    """What is added in each period to what stands."""
    return standing - standing.shift(period=1, fill_value=0)


def _drought(figures: KeyFigures) -> Risk | None:
    if figures.worst_year is None or figures.worst_year_cost is None:
        return None
    more = figures.worst_year_cost - figures.cost
    share = more / figures.cost
    verdict = GOOD if share < 0.01 else WATCH if share < 0.04 else WEAK
    return Risk("drought", verdict, share, more, str(figures.worst_year))


def _energy(solution: xr.Dataset, bill: float) -> Risk:
    known = [name for name in ENERGY_ACCOUNTS if name in solution["account"].values]
    share = float(solution["account_cost"].sel(account=known).sum()) / bill
    verdict = GOOD if share < 0.25 else WATCH if share < 0.5 else WEAK
    return Risk("energy", verdict, share, 0.1 * share * bill)


def _concentration(instance: xr.Dataset, solution: xr.Dataset) -> Risk | None:
    load = solution["it_load"].isel(period=-1).to_series()
    if load.sum() <= 0:
        return None
    share = float(load.max() / load.sum())
    verdict = GOOD if share < 0.25 else WATCH if share < 0.5 else WEAK
    return Risk("concentration", verdict, share, None, str(load.idxmax()))


def _evidence(run: Run) -> Risk | None:
    if run.evidence is None:
        return None
    amounts = bill_by_evidence(run.solution, run.evidence)
    share = float(amounts.reindex(["estimated", "unknown"]).sum() / amounts.sum())
    verdict = GOOD if share < 0.3 else WATCH if share < 0.6 else WEAK
    return Risk("evidence", verdict, share)


def _abroad(instance: xr.Dataset, solution: xr.Dataset) -> Risk:
    table = transfers(instance, solution)
    total = float(table["mw"].sum())
    away = float(table.loc[table["mechanism"] != "domestic", "mw"].sum())
    share = away / total if total else 0.0
    return Risk("law", GOOD if share < 0.01 else WATCH, share, away)


def _gap(figures: KeyFigures, bill: float) -> Risk | None:
    if figures.saving_possible is None:
        return None
    share = figures.saving_possible / bill
    return Risk("gap", GOOD if share <= 0.01 else WATCH if share < 0.05 else WEAK, share, figures.saving_possible)
