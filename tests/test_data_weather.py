"""Weather: bins stand for the hourly year, files are read or refused whole, places get a station."""

import gzip

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.cooling import SYSTEMS, Operation, Outdoor, facility
from data.errors import BadInput
from data.evidence import assumption_table
from data.ingest.climate import rebuild
from data.ingest.weather_files import read_weather_file
from data.psychrometrics import saturation_pressure, wet_bulb
from data.weather import nearest_stations, station_bins, stations
from data.weather_bins import bins_from_hourly

P = {str(name): float(value) for name, value in assumption_table()["value"].items()}
PRESSURE = 88_000.0
CALENDAR = pd.date_range("2025-01-01", periods=8760, freq="h")
EPW_HEADER = "LOCATION,Testville,-,CHN,CSWD,999999,26.5,106.7,8.0,1200.0\n" + "HEADER\n" * 7


def synthetic_year(seed=0, mean=15.5):
    """A year with seasons, days, weather fronts and humidity that falls in the afternoon."""
    random = np.random.default_rng(seed)
    hour = np.arange(8760)
    fronts = np.repeat(random.normal(0, 3.5, 365), 24)
    season = -10 * np.cos(2 * np.pi * (hour / 24 - 15) / 365)
    day = -4 * np.cos(2 * np.pi * (hour % 24 - 3) / 24)
    dry = mean + season + day + fronts
    humidity = np.clip(0.75 - 0.03 * day + np.repeat(random.normal(0, 0.12, 365), 24), 0.1, 1.0)
    return pd.DataFrame({
        "month": CALENDAR.month, "hour": CALENDAR.hour, "dry_bulb": dry,
        "wet_bulb": np.minimum(wet_bulb(dry, humidity, PRESSURE), dry), "pressure": PRESSURE,
    })  # fmt: skip


def epw_text(year, humidity=70):
    rows = [
        f"2025,{stamp.month},{stamp.day},{stamp.hour + 1},0,?,{dry:.1f},0,{humidity},{PRESSURE:.0f}"
        for stamp, dry in zip(CALENDAR, year["dry_bulb"], strict=True)
    ]
    return EPW_HEADER + "\n".join(rows) + "\n"


def yearly_pue(system, dry, wet, hours, dry_cooling):
    air = Outdoor(dry, wet, np.full_like(dry, PRESSURE), np.full_like(dry, 17.0))
    power = facility(system, air, 0.65, P, Operation(dry=dry_cooling)).power
    return (power * hours).sum() / hours.sum() / 0.65


def test_bins_keep_the_hours_and_the_means_of_the_year():
    year = synthetic_year()
    bins = bins_from_hourly(year, "x", 8)
    assert float(bins["hours"].sum()) == pytest.approx(8760)
    for name in ("dry_bulb", "wet_bulb"):
        binned = float((bins[name] * bins["hours"]).sum()) / 8760
        assert binned == pytest.approx(year[name].mean(), abs=1e-9)
    july_noon = year.query("month == 7 and hour == 12")["dry_bulb"]
    assert float(bins["dry_bulb"].sel(month=7, hour=12).max()) <= july_noon.max()


@pytest.mark.parametrize("dry_cooling", [False, True])
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("mean", [4.0, 15.5, 24.0])
def test_pue_from_bins_is_within_0_002_of_the_hourly_year(system, mean, dry_cooling):
    year = synthetic_year(seed=3, mean=mean)
    bins = bins_from_hourly(year, "x", 8)
    hours = year["dry_bulb"].to_numpy(), year["wet_bulb"].to_numpy(), np.ones(8760)
    stand_ins = (bins[name].to_numpy() for name in ("dry_bulb", "wet_bulb", "hours"))
    hourly, binned = yearly_pue(system, *hours, dry_cooling), yearly_pue(system, *stand_ins, dry_cooling)
    assert binned == pytest.approx(hourly, abs=0.002)


def test_several_years_become_one_year_of_bins():
    two = pd.concat([synthetic_year(1), synthetic_year(2)])
    assert float(bins_from_hourly(two, "x", 0)["hours"].sum()) == pytest.approx(8760)


def test_the_design_hour_is_exceeded_0_4_percent_of_the_time():
    year = synthetic_year()
    design = float(bins_from_hourly(year, "x", 8)["design_dry_bulb"].sel(design_period=0, station="x"))
    assert (year["dry_bulb"] > design).sum() == round(0.004 * 8760) - 1


def test_too_short_a_record_is_refused():
    with pytest.raises(ValueError, match="10 are needed"):
        bins_from_hourly(synthetic_year().iloc[:5000], "x", 8)


