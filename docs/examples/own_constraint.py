"""What does a rule of our own cost? A Pyomo constraint added to the model of a small study.

The house rule: no site may hold more than half of the load, so that no single place can stop the company.
"""

from __future__ import annotations

import pyomo.environ as pyo

import hallsite

LARGEST_SHARE = 0.5


def no_site_holds_most(model: pyo.ConcreteModel) -> None:
    """Add one row per site and period. `hosted_load[site, workload, hall_type, period]` is in MW."""
    hosted = model.hosted_load
    sites = sorted({key[0] for key in hosted})
    periods = sorted({key[3] for key in hosted})

    def rule(model: pyo.ConcreteModel, site: str, period: int) -> object:
        here = sum(hosted[key] for key in hosted if key[0] == site and key[3] == period)
        everywhere = sum(hosted[key] for key in hosted if key[3] == period)
        return here <= LARGEST_SHARE * everywhere

    model.no_site_holds_most = pyo.Constraint(sites, periods, rule=rule)


def main() -> None:
    """Solve without and with the rule; the difference of the bills is its price, within the gaps."""
    scenario = hallsite.read_scenario("own-data", ["solver.gap=0.02", "solver.threads=1"])
    instance = hallsite.build_instance(scenario)
    options = hallsite.SolveOptions(**scenario.solver.model_dump())
    free = hallsite.solve(instance, options)
    bound = hallsite.solve(instance, options, extra=no_site_holds_most)
    for name, plan in (("as it comes", free), ("with the rule", bound)):
        load = plan["it_load"].isel(period=-1)
        largest = float(load.max() / load.sum())
        cost = plan.attrs["objective_cny"] / 1e9
        print(f"{name:<14} {cost:.3f} bn CNY, largest site {largest:.0%} of the load")


if __name__ == "__main__":
    main()
