"""Checks a plan in plain array arithmetic, from the instance and the solution alone, without the model."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from data.admissible import admissible

Array = np.ndarray[Any, Any]
TOLERANCE = 1e-6


def audit(instance: xr.Dataset, solution: xr.Dataset, tolerance: float = TOLERANCE) -> list[str]:
    """What the plan breaks, a sentence each; empty when it keeps everything. Tolerance is relative to each limit."""
    return [
        *_whole_and_lasting(instance, solution),
        *_served(instance, solution, tolerance),
        *_held(instance, solution, tolerance),
        *_connected(instance, solution, tolerance),
        *_lawful(instance, solution, tolerance),
        *_limits(instance, solution, tolerance),
        *_accounts(instance, solution, tolerance),
    ]


def _np(ds: xr.Dataset, name: str, *dims: str) -> Array:
    return ds[name].transpose(*dims).to_numpy()


def _places(ds: xr.Dataset, flags: Array, *dims: str) -> str:
    first = np.argwhere(flags)[0]
    named = ", ".join(str(ds[dim].to_numpy()[i]) for dim, i in zip(dims, first, strict=True))
    more = int(flags.sum()) - 1
    return named + (f" and {more} more" if more else "")


def _whole_and_lasting(instance: xr.Dataset, solution: xr.Dataset) -> list[str]:
    """Halls are whole, stand where they may, stay, and fit the plot; existing ones never come back."""
    faults = []
    built, kept = (_np(solution, n, "site", "hall_type", "period") for n in ("built_halls", "kept_halls"))
    is_open, steps = _np(solution, "is_open", "site", "period"), _np(solution, "grid_steps", "site", "period")
    for name, array in (("built_halls", built), ("kept_halls", kept), ("is_open", is_open), ("grid_steps", steps)):
        if not np.issubdtype(array.dtype, np.integer) or (array < 0).any():
            faults.append(f"{name} is not whole and non-negative")
    existing = _np(instance, "existing_halls", "site", "hall_type", "period")
    had: Array = np.any(existing > 0, axis=(1, 2))
    size = _np(instance, "hall_size", "hall_type")
    permitted = (
        _np(instance, "hall_type_allowed", "site", "hall_type")
        & _np(instance, "hall_buildable", "hall_type")[None]
        & _np(instance, "site_allowed", "site")[:, None]
    ).astype(bool)
    can_open = _np(instance, "open_allowed", "site", "period").astype(bool)
    checks = [
        (
            "halls stand where their type is not permitted or the site cannot be open",
            (built > 0) & ~(permitted[:, :, None] & can_open[:, None]),
        ),
        ("new halls disappear", np.diff(built, axis=2, prepend=0) < 0),
        ("existing halls come back after retirement", np.diff(kept, axis=2) > 0),
        ("more existing halls are kept than stand", kept > existing),
        ("halls stand at a site that is not open", (built > 0) & (is_open == 0)[:, None, :]),
    ]
    faults += [
        f"{text}: {_places(instance, flags, 'site', 'hall_type', 'period')}" for text, flags in checks if flags.any()
    ]
    pairs = [
        ("a site closes again", np.diff(is_open, axis=1, prepend=0) < 0),
        ("a site is open where it cannot be", (is_open > 0) & ~can_open & ~had[:, None]),
        (
            "a site that must be open is not",
            _np(instance, "open_forced", "site", "period").astype(bool) & (is_open == 0),
        ),
        (
            "halls exceed the plot",
            (built * size[None, :, None]).sum(axis=1) > _np(instance, "plot_limit", "site")[:, None] * (1 + TOLERANCE),
        ),
        ("grid steps disappear", np.diff(steps, axis=1, prepend=0) < 0),
        ("more grid steps stand than can", steps > _np(instance, "grid_steps_allowed", "site", "period")),
    ]
    faults += [f"{text}: {_places(instance, flags, 'site', 'period')}" for text, flags in pairs if flags.any()]
    return faults


def _shares(instance: xr.Dataset, solution: xr.Dataset) -> Array:
    """Shares as stream × site × operator_mode × period."""
    shape = tuple(instance.sizes[d] for d in ("stream", "site", "operator_mode", "period"))
    dense = np.zeros(shape)
    at = tuple(solution[f"assignment_{n}"].to_numpy() for n in ("stream", "site", "mode", "period"))
    np.add.at(dense, at, solution["assignment_share"].to_numpy())
    return dense


def _served(instance: xr.Dataset, solution: xr.Dataset, tolerance: float) -> list[str]:
    """Every stream is served once, from where it may, replicas in different zones."""
    faults = []
    share = _shares(instance, solution)
    permitted = _np(admissible(instance).to_dataset(name="a"), "a", "stream", "site", "operator_mode", "period")
    wrong = (share > tolerance) & ~permitted
    if wrong.any():
        places = _places(instance, wrong, "stream", "site", "operator_mode", "period")
        faults.append(f"streams are served from where law, latency or ground forbid: {places}")
    if (share < -tolerance).any():
        faults.append("a share is negative")
    off = np.abs(share.sum(axis=(1, 2)) - 1) > tolerance
    if off.any():
        faults.append(f"streams are not served in full: {_places(instance, off, 'stream', 'period')}")
    closed = (share.sum(axis=2) > tolerance) & (_np(solution, "is_open", "site", "period") == 0)[None]
    if closed.any():
        faults.append(f"streams are served from a closed site: {_places(instance, closed, 'stream', 'site', 'period')}")
    group = instance["stream_origin"].to_numpy().astype(str) + "/" + instance["stream_workload"].to_numpy().astype(str)
    zones = instance["site_zone"].to_numpy().astype(str)
    by_zone = np.stack([share[:, zones == zone].sum(axis=(1, 2)) for zone in np.unique(zones)], axis=1)
    for name in np.unique(group):
        if (members := group == name).sum() > 1 and (by_zone[members].sum(axis=0) > 1 + tolerance).any():
            faults.append(f"replicas of {name} share a zone")
    return faults


def _held(instance: xr.Dataset, solution: xr.Dataset, tolerance: float) -> list[str]:
    """Hosted load is what is served, in hall types that can host it, within the halls standing."""
    faults = []
    hosted = _np(solution, "hosted", "site", "workload", "hall_type", "period")
    load = _np(instance, "load", "stream", "period")
    work = instance["stream_workload"].to_numpy()
    by_stream = _shares(instance, solution).sum(axis=2) * load[:, None, :]
    served = np.stack([by_stream[work == w].sum(axis=0) for w in instance["workload"].to_numpy()], axis=1)
    room = tolerance * max(1.0, float(load.max()))
    off = np.abs(hosted.sum(axis=2) - served) > room
    if off.any():
        faults.append(f"hosted load is not the load served: {_places(instance, off, 'site', 'workload', 'period')}")
    can = _np(instance, "can_host", "workload", "hall_type").astype(bool)
    if ((hosted > room) & ~can[None, :, :, None]).any():
        faults.append("a workload is in a hall type that cannot host it")
    capacity = (
        _np(solution, "halls", "site", "hall_type", "period")
        * (instance["hall_size"] * instance["hall_utilisation_limit"]).to_numpy()[None, :, None]
    )
    over = hosted.sum(axis=1) > capacity * (1 + tolerance) + room
    if over.any():
        faults.append(f"load exceeds the halls: {_places(instance, over, 'site', 'hall_type', 'period')}")
    total = _np(solution, "built_halls", "site", "hall_type", "period") + _np(
        solution, "kept_halls", "site", "hall_type", "period"
    )
    if (total != _np(solution, "halls", "site", "hall_type", "period")).any():
        faults.append("halls are not the sum of new and kept halls")
    return faults


def _connected(instance: xr.Dataset, solution: xr.Dataset, tolerance: float) -> list[str]:
    """Every month's design peak is within the grid connection; contracts are within what is offered."""
    faults = []
    halls, hosted = solution["halls"], solution["hosted"].sum("workload")
    peak = (instance["peak_overhead"] * halls + instance["peak_marginal"] * hosted).sum("hall_type").max("month")
    connection = instance["grid_existing"] + instance["grid_step_size"] * solution["grid_steps"]
    over = (peak > connection * (1 + tolerance) + tolerance).transpose("site", "period").to_numpy()
    if over.any():
        faults.append(f"the design peak exceeds the grid connection: {_places(instance, over, 'site', 'period')}")
    contract = _np(solution, "contract", "site", "energy_source", "period")
    limit = _np(instance, "contract_limit", "site", "energy_source", "period")
    if ((contract > limit * (1 + tolerance) + tolerance) | (contract < 0)).any():
        faults.append("a contract exceeds what is offered")
    return faults