def test_embedded_bins_are_whole_years_of_possible_weather():
    bins = station_bins()
    assert len(bins["station"]) > 300
    np.testing.assert_allclose(bins["hours"].sum(["month", "hour", "bin"]), 8760, rtol=1e-4)
    assert (bins["wet_bulb"] <= bins["dry_bulb"] + 1e-6).all()
    assert set(map(str, bins["station"].to_numpy())) == set(stations().index)


def test_guiyang_is_as_mild_as_published():
    """The published yearly mean is 15.5 °C (CSWD station 578160)."""
    guiyang = station_bins().sel(station="cswd-578160")
    mean = float((guiyang["dry_bulb"] * guiyang["hours"]).sum() / guiyang["hours"].sum())
    assert mean == pytest.approx(15.5, abs=0.1)


def test_the_nearest_station_serves_a_place():
    found = nearest_stations(np.array([26.58, 22.54]), np.array([106.72, 114.06]))
    assert found["station"][0] == "cswd-578160"
    assert found["distance_km"][0] < 2
    assert 80 < found["distance_km"][1] < 130  # Shenzhen has no station of its own


def test_an_epw_file_is_read_on_its_own_clock(tmp_path):
    year = synthetic_year()
    path = tmp_path / "own.epw"
    path.write_text(epw_text(year))
    weather = read_weather_file(path)
    assert (weather.utc_offset, weather.latitude, weather.altitude_m) == (8.0, 26.5, 1200.0)
    np.testing.assert_allclose(weather.hourly["dry_bulb"], year["dry_bulb"].round(1), atol=1e-9)
    assert list(weather.hourly["hour"][:3]) == [0, 1, 2]
    expected = wet_bulb(weather.hourly["dry_bulb"], 0.7, PRESSURE)
    np.testing.assert_allclose(weather.hourly["wet_bulb"], expected, atol=1e-6)


def test_an_epw_file_names_its_missing_and_impossible_hours_at_once(tmp_path):
    year = synthetic_year()
    year.loc[10, "dry_bulb"], year.loc[20, "dry_bulb"] = 99.9, 75.0
    path = tmp_path / "bad.epw"
    path.write_text(epw_text(year))
    with pytest.raises(BadInput) as refused:
        read_weather_file(path)
    assert "line 19: dry_bulb is missing" in str(refused.value)
    assert "line 29: dry_bulb 75 is outside" in str(refused.value)


def test_a_csv_with_offset_and_dew_point_gives_the_same_wet_bulb_as_humidity(tmp_path):
    year = synthetic_year()
    stamps = [f"{stamp:%Y-%m-%dT%H:%M}+08:00" for stamp in CALENDAR]
    dry = np.full(8760, 25.0)
    dew = np.full(8760, 15.0)
    share = 100 * saturation_pressure(15.0) / saturation_pressure(25.0)
    by_dew = pd.DataFrame({"time": stamps, "temperature": dry, "dew_point": dew, "pressure_hpa": 880.0})
    by_share = pd.DataFrame({"time": stamps, "temperature": dry, "rh": share, "pressure": 88_000.0})
    by_dew.to_csv(tmp_path / "dew.csv", index=False)
    by_share.to_csv(tmp_path / "share.csv", index=False)
    first, second = (read_weather_file(tmp_path / name) for name in ("dew.csv", "share.csv"))
    assert first.utc_offset == 8.0
    assert list(first.hourly["hour"][:2]) == [0, 1]
    np.testing.assert_allclose(first.hourly["wet_bulb"], second.hourly["wet_bulb"], atol=1e-3)
    assert len(year) == len(first.hourly)


def test_a_csv_without_pressure_takes_that_of_the_sites_altitude(tmp_path):
    table = pd.DataFrame({"time": CALENDAR.astype(str), "temperature": 20.0, "rh": 50.0})
    table.to_csv(tmp_path / "own.csv", index=False)
    weather = read_weather_file(tmp_path / "own.csv", altitude_m=1000.0)
    assert weather.hourly["pressure"].iloc[0] == pytest.approx(89_875, abs=1)  # ASHRAE table 1


def test_a_csv_names_every_missing_column_at_once(tmp_path):
    (tmp_path / "bad.csv").write_text("when,temp\n1,2\n")
    with pytest.raises(BadInput) as refused:
        read_weather_file(tmp_path / "bad.csv")
    text = str(refused.value)
    assert all(word in text for word in ("time", "dry_bulb", "neither humidity nor dew point", "no pressure"))


