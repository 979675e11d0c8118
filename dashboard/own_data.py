"""Files a planner brings: kept under a name made of their contents, checked by the readers of `hallsite check`."""

from __future__ import annotations

import json
import logging
import re
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, TypeVar

from dashboard.store import DESK
from dashboard.words import text, words
from data.errors import BadInput, Fault, raise_faults

if TYPE_CHECKING:
    from data.scenario import Scenario
    from data.setting import Setting

LOG = logging.getLogger("hallsite.dashboard")
Value = TypeVar("Value")
MEBIBYTE = 2**20
MOST_FILE_BYTES = 8 * MEBIBYTE  # a request carries it as base64, a third larger, under guard.MOST_BYTES
MOST_UNPACKED_BYTES = 128 * MEBIBYTE  # a workbook is an archive
MOST_FILES = 12
KEPT_S = 7 * 24 * 3600.0  # solves and runs have copies of their own
TOKEN = re.compile(r"[0-9a-f]{24}")
LIST = "files.json"


@dataclass(frozen=True)
class Kind:
    """A kind of file: endings it may have, the scenario key that names it, and what an example looks like."""

    endings: tuple[str, ...]
    key: str
    template: str


KINDS: dict[str, Kind] = {
    "sites": Kind(
        (".csv", ".xlsx", ".geojson", ".gpkg"),
        "sites.own_sites",
        "id,name,latitude,longitude,altitude_m,plot_limit,water_permit,land_capital,demand_charge\n"
        "longli-hill,Longli Hill,26.45,106.98,1130,80,,,\n",
    ),
    "demand": Kind(
        (".csv", ".xlsx"),
        "demand.own_demand",
        "origin,workload,people,2026,2030,2035\n"
        "guizhou,web,6000000,4,6,8\n",
    ),
    "tariffs": Kind(
        (".csv", ".xlsx"),
        "power.own_tariffs",
        "place,months,first_hour,last_hour,price_cny_per_mwh,demand_charge_cny_per_kw_month\ngui-an,*,0,24,420,38\n",
    ),
    "weather": Kind(
        (".epw", ".csv"),
        "climate.own_weather",
        "time,dry_bulb,relative_humidity,pressure\n"
        "2024-01-01T00:00+08:00,4.2,88,87500\n",
    ),
}


@dataclass(frozen=True)
class OwnFile:
    """One file by the name its owner gave it; `site` says whose weather it is."""

    kind: str
    name: str
    site: str = ""


@dataclass(frozen=True)
class OwnData:
    """Files that never change, found by a token made of their contents."""

    token: str
    folder: Path
    files: tuple[OwnFile, ...]


def own_data(root: Path, token: str | None) -> OwnData | None:
    """The files of a token; None for nonsense and for what was put away."""
    if not token or not TOKEN.fullmatch(token):
        return None
    folder = root / DESK / "own" / token
    try:
        told = json.loads((folder / LIST).read_text(encoding="utf-8"))
        (folder / LIST).touch()
    except (OSError, ValueError):
        return None
    return OwnData(token, folder, tuple(OwnFile(**one) for one in told))


def with_file(root: Path, before: OwnData | None, new: OwnFile, content: bytes) -> OwnData:
    """The files with one more, in place of one of the same kind and site. Raises BadInput for one we do not take."""
    name = safe_name(new.name)
    raise_faults(_refusals(new.kind, name, content))
    kept = [file for file in before.files if not _same_place(file, new)] if before else []
    if len(kept) >= MOST_FILES:
        raise BadInput([Fault(name, "file", f"is one more than {MOST_FILES}", "take one back first")])
    others = {file.name: _content(before, file) for file in kept}
    while name in others:
        name = f"{new.kind}-{name}"
    file = OwnFile(new.kind, name, new.site if new.kind == "weather" else "")
    return _stored(root, [*kept, file], {**others, name: content})


def without_file(root: Path, before: OwnData, kind: str, site: str = "") -> OwnData | None:
    """The files without one; None where none is left."""
    kept = [file for file in before.files if not _same_place(file, OwnFile(kind, "", site))]
    return _stored(root, kept, {file.name: _content(before, file) for file in kept}) if kept else None


def study_with(study: Scenario, own: OwnData) -> Scenario:
    """The study with these files in it; files it names itself are found where they were.

    Raises BadInput with every fault of the files that a look at sites and ids can find.
    """
    from data.scenario.reading import with_overrides

    plain = study.model_dump(mode="json")
    changes: dict[str, Any] = {}
    for kind in KINDS.values():
        section, key = kind.key.split(".")
        if named := plain[section][key]:
            changes[kind.key] = _absolute(study.folder, named)
    if study.demand.own_fleet:
        changes["demand.own_fleet"] = _absolute(study.folder, study.demand.own_fleet)
    if study.baseline.study and (study.folder / study.baseline.study).exists():
        changes["baseline.study"] = _absolute(study.folder, study.baseline.study)
    for file in own.files:
        key = KINDS[file.kind].key
        changes[key] = {**changes.get(key, {}), file.site: file.name} if file.kind == "weather" else file.name
    placed = study.placed(own.folder / "scenario.yaml")
    return _read(lambda: with_overrides(placed, changes))