def _lawful(instance: xr.Dataset, solution: xr.Dataset, tolerance: float) -> list[str]:
    """Transfer tiers recomputed from whole persons; ring-fenced hosts have their operator."""
    faults = []
    share = _shares(instance, solution)
    modes = list(instance["operator_mode"].to_numpy())
    if "ring_fenced" in modes:
        used = share[:, :, modes.index("ring_fenced")].max(axis=0) > tolerance
        fence = solution["ring_fence"].to_dataframe()["ring_fence"]
        for i, t in np.argwhere(used):
            place, period = str(instance["site_jurisdiction"].to_numpy()[i]), instance["period"].to_numpy()[t]
            if not fence[(place, period)]:
                faults.append(
                    f"{instance['site'].to_numpy()[i]} is run ring-fenced without a local operator in {place}, {period}"
                )
    for (group, period), persons in exported_persons(instance, solution).items():
        exporter = str(instance["export_group_exporter"].sel(export_group=group).item())
        tier = solution["tier"].sel(exporter=exporter, period=period).to_numpy()
        limit = float((instance["export_tier_people"].sel(export_group=group, period=period).to_numpy() * tier).sum())
        if persons > limit:
            faults.append(
                f"{exporter} exports {persons:,} persons ({group}, {period}) but its tier permits {limit:,.0f}"
            )
    return faults