def test_era5_kelvin_becomes_celsius_and_the_nearest_cell_is_taken(tmp_path):
    shape = (8760, 2, 2)
    t2m = np.full(shape, 293.15)
    t2m[:, 0, 1] = 300.15
    cube = xr.Dataset(
        {name: (("valid_time", "latitude", "longitude"), values) for name, values in
         {"t2m": t2m, "d2m": np.full(shape, 288.15), "sp": np.full(shape, 88_000.0)}.items()},
        coords={"valid_time": CALENDAR, "latitude": [27.0, 26.0], "longitude": [106.0, 107.0]},
    )  # fmt: skip
    cube.to_netcdf(tmp_path / "era5.nc", engine="h5netcdf")
    weather = read_weather_file(tmp_path / "era5.nc", place=(26.9, 106.8))
    assert weather.utc_offset == 0.0
    assert weather.hourly["dry_bulb"].iloc[0] == pytest.approx(27.0)
    with pytest.raises(BadInput, match="several cells"):
        read_weather_file(tmp_path / "era5.nc")
    with pytest.raises(BadInput, match="no cell within"):
        read_weather_file(tmp_path / "era5.nc", place=(40.0, 116.0))


def test_kelvin_and_fractions_are_recognised_in_a_csv(tmp_path):
    pd.DataFrame({"time": CALENDAR.astype(str), "temperature": 293.0, "rh": 0.5, "sp": 88_000.0}).to_csv(
        tmp_path / "units.csv", index=False
    )
    with pytest.raises(BadInput) as refused:
        read_weather_file(tmp_path / "units.csv")
    assert "give °C, not kelvin" in str(refused.value)
    assert "give relative humidity in percent" in str(refused.value)


@pytest.mark.parametrize("name", ["broken.nc", "broken.csv", "broken.epw"])
def test_files_of_another_kind_than_their_name_are_refused(tmp_path, name):
    (tmp_path / name).write_text("")
    with pytest.raises(BadInput):
        read_weather_file(tmp_path / name)


@pytest.mark.parametrize(("name", "problem"), [("none.epw", "does not exist"), ("own.xlsx", "not weather")])
def test_unknown_weather_files_are_refused_with_a_remedy(tmp_path, name, problem):
    if name == "own.xlsx":
        (tmp_path / name).write_text("")
    with pytest.raises(BadInput, match=problem):
        read_weather_file(tmp_path / name)


def test_the_catalogue_is_rebuilt_byte_for_byte_from_a_raw_folder(tmp_path):
    folder = tmp_path / "raw" / "climate" / "epw_world"
    folder.mkdir(parents=True)
    for number, mean in enumerate((10.0, 20.0)):
        text = epw_text(synthetic_year(number, mean)).replace("999999", f"99999{number}")
        (folder / f"XXX_Test{number}_IWEC.epw.gz").write_bytes(gzip.compress(text.encode()))
    outputs = []
    for run in ("one", "two"):
        out = tmp_path / run
        out.mkdir()
        rebuild(tmp_path / "raw", out)
        outputs.append([(out / name).read_bytes() for name in ("weather_bins.nc", "weather_stations.csv")])
    assert outputs[0] == outputs[1]
    assert outputs[0][1].decode().splitlines()[1].startswith("iwec-999990,Testville")


def test_a_raw_folder_without_weather_is_an_error_not_an_empty_catalogue(tmp_path):
    with pytest.raises(FileNotFoundError, match="no typical years"):
        rebuild(tmp_path, tmp_path)


def test_chinese_typical_years_are_read_from_the_hourly_table(tmp_path):
    folder, out = tmp_path / "raw" / "climate", tmp_path / "tables"
    folder.mkdir(parents=True)
    out.mkdir()
    year, name = synthetic_year(), "CHN_Guizhou.Testville.578160_CSWD"
    pd.DataFrame({
        "station": name, "hour_of_year": np.arange(8760), "pressure_hPa": 880,
        "dry_bulb_dC": (year["dry_bulb"] * 10).round().astype(int),
        "wet_bulb_dC": (year["wet_bulb"] * 10).round().astype(int),
    }).to_parquet(folder / "cswd_270_hourly.parquet")  # fmt: skip
    pd.DataFrame([{
        "file": f"{name}.epw", "city": "Testville", "region": "Guizhou", "country": "CHN", "wmo": "578160",
        "lat": 26.58, "lon": 106.73, "elev_m": 1223.8,
    }]).to_csv(folder / "cswd_270_station_stats.csv", index=False)  # fmt: skip
    rebuild(tmp_path / "raw", out)
    station = pd.read_csv(out / "weather_stations.csv").iloc[0]
    assert (station["id"], station["source"], station["utc_offset"]) == ("cswd-578160", "climate-cswd", 8.0)
    assert station["mean_dry_bulb"] == pytest.approx(year["dry_bulb"].mean(), abs=0.01)
