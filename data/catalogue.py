"""What is embedded: tables, sites, sources and assumptions, and where every value of a study comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

import pandas as pd

from data.errors import BadInput, Fault
from data.evidence import EVIDENCE_CLASSES, assumption_table, read_table, sources
from data.fields import INSTANCE
from data.frame import embedded_sites, make_setting
from data.scenario import Scenario
from data.setting import Setting
from data.wording import did_you_mean

EVIDENCE_COLUMNS = ["site", "field", "value", "unit", "source", "evidence", "note"]
PARTS = ("climate", "power", "ground", "network", "demand", "law", "costs", "limits")
EVERYWHERE = "*"


def catalogue_overview() -> pd.DataFrame:
    """Every embedded table: rows, size in kB, and its rows by evidence class where it states one."""
    rows = []
    for entry in _tables():
        size = len(entry.read_bytes()) / 1000
        row: dict[str, object] = {"table": entry.name, "rows": None, "kB": round(size, 1)}
        if entry.name.endswith(".csv"):
            table = read_table(entry.name)
            row["rows"] = len(table)
            if "evidence" in table:
                counts = table["evidence"].value_counts()
                row |= {str(name): int(count) for name, count in counts.items()}
        rows.append(row)
    overview = pd.DataFrame(rows).set_index("table")
    return overview.reindex(columns=["rows", "kB", *EVIDENCE_CLASSES])


def catalogue_sites() -> pd.DataFrame:
    """The embedded candidate sites, indexed by id."""
    return embedded_sites()


def catalogue_site(site: str, scenario: Scenario | None = None) -> pd.DataFrame:
    """Every value of one site with unit, source and evidence class: what it has, then what holds everywhere.

    Columns field, value, unit, evidence, source, title, date, note. Raises BadInput for an unknown site.
    """
    setting = make_setting(scenario or Scenario(name="catalogue"))
    if site not in setting.sites.index:
        remedy = did_you_mean(site, setting.sites.index, "`hallsite catalogue` lists the sites")
        raise BadInput([Fault("catalogue", site, "is no site we know", remedy)])
    rows = evidence_table(setting)
    own, common = rows[rows["site"] == site], rows[rows["site"] == EVERYWHERE]
    shown = pd.concat([_site_rows(setting, site), own, common], ignore_index=True)
    cited = sources().reindex(shown["source"])[["title", "date"]].reset_index(drop=True)
    shown = pd.concat([shown, cited], axis=1).fillna({"title": "", "date": ""})
    return shown[["field", "value", "unit", "evidence", "source", "title", "date", "note"]]


def catalogue_sources() -> pd.DataFrame:
    """All sources by id: title, publisher, date, licence, url, note."""
    return sources()


def catalogue_assumptions() -> pd.DataFrame:
    """All named assumptions with their range; a scenario moves one under `assumptions`."""
    return assumption_table()


def evidence_table(setting: Setting) -> pd.DataFrame:
    """Where every value of a study comes from: one row per site and field (EVIDENCE_COLUMNS).

    What stands in for an own site is estimated, with the distance of the place it was taken from.
    """
    return told_together({part: evidence_of(part)(setting) for part in PARTS}, setting)


def evidence_of(part: str) -> Callable[[Setting], pd.DataFrame]:
    """What tells the evidence of one of PARTS."""
    found: Callable[[Setting], pd.DataFrame] = getattr(import_module(f"data.{part}"), f"evidence_{part}")
    return found


def told_together(parts: Mapping[str, pd.DataFrame], setting: Setting) -> pd.DataFrame:
    """The evidence table of a setting out of what each of PARTS tells."""
    rows = pd.concat([parts[part][EVIDENCE_COLUMNS] for part in PARTS], ignore_index=True)
    return rows if setting.own is None else _with_own(rows, setting)


def catalogue_fingerprint() -> str:
    """A short fingerprint (16 hex digits) of the names and contents of the embedded tables."""
    return _fingerprint()


def package_version() -> str:
    """The version of hallsite, or `0+source` when it runs without being installed."""
    try:
        return version("hallsite")
    except PackageNotFoundError:
        return "0+source"


@cache
def _fingerprint() -> str:
    digest = sha256()
    for entry in _tables():
        digest.update(entry.name.encode() + b"\0" + sha256(entry.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _tables() -> list[Traversable]:
    entries = [entry for entry in files("data.tables").iterdir() if entry.is_file()]
    kept = [entry for entry in entries if not entry.name.endswith((".py", ".md", ".pyc"))]
    return sorted(kept, key=lambda entry: entry.name)


def _site_rows(setting: Setting, site: str) -> pd.DataFrame:
    """Name, place and altitude of a site as evidence rows."""
    row = setting.sites.loc[site]
    units = {"latitude": "deg", "longitude": "deg", "altitude_m": "m"}
    shown = [name for name in ("name", "province", "country", "jurisdiction", *units) if name in row.index]
    altitude = row.get("altitude_source", row["source"])
    return pd.DataFrame({
        "site": site, "field": shown, "value": [row[name] for name in shown],
        "unit": [units.get(name, "") for name in shown],
        "source": [altitude if name == "altitude_m" else row["source"] for name in shown],
        "evidence": row["evidence"], "note": "",
    })  # fmt: skip


def _with_own(rows: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Rows of own sites told as what they are: the user's, or estimated from the nearest place we know."""
    assert setting.own is not None
    own, figures = setting.own.sites, setting.own.figures
    is_own = rows["site"].isin(own.index)
    host = rows["site"].map(own["host_site"])
    rows = rows.copy()
    taken_over = is_own & (rows["evidence"] != "user")
    rows.loc[taken_over, "evidence"] = "estimated"
    notes = rows.loc[taken_over, "note"].astype(str)
    told = notes + "; taken for an own site near " + host[taken_over].astype(str)
    rows.loc[taken_over, "note"] = told.str.removeprefix("; ").where(~notes.str.startswith("figure of"), notes)
    given = figures.rename_axis(index="site").reset_index().melt("site", var_name="field").dropna()
    given = given.assign(
        unit=[INSTANCE[name].unit for name in given["field"]],
        source=own["source"].reindex(given["site"]).to_numpy(),
        evidence="user",
        note="",
    )
    theirs = pd.MultiIndex.from_frame(given[["site", "field"]])
    taken = pd.MultiIndex.from_frame(rows[["site", "field"]]).isin(theirs)
    borrowed = setting.own.borrowed
    hosts, distances = borrowed["source"], borrowed["distance_km"]
    borrowed = borrowed.assign(
        source=embedded_sites()["source"].reindex(hosts).to_numpy(),
        evidence="estimated",
        note=[f"from {host}, {km:g} km away" for host, km in zip(hosts, distances, strict=True)],
    )
    every: pd.DataFrame = pd.concat([rows[~taken], given, borrowed], ignore_index=True)
    return every[EVIDENCE_COLUMNS]