def exported_persons(instance: xr.Dataset, solution: xr.Dataset) -> dict[tuple[str, int], int]:
    """Whole distinct persons exported by export group and period: per origin the largest of its streams."""
    case = {c: n for n, c in enumerate(instance["legal_case"].to_numpy())}
    place = {j: n for n, j in enumerate(instance["jurisdiction"].to_numpy())}
    groups = _np(instance, "transfer_group", "legal_case", "jurisdiction", "operator_mode", "period")
    people = _np(instance, "people", "stream", "period")
    origin, cases = instance["stream_origin"].to_numpy(), instance["stream_legal_case"].to_numpy()
    hosts = [place[j] for j in instance["site_jurisdiction"].to_numpy()]
    by_stream: dict[tuple[int, str, int], float] = {}
    columns = (solution[f"assignment_{n}"].to_numpy() for n in ("stream", "site", "mode", "period", "share"))
    for d, i, mode, t, share in zip(*columns, strict=True):
        if group := groups[case[cases[d]], hosts[i], mode, t]:
            key = (int(d), str(group), int(t))
            by_stream[key] = by_stream.get(key, 0.0) + float(share)
    largest: dict[tuple[str, str, int], int] = {}
    for (d, group, t), share in by_stream.items():
        persons = round(float(people[d, t]) * share)
        of_origin = (str(origin[d]), group, t)
        largest[of_origin] = max(largest.get(of_origin, 0), persons)
    total: dict[tuple[str, int], int] = {}
    periods = instance["period"].to_numpy()
    for (_, group, t), persons in largest.items():
        total[(group, int(periods[t]))] = total.get((group, int(periods[t])), 0) + persons
    return total