def check_own(study: Scenario) -> None:
    """Read every file of a study as building it would. Raises BadInput with the faults of all of them."""
    from data.demand import own_streams
    from data.frame import make_setting
    from data.power import own_tariffs
    from data.weather import site_weather

    setting = _read(lambda: make_setting(study))
    readers: list[Callable[[Setting], object]] = [own_tariffs, site_weather]
    if study.demand.own_demand:
        readers.append(own_streams)
    faults: list[Fault] = []
    for reader in readers:
        try:
            _read(partial(reader, setting))
        except BadInput as error:
            faults += error.faults
    raise_faults(faults)


def lies_elsewhere(error: BadInput, study: Scenario, new: str) -> bool:
    """Whether all faults lie in files of the study other than the new one, which may soon be replaced too."""
    named = [study.sites.own_sites, study.demand.own_demand, study.demand.own_fleet, study.power.own_tariffs]
    files = {Path(name).name for name in (*named, *study.climate.own_weather.values()) if name}
    return {Path(fault.file).name for fault in error.faults} <= files - {new}


def template(kind: str, language: str = "en") -> bytes:
    """What the columns mean, headings and an example row as CSV that spreadsheets take for UTF-8."""
    key = f"own.{kind}.columns"
    meant = text(language, key).splitlines() if key in words() else []
    return ("\ufeff" + "".join(f"# {line}\n" for line in meant) + KINDS[kind].template).encode()


def safe_name(name: str) -> str:
    """The last part of a file's name, of letters, digits and dashes, with its ending.

    >>> safe_name("../../etc/Our sites (2).CSV"), safe_name("C:\\\\data\\\\园区.csv"), safe_name(".csv")
    ('Our-sites-2.csv', '园区.csv', 'file.csv')
    """
    last = PureWindowsPath(PurePosixPath(name).name).name
    found = re.fullmatch(r"(.*?)(\.[A-Za-z0-9]{1,10})?", last, re.DOTALL)
    assert found is not None
    stem = re.sub(r"\W+", "-", found[1]).strip("-")[:60] or "file"
    return stem + (found[2] or "").lower()


def _refusals(kind: str, name: str, content: bytes) -> Iterable[Fault]:
    """What is wrong with a file before anybody reads it."""
    endings = KINDS[kind].endings
    if not name.endswith(endings):
        yield Fault(name, "file", "is of a kind we cannot read here", f"use {', '.join(endings)}")
    if len(content) > MOST_FILE_BYTES:
        most = MOST_FILE_BYTES // MEBIBYTE
        yield Fault(name, "file", f"has more than {most} MiB", "leave out what is not needed")
    if name.endswith(".xlsx"):
        try:
            with zipfile.ZipFile(BytesIO(content)) as book:
                size = sum(part.file_size for part in book.infolist())
        except zipfile.BadZipFile:
            yield Fault(name, "file", "is no Excel workbook", "save it as .xlsx or .csv")
        else:
            if size > MOST_UNPACKED_BYTES:
                yield Fault(name, "file", "unpacks to too much", "keep only the sheet that is needed")


def _stored(root: Path, files: list[OwnFile], contents: dict[str, bytes]) -> OwnData:
    """Write the files, whole or not at all; the same files are the same folder."""
    home = root / DESK / "own"
    home.mkdir(parents=True, exist_ok=True)
    _put_away(home)
    told = json.dumps([asdict(file) for file in files], ensure_ascii=False)
    digest = sha256(told.encode())
    for name in sorted(contents):
        digest.update(sha256(contents[name]).digest())
    token = digest.hexdigest()[:24]
    place = home / token
    if not place.exists():
        draft = Path(tempfile.mkdtemp(prefix=".writing-", dir=home))
        for name, content in contents.items():
            (draft / name).write_bytes(content)
        (draft / LIST).write_text(told, encoding="utf-8")
        try:
            draft.rename(place)
        except OSError:
            shutil.rmtree(draft)  # another process was first with the same files
            if not place.exists():
                raise
    return OwnData(token, place, tuple(files))


def _put_away(home: Path) -> None:
    """Remove what nobody looked at for a week."""
    for folder in home.iterdir():
        mark = folder / LIST
        seen = (mark if mark.exists() else folder).stat().st_mtime
        if time.time() - seen > KEPT_S:
            shutil.rmtree(folder, ignore_errors=True)


def _read(reader: Callable[[], Value]) -> Value:
    """What a reader gives; a file that breaks it is a fault of the file, told as such."""
    try:
        return reader()
    except BadInput:
        raise
    except Exception as error:
        LOG.warning("A file brought by a reader could not be read", exc_info=error)
        raise BadInput([Fault("file", "contents", "cannot be read", "compare it with the template")]) from error


def _same_place(one: OwnFile, other: OwnFile) -> bool:
    return one.kind == other.kind and (one.kind != "weather" or one.site == other.site)


def _content(own: OwnData | None, file: OwnFile) -> bytes:
    assert own is not None
    return (own.folder / file.name).read_bytes()


def _absolute(folder: Path, named: Any) -> Any:
    if isinstance(named, dict):
        return {key: str((folder / value).resolve()) for key, value in named.items()}
    return str((folder / named).resolve())
