"""What is wrong with a study, a file or a run, in Chinese.

Those who check tell faults in English. They follow few patterns, and each has its Chinese; a fault of another pattern
stays as it was told.
"""

from __future__ import annotations

import re
from functools import cache

from dashboard.fault_patterns import PLACES, PROBLEMS
from dashboard.fault_remedies import REMEDIES
from dashboard.levers import all_levers
from dashboard.look import Look
from dashboard.site_notes import note_told
from dashboard.study_keys import KEYS
from data.errors import Fault

EXCLUDED = re.compile(r"must be open, but (.+)")
OF_A_SITE = (
    (r"(?P<site>\S+) is also forbidden", "{site}同时被禁止"),
    (r"(?P<site>\S+) is left out of the study", "{site}未纳入本研究"),
    (r"the nearest embedded site \((?P<site>\S+)\) is (?P<km>\S+) km away", "最近的内置园区（{site}）远在 {km} 公里外"),
)
KEY = re.compile(r"(?P<key>[a-z_]+\.[\w.*-]+)(?: (?P<what>\S+))?")


def fault_told(look: Look, fault: Fault) -> Fault:
    """A fault in the reader's language; file names and names of columns stay."""
    if look.language == "en":
        return fault
    return Fault(
        fault.file,
        _place(look, fault.where),
        _problem(look, fault.problem),
        _remedy(fault.remedy),
    )


def line_told(look: Look, line: str) -> str:
    """A fault as a job keeps it, `file, where: problem; remedy`, in the reader's language."""
    found = re.fullmatch(r"(?P<file>[^,]+), (?P<where>[^:]+): (?P<problem>.+?)(?:; (?P<remedy>.+))?", line, re.DOTALL)
    if look.language == "en" or found is None:
        return line
    told = fault_told(look, Fault(found["file"], found["where"], found["problem"], found["remedy"] or ""))
    return f"{told.file}，{told.where}：{told.problem}" + (f"；{told.remedy}" if told.remedy else "")


def _place(look: Look, where: str) -> str:
    """Where a fault is: a row or line as people say it, a key of a study by the name of its lever where it has one."""
    if in_line := re.fullmatch(r"line (\d+), (.+)", where):
        return f"第 {in_line[1]} 行，{_place(look, in_line[2])}"
    found = KEY.fullmatch(where)
    lever = _levers().get(found["key"]) if found else None
    if found is None or lever is None:
        return _told(where, PLACES)
    what = f"，{look.name('site', found['what'])}" if found["what"] else ""
    group, _, inner = lever.partition(".")
    name = (
        look.t("whatif.limit_of", workload=look.name("workload", inner))
        if group == "latency"
        else look.t(f"lever.{lever}")
    )
    return f"{name}（{found['key']}）{what}"


@cache
def _levers() -> dict[str, str]:
    """Names of levers by the key they turn."""
    known = all_levers().values()
    return {f"{lever.path}.{lever.inner}" if lever.inner else lever.path: lever.name for lever in known}


def _problem(look: Look, problem: str) -> str:
    if excluded := EXCLUDED.fullmatch(problem):
        return f"必须启用，但{note_told(look, excluded[1])}"
    for pattern, chinese in OF_A_SITE:
        if found := re.fullmatch(pattern, problem):
            values = found.groupdict()
            return chinese.format(**values | {"site": look.name("site", values["site"])})
    return _told(problem, PROBLEMS)


def _remedy(remedy: str) -> str:
    """What to do; where only the meaning of a key or of a figure is told, that."""
    known = _meanings()
    return known[remedy] if remedy in known else _told(remedy, REMEDIES)


@cache
def _meanings() -> dict[str, str]:
    """Meanings of keys of a study, and of figures with their units, in English → in Chinese."""
    from data.fields import INSTANCE
    from data.scenario.paths import scenario_paths

    keys = {english: KEYS[key] for key, english in scenario_paths().items() if key in KEYS}
    units = [(field.meaning, field.unit or field.kind) for field in INSTANCE.values()]
    figures = {f"{meaning} in {unit}": f"请核对数值（单位：{unit}）" for meaning, unit in units}
    return keys | figures | {f"{meaning} ({unit})": f"请给出（单位：{unit}）" for meaning, unit in units}


def _told(english: str, patterns: tuple[tuple[str, str], ...]) -> str:
    for pattern, chinese in patterns:
        if found := re.fullmatch(pattern, english, re.DOTALL):
            return found.expand(chinese).strip()
    return english