def _limits(instance: xr.Dataset, solution: xr.Dataset, tolerance: float) -> list[str]:
    """Permits, budgets, ceilings and shares that the scenario sets."""
    faults = []

    def exceeds(name: str, value: xr.DataArray, text: str) -> None:
        if name in instance and bool((value > instance[name] * (1 + tolerance) + tolerance).any()):
            faults.append(text)

    exceeds("water_permit", solution["water"], "water exceeds a permit")
    exceeds("carbon_limit", solution["carbon"].sum("site"), "emissions exceed the carbon budget")
    exceeds(
        "site_limit",
        solution["is_open"].where(instance["site_kind"] == "candidate", 0).sum("site"),
        "too many sites are open",
    )
    exceeds("capital_limit", cash_capital(instance, solution), "cash capital exceeds the budget")
    if "green_share" in instance:
        green = (solution["contract"] * _expected_delivery(instance)).sum("energy_source") + solution["certificates"]
        need = instance["green_share"].fillna(0) * solution["facility_energy"]
        if bool((green < need * (1 - tolerance) - 1.0).any()):
            faults.append("a site's green share is not reached")
    return faults


def _expected_delivery(instance: xr.Dataset) -> xr.DataArray:
    hours = instance["slice_hours"] * instance["hydro_year_probability"]
    return (instance["contract_delivery"] * hours).sum(("slice", "hydro_year"))


def cash_capital(instance: xr.Dataset, solution: xr.Dataset) -> xr.DataArray:
    """Cash capital by period, CNY: what is newly bought, undiscounted."""

    def new(standing: xr.DataArray) -> xr.DataArray:
        return standing - standing.shift(period=1, fill_value=0)

    had = (instance["existing_halls"] > 0).any(("hall_type", "period"))
    opened = new(solution["is_open"].where(~had, 0))
    return (
        ((instance["land_capital"] + instance["fibre_capital"]) * opened).sum("site")
        + (instance["hall_capital"] * new(solution["built_halls"])).sum(("site", "hall_type"))
        + (instance["grid_step_capital"] * new(solution["grid_steps"])).sum("site")
    )


def _accounts(instance: xr.Dataset, solution: xr.Dataset, tolerance: float) -> list[str]:
    """Accounts add up to the objective, the bound is not above it, the big accounts follow from the instance."""
    faults = []
    total, objective = float(solution["account_cost"].sum()), float(solution.attrs["objective_cny"])
    if abs(total - objective) > tolerance * abs(objective):
        faults.append(f"the accounts add up to {total:.0f} CNY, not to the objective {objective:.0f}")
    if solution.attrs["bound_cny"] > objective * (1 + tolerance):
        faults.append("the bound is above the objective")
    by_account = solution["account_cost"].sum("account_site").sel(account=["halls", "energy_grid"])
    for name, value in (("halls", _hall_cost(instance, solution)), ("energy_grid", _grid_cost(instance, solution))):
        if abs(float(by_account.sel(account=name).sum()) - value) > tolerance * max(1.0, abs(value)):
            faults.append(f"the account {name} is not what its halls and energy cost ({value:.0f} CNY)")
    return faults


def _hall_cost(instance: xr.Dataset, solution: xr.Dataset) -> float:
    rate, life = float(instance["discount_rate"]), instance["hall_life"]
    annuity = rate / (1 - (1 + rate) ** -life) if rate > 0 else 1 / life
    years = instance["year_weight"]
    until_horizon = years.isel(period=slice(None, None, -1)).cumsum("period").isel(period=slice(None, None, -1))
    new = solution["built_halls"] - solution["built_halls"].shift(period=1, fill_value=0)
    return float((instance["hall_capital"] * annuity * until_horizon * new).sum())


def _grid_cost(instance: xr.Dataset, solution: xr.Dataset) -> float:
    load = (instance["overhead_power"] * solution["halls"]).sum("hall_type")
    load = load + (instance["marginal_power"] * (instance["it_profile"] * solution["hosted"]).sum("workload")).sum(
        "hall_type"
    )
    contracted = (instance["contract_delivery"] * solution["contract"]).sum("energy_source")
    grid = (load - contracted).clip(min=0) * (1 - instance["rationed_share"])
    weight = instance["slice_hours"] * instance["hydro_year_probability"] * instance["year_weight"]
    return float((grid * instance["grid_price"] * weight).sum())
