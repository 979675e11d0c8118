"""Every quantity that crosses a room: dimensions, unit and meaning, declared once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "integer", "flag", "text"]


@dataclass(frozen=True)
class Field:
    """One quantity. What is `optional` an instance may leave out: the limit or choice then does not exist."""

    dims: tuple[str, ...]
    unit: str
    meaning: str
    kind: Kind = "number"
    optional: bool = False
    lower: float | None = None
    upper: float | None = None


def _f(
    dims: str,
    unit: str,
    meaning: str,
    kind: Kind = "number",
    optional: bool = False,
    lower: float | None = 0.0,
    upper: float | None = None,
) -> Field:
    return Field(tuple(dims.split()), unit, meaning, kind, optional, lower, upper)


_TRANSFER = "legal_case jurisdiction operator_mode period"

SETS: dict[str, str] = {
    "site": "candidate site, or the existing fleet of a province (id such as gui-an, existing-guizhou)",
    "hall_type": "kind of hall, its cooling system and its size",
    "workload": "kind of work: limit on latency, data class, profile, density",
    "origin": "province or market whose users are served",
    "stream": "origin × workload × replica that has demand (id origin/workload/1)",
    "period": "first year of an investment period",
    "slice": "month × block of the UTC+8 day (id 01-night)",
    "month": "month of the year, 1 to 12",
    "hydro_year": "historical hydrological year",
    "energy_source": "contracted source: hydro, wind, solar",
    "jurisdiction": "place whose law applies",
    "legal_case": "origin jurisdiction × data class × exporter, as the law sees a stream",
    "exporter": "who handles the data; thresholds on people bind the handler",
    "export_group": "persons of one exporter counted together against a threshold",
    "export_tier": "step of a threshold on people: 0 is below the first",
    "operator_mode": "own; ring_fenced local operator; own_copy: own, and a copy at home that many persons ask for",
    "law_rule": "rule of data law that says something about a transfer of the study",
}

INSTANCE: dict[str, Field] = {
    # time and money
    "period_years": _f("period", "a", "years a period stands for"),
    "year_weight": _f("period", "a", "sum of the discounted years a period stands for"),
    "slice_hours": _f("slice", "h/a", "hours of a year in a slice"),
    "slice_month": _f("slice", "1", "month a slice belongs to", "integer"),
    "slice_block": _f("slice", "", "block of the day a slice belongs to", "text"),
    "hydro_year_probability": _f("hydro_year", "1", "probability of a hydrological year", upper=1.0),
    # sites
    "site_name": _f("site", "", "name people use", "text"),
    "site_kind": _f("site", "", "candidate or existing", "text"),
    "site_province": _f("site", "", "province (origin id) or country code abroad", "text"),
    "site_jurisdiction": _f("site", "", "jurisdiction whose law the host obeys", "text"),
    "site_zone": _f("site", "", "hazard zone and river basin; replicas are kept in different zones", "text"),
    "site_latitude": _f("site", "deg", "latitude", lower=-90.0, upper=90.0),
    "site_longitude": _f("site", "deg", "longitude", lower=-180.0, upper=180.0),
    "site_altitude": _f("site", "m", "altitude", lower=-500.0),
    "site_station": _f("site", "", "weather station that serves the site", "text"),
    "site_station_distance": _f("site", "km", "distance of that station"),
    # ground
    "site_allowed": _f("site", "1", "no hazard threshold, plot rule or scenario forbids building", "flag"),
    "site_exclusion": _f("site", "", "the threshold that fired, or empty", "text"),
    "hall_type_allowed": _f("site hall_type", "1", "the ground and the kind of site permit this hall type", "flag"),
    "plot_limit": _f("site", "MW", "IT load of new halls the plot can hold"),
    "open_allowed": _f("site period", "1", "site may be open in the period (lead time, scenario)", "flag"),
    "open_forced": _f("site period", "1", "site must be open in the period", "flag"),
    # halls
    "hall_size": _f("hall_type", "MW", "IT load of one hall"),
    "hall_utilisation_limit": _f("hall_type", "1", "share of a hall's IT load that may be used", upper=1.0),
    "hall_buildable": _f("hall_type", "1", "new halls of this type can be built", "flag"),
    "existing_halls": _f("site hall_type period", "1", "existing or committed halls not yet at end of life", "integer"),
    "can_host": _f("workload hall_type", "1", "hall type has the density the workload needs", "flag"),
    # climate
    "overhead_power": _f("site hall_type slice", "MW", "facility load of one hall that does not follow IT load"),
    "marginal_power": _f("site hall_type slice", "1", "facility load per unit of IT load"),
    "peak_overhead": _f("site hall_type month", "MW", "overhead of one hall at the month's design hour"),
    "peak_marginal": _f("site hall_type month", "1", "facility load per IT load at the month's design hour"),
    "water_use": _f("site hall_type slice", "m3/MWh", "water evaporated and blown down per IT energy"),
    # power
    "grid_price": _f(
        "site slice hydro_year period",
        "CNY/MWh",
        "energy price all-in: energy, transmission, losses, fees",
        lower=None,
    ),
    "demand_charge": _f("site", "CNY/MW/month", "price of a month's peak facility load"),
    "rationed_share": _f("site slice hydro_year", "1", "share of grid energy not delivered", upper=1.0),
    "backup_price": _f("site", "CNY/MWh", "cost of energy from own backup plant"),
    "backup_carbon": _f("site", "t/MWh", "CO2 of energy from own backup plant"),
    "grid_carbon": _f("site hydro_year period", "t/MWh", "CO2 factor of grid energy"),
    "contract_price": _f(
        "site energy_source period", "CNY/MWh", "delivered price of contracted energy, all-in, take or pay"
    ),
    "contract_delivery": _f("site energy_source slice hydro_year", "1", "MW delivered per MW contracted", upper=1.0),
    "contract_limit": _f("site energy_source period", "MW", "most that can be contracted"),
    "contract_carbon": _f("energy_source", "t/MWh", "CO2 of contracted energy"),
    "certificate_price": _f("site period", "CNY/MWh", "price of a green certificate", optional=True),
    "policy_discount": _f(
        "site period", "CNY/MWh", "reduction of the energy price under a policy tariff", optional=True
    ),
    "policy_minimum_load": _f("site", "MW", "IT load from which the policy tariff applies", optional=True),
    "policy_energy_limit": _f("site period", "MWh/a", "energy the policy tariff covers", optional=True),
    "grid_step_size": _f("site", "MW", "facility load one grid step connects"),
    "grid_steps_allowed": _f("site period", "1", "most grid steps that can stand by a period (lead time)", "integer"),
    "grid_existing": _f("site", "MW", "facility load already connected"),
    # network
    "round_trip": _f("origin site", "ms", "round-trip time at the planning percentile"),
    "latency_limit": _f("workload", "ms", "round-trip limit at the planning percentile"),
    "latency_value": _f("workload", "CNY/ms/MW/a", "value of a millisecond of round trip"),
    "network_cost": _f("origin site", "CNY/(Gbit/s)/a", "cost of carrying traffic between origin and site"),
    "traffic": _f("workload", "Gbit/s/MW", "traffic with users per IT load"),
    # demand
    "stream_origin": _f("stream", "", "origin of a stream", "text"),
    "stream_workload": _f("stream", "", "workload of a stream", "text"),
    "stream_replica": _f("stream", "1", "1 is active, 2 and on are standby", "integer"),
    "load": _f("stream period", "MW", "IT load provisioned for the stream (standby counts its fraction)"),
    "people": _f("stream period", "person", "persons whose data the stream holds"),
    "it_profile": _f(
        "site workload slice",
        "1",
        "mean IT load per provisioned load (deferrable part in the host's cheap blocks)",
        upper=1.0,
    ),
    # law
    "stream_legal_case": _f("stream", "", "legal case of a stream", "text"),
    "legal_case_exporter": _f("legal_case", "", "exporter of a legal case", "text"),
    "transfer_allowed": _f(_TRANSFER, "1", "law lets the host hold the data in the period", "flag"),
    "transfer_mechanism": _f(
        _TRANSFER, "", "domestic, free, adequacy, contract, assessment, forbidden, unknown …", "text"
    ),
    "transfer_cost": _f(_TRANSFER, "CNY/MW/a", "cost of the mechanism that follows the load"),
    "transfer_group": _f(_TRANSFER, "", "export group whose persons the transfer counts to, or empty", "text"),
    "export_group_exporter": _f("export_group", "", "exporter of an export group", "text"),
    "export_tier_people": _f("export_group export_tier period", "person", "most persons of the group in this tier"),
    "export_tier_cost": _f("exporter export_tier period", "CNY/a", "fixed cost of being in this tier"),
    "ring_fence_cost": _f("jurisdiction period", "CNY/a", "fixed cost of a ring-fenced local operator"),
    "law_day": _f("period", "", "day whose law binds in a period", "text", optional=True),
    "transfer_rules": _f(
        _TRANSFER, "", "rules that bind the transfer at some number of persons, ids with blanks between", "text", True
    ),
    "transfer_conflict": _f(
        _TRANSFER, "", "rules that contradict one another on disclosure, as compelling>blocking", "text", True
    ),
    "rule_source": _f("law_rule", "", "instrument and article of a rule", "text", optional=True),
    "rule_effect": _f("law_rule", "", "what a rule demands", "text", optional=True),
    "rule_from": _f("law_rule", "", "first day a rule is in force", "text", optional=True),
    "rule_until": _f("law_rule", "", "first day a rule is no longer in force, or empty", "text", optional=True),
    "rule_checked": _f("law_rule", "", "how far the text of a rule was checked", "text", optional=True),
    "rule_questions": _f("law_rule", "", "what counsel must be asked about a rule, a line each", "text", True),
    # cost
    "land_capital": _f("site", "CNY", "land, ground works and public works when a site opens"),
    "fibre_capital": _f("site", "CNY", "fibre to the backbone when a site opens"),
    "site_opex": _f("site", "CNY/a", "staff and upkeep of an open site"),
    "site_life": _f("", "a", "life of land works and fibre"),
    "hall_capital": _f(
        "site hall_type period", "CNY", "building and plant of one new hall, hazard and tunnelling included"
    ),
    "hall_life": _f("hall_type", "a", "life of a hall and its plant"),
    "hall_opex": _f("site hall_type", "CNY/a", "staff and upkeep of one hall"),
    "grid_step_capital": _f("site", "CNY", "one grid step"),
    "grid_life": _f("", "a", "life of a grid step"),
    "discount_rate": _f("", "1", "real discount rate"),
    "water_price": _f("site", "CNY/m3", "price of water"),
    "carbon_price": _f("period", "CNY/t", "price of CO2"),
    # limits that may or may not exist
    "water_permit": _f("site", "m3/a", "yearly abstraction permit", optional=True),
    "carbon_limit": _f("period", "t/a", "carbon budget of a year", optional=True),
    "capital_limit": _f("period", "CNY", "cash capital of a period", optional=True),
    "pue_ceiling": _f("site", "1", "yearly PUE a site's new halls must keep", optional=True),
    "green_share": _f("site", "1", "share of yearly energy from contracts and certificates", optional=True, upper=1.0),
    "site_limit": _f("period", "1", "most candidate sites open", "integer", optional=True),
}

MONEY_YEAR = 2025
MONEY_UNIT = "CNY"  # constant prices of MONEY_YEAR throughout
