"""What a bill rests on: figures observed, published, derived, estimated, or the user's own."""

from __future__ import annotations

import pandas as pd
import xarray as xr

# The figures an account is made of; the account is as well founded as the weakest of them.
FIGURES_OF: dict[str, tuple[str, ...]] = {
    "land": ("land_capital",),
    "fibre": ("fibre_capital",),
    "site_operation": ("site_opex",),
    "halls": ("hall_capital",),
    "hall_operation": ("hall_opex",),
    "grid_connection": ("grid_step_capital",),
    "energy_grid": ("grid_price", "marginal_power"),
    "energy_contracts": ("contract_price",),
    "backup": ("backup_price",),
    "demand_charge": ("demand_charge",),
    "certificates": ("certificate_price",),
    "policy_discount": ("policy_discount",),
    "network": ("network_cost", "traffic"),
    "latency": ("latency_value",),
    "water": ("water_price", "water_use"),
    "carbon": ("carbon_price", "grid_carbon"),
    "compliance": ("transfer_cost", "export_tier_cost", "ring_fence_cost"),
}
# Where the evidence tells the parts of a price, such an account can be split instead of taking the weakest.
PARTS_OF = {
    "halls": "hall_capital_part",
    "energy_grid": "grid_price_part",
    "energy_contracts": "contract_price_part",
}
WEAKEST_FIRST = ("unknown", "estimated", "derived", "published", "observed", "user")


def bill_by_evidence(solution: xr.Dataset, evidence: pd.DataFrame) -> pd.Series[float]:
    """Present value of all accounts by evidence class, CNY, weakest first; savings count as spending.

    `evidence` has columns site, field and evidence, with site `*` for what holds everywhere.
    """
    known = _weakest_by_site_and_field(evidence)
    amounts = solution["account_cost"].sum("period").transpose("account", "account_site")
    totals = dict.fromkeys(WEAKEST_FIRST, 0.0)
    for account, row in zip(amounts["account"].values, amounts.values, strict=True):
        for site, amount in zip(amounts["account_site"].values, row, strict=True):
            if amount:
                totals[_class_of(str(account), str(site), known)] += abs(float(amount))
    return pd.Series({name: amount for name, amount in totals.items() if amount > 0}, dtype=float)


def bill_by_parts(solution: xr.Dataset, evidence: pd.DataFrame) -> pd.Series[float]:
    """The same with the prices of halls, grid energy and contracts split into the parts the evidence tells.

    A part that takes off counts by its size, like one that adds. An account without parts rests on its weakest
    figure. Empty where the evidence tells no parts.
    """
    told = evidence.loc[evidence["field"].isin(PARTS_OF.values())]
    if told.empty:
        return pd.Series(dtype=float)
    known = _weakest_by_site_and_field(evidence)
    sizes = told.assign(size=told["value"].astype(float).abs()).groupby(["site", "field", "evidence"])["size"].sum()
    shares = sizes / sizes.groupby(level=["site", "field"]).transform("sum")
    split: dict[tuple[str, str], dict[str, float]] = {}
    for row in shares.rename("share").reset_index().to_dict("records"):
        split.setdefault((str(row["site"]), str(row["field"])), {})[str(row["evidence"])] = float(row["share"])
    amounts = solution["account_cost"].sum("period").transpose("account", "account_site")
    totals = dict.fromkeys(WEAKEST_FIRST, 0.0)
    for account, by_site in zip(amounts["account"].values, amounts.values, strict=True):
        for site, amount in zip(amounts["account_site"].values, by_site, strict=True):
            whole = {_class_of(str(account), str(site), known): 1.0} if amount else {}
            field = PARTS_OF.get(str(account), "")
            owned = known.get((str(site), field.removesuffix("_part"))) == "user"
            for kind, share in (whole if owned else split.get((str(site), field), whole)).items():
                totals[kind] += share * abs(float(amount))
    return pd.Series({name: amount for name, amount in totals.items() if amount > 0}, dtype=float)


def _weakest_by_site_and_field(evidence: pd.DataFrame) -> dict[tuple[str, str], str]:
    rank = {name: number for number, name in enumerate(WEAKEST_FIRST)}
    known: dict[tuple[str, str], str] = {}
    different = evidence[["site", "field", "evidence"]].drop_duplicates()
    for site, field, kind in zip(*(different[column].tolist() for column in different), strict=True):
        before = known.get((site, field), "user")
        known[site, field] = min(before, str(kind), key=rank.__getitem__)
    return known


def _class_of(account: str, site: str, known: dict[tuple[str, str], str]) -> str:
    """The weakest class among the account's figures at a site; what holds everywhere stands in for a site."""
    found = [
        known[place, figure]
        for figure in FIGURES_OF.get(account, ())
        for place in (site, "*")
        if (place, figure) in known
    ]
    return min(found, key=WEAKEST_FIRST.index, default="unknown")
