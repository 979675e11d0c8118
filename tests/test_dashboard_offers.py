"""What a site would offer: its levelised cost by hand, the load it may serve, and its notes in Chinese."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from dashboard.look import Look
from dashboard.offers import PLOT_USED, offers
from dashboard.site_notes import note_told, told_evidence
from data.admissible import lawful, within_latency
from data.catalogue import evidence_table
from data.frame import make_setting
from data.scenario.reading import read_scenario
from model.runs import Run, open_run
from tests.dashboard_plans import plan, saved_plan

CHINESE = Look("zh")
PERIOD = 2026


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(saved_plan(tmp_path_factory.mktemp("plans"), "plan", "A plan"))


def with_fields(run: Run, **fields: xr.DataArray) -> Run:
    return replace(run, instance=run.instance.assign(fields))


def test_hosting_costs_what_its_parts_cost_in_a_year(run: Run) -> None:
    x = run.instance.sel(site="site-0", period=PERIOD)
    kind = offers(run, PERIOD).sites["site-0"].best_type
    hall = x.sel(hall_type=kind)
    usable = float(hall["hall_size"] * hall["hall_utilisation_limit"])

    def annuity(life: float) -> float:
        rate = float(x["discount_rate"])
        return float(rate / (1 - (1 + rate) ** -life))

    halls = (float(hall["hall_capital"]) * annuity(float(hall["hall_life"])) + float(hall["hall_opex"])) / usable
    land = float(x["land_capital"] + x["fibre_capital"]) * annuity(float(x["site_life"])) + float(x["site_opex"])
    opening = land / (PLOT_USED * float(x["plot_limit"]))
    profile = x["it_profile"].mean("workload")
    power = hall["overhead_power"] / usable + hall["marginal_power"] * profile  # MW of facility per MW of IT, by slice
    grid = x["grid_price"] + x["grid_carbon"] * x["carbon_price"]
    backup = x["backup_price"] + x["backup_carbon"] * x["carbon_price"]
    price = grid * (1 - x["rationed_share"]) + backup * x["rationed_share"]
    energy = float((power * price * x["slice_hours"] * x["hydro_year_probability"]).sum())
    peaks = hall["peak_overhead"] / usable + hall["peak_marginal"]
    demand = float(x["demand_charge"] * peaks.sum("month"))
    wire = float(x["grid_step_capital"] / x["grid_step_size"] * peaks.max("month")) * annuity(float(x["grid_life"]))
    water = float((hall["water_use"] * profile * x["slice_hours"]).sum() * x["water_price"])
    by_hand = (halls + opening + energy + demand + wire + water) / 12  # CNY per MW and month
    assert offers(run, PERIOD).sites["site-0"].hosting[str(kind)] == pytest.approx(by_hand)


def test_a_site_may_serve_what_is_near_lawful_and_fits_its_halls(run: Run) -> None:
    told = offers(run, PERIOD)
    load = run.instance["load"].sel(period=PERIOD).values
    near, law = within_latency(run.instance), np.asarray(np.any(lawful(run.instance)[:, :, :, 0], axis=2))
    for at, site in enumerate(run.instance["site"].values):
        one = told.sites[str(site)]
        assert one.near_mw == pytest.approx(load[near[:, at]].sum())
        assert one.lawful_mw == pytest.approx(load[law[:, at]].sum())
        assert one.may_mw <= load[near[:, at] & law[:, at]].sum() + 1e-9
    assert told.load == pytest.approx(load.sum())
    assert sum(one.cheapest_mw for one in told.sites.values()) == pytest.approx(told.load)


def test_a_site_beyond_every_limit_may_serve_nothing(run: Run) -> None:
    far = run.instance["round_trip"].where(run.instance["site"] != "site-1", 1e4)
    one = offers(with_fields(run, round_trip=far), PERIOD).sites["site-1"]
    assert (one.near_mw, one.may_mw, one.cheapest_mw) == (0, 0, 0)
    assert np.isnan(one.premium)
    assert one.hosting, "what hosting would cost there does not depend on who is near"


def test_a_dearer_plot_makes_a_site_dearer_and_its_place_later(run: Run) -> None:
    leader, least = offers(run, PERIOD).ranking()[0]
    dear = run.instance["land_capital"].where(run.instance["site"] != leader, 1e12)
    ranking = offers(with_fields(run, land_capital=dear), PERIOD).ranking()
    assert ranking[-1][0] == leader
    assert ranking[-1][1] > least


def test_a_forbidden_hall_type_is_not_offered(run: Run) -> None:
    allowed = run.instance["hall_type_allowed"].copy()
    kind = offers(run, PERIOD).sites["site-0"].best_type
    allowed.loc[{"site": "site-0", "hall_type": kind}] = False
    told = offers(with_fields(run, hall_type_allowed=allowed), PERIOD)
    assert kind in told.types
    assert kind not in told.sites["site-0"].hosting


def test_notes_of_the_evidence_are_told_in_chinese() -> None:
    assert note_told(CHINESE, "Guiyang, 34 km away, moved +26 m by the lapse rate") == (
        "贵阳气象站，距离 34 公里，按气温直减率调整 +26 米"
    )
    assert note_told(CHINESE, "altitude 3649 m is at least 3050 m (altitude-ashrae)") == (
        "海拔 3649 m 不低于 3050 m（altitude-ashrae）"
    )
    assert note_told(CHINESE, "karst is yes (karst-civil); landslide is medium (landslide-medium)") == (
        "岩溶：有（karst-civil）；滑坡：中（landslide-medium）"
    )
    assert note_told(Look("en"), "karst is yes (karst-civil)") == "karst is yes (karst-civil)"
    assert note_told(CHINESE, "a note of the owner's own") == "a note of the owner's own"


@pytest.mark.parametrize("study", ["own-data", "cave-halls"])
def test_no_english_prose_is_left_in_the_evidence_of_sites(study: str) -> None:
    evidence = evidence_table(make_setting(read_scenario(study)))
    told = told_evidence(evidence[evidence["site"] != "*"], CHINESE)
    names = re.compile(r"^.*气象站|（[^）]*）|电价区：.*$")
    for column in ("field", "note"):
        prose = {text for text in told[column] if len(re.findall(r"[A-Za-z]{3,}", names.sub("", text))) > 2}
        assert prose == set()
    assert not {text for text in told["value"] if isinstance(text, str) and " " in text}


def test_the_plan_used_here_leaves_a_site_idle() -> None:
    """The card's other face is tested in the browser; it needs a site without halls."""
    _, solution = plan()
    assert (solution["halls"].sum(["hall_type", "period"]) == 0).any()
