"""Words of the controls that several pages share."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "control.period": ("Period from", "起始年"),
    "control.site": ("Site", "园区"),
    "control.hydro_year": ("Hydrological year", "水文年"),
    "control.hydro_mean": ("Mean of all years", "各年平均"),
    "control.no_run": ("There is no plan to show yet", "尚无可显示的方案"),
    "control.no_run.remedy": (
        "Solve a first study on the Brief page; this page then shows its plan.",
        "请先在“简报”页求解一项研究，随后此处显示其方案。",
    ),
}
