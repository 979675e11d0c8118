"""At which carbon price does the plan change? A sweep of a small study over two keys.

Run it in an empty folder: python price_sweep.py
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import hallsite

CARBON = "policy.carbon_price_cny_per_t"
HYDRO = "power.hydro_price_multiplier"


def main() -> None:
    """Solve every combination, on every core, and show cost and sites along the axes."""
    cube = hallsite.sweep(
        "own-data",
        {CARBON: [0, 150], HYDRO: [0.8, 1.2]},
        fixed={"solver.gap": 0.05},
        out="price_sweep",
    )
    print((cube["objective_cny"] / 1e9).to_pandas().round(3).rename_axis(index="CNY/t", columns="hydro ×"))

    # Every decision is there, in the labels of the study: load of the last period by site.
    loads = cube["it_load"].isel(period=-1).sel({HYDRO: 1.2}).to_pandas()
    print(loads.loc[:, (loads > 0).any()].round(1))

    # The same as a table for pandas, polars or a spreadsheet.
    members = pd.read_parquet(Path("price_sweep") / "members.parquet")
    print(members[[CARBON, HYDRO, "status", "objective_cny", "gap", "sites"]].to_string(index=False))


if __name__ == "__main__":
    main()
