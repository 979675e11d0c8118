"""Files and folders that appear whole or not at all: written under a hidden name beside their place, then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DRAFT = ".writing-"
MOST_NAMES = 1000


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A draft beside `path` that takes its place when the block ends well, and is removed otherwise.

    Raises OSError, in the name of `path`, when the disk refuses the draft or its place.
    """
    with _in_the_name_of(path):
        handle, name = tempfile.mkstemp(prefix=DRAFT, suffix=path.suffix, dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o644)
        with _in_the_name_of(path):
            os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def _in_the_name_of(path: Path) -> Iterator[None]:
    """Let an error speak of the file that was asked for, not of its hidden draft."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


class NewFolder:
    """A draft folder that becomes `path`, or `path`-2, `path`-3 … when that is taken, once the block ends well.

        folder = NewFolder(Path("runs/mine"))
        with folder as draft:
            (draft / "notes.txt").write_text("whole")
        folder.place

    Raises OSError when the disk refuses, FileExistsError when a thousand of the name exist.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.place = path, path

    def __enter__(self) -> Path:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=self.path.parent))
        self.draft.chmod(0o755)
        return self.draft

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.place = _settled(self.draft, self.path)
        finally:
            shutil.rmtree(self.draft, ignore_errors=True)


def _settled(draft: Path, path: Path) -> Path:
    """Rename the complete draft to the first free name."""
    for number in range(1, MOST_NAMES):
        place = path if number == 1 else path.with_name(f"{path.name}-{number}")
        if place.exists():
            continue
        try:
            os.rename(draft, place)
        except OSError:
            if not place.exists():
                raise
            continue
        return place
    raise FileExistsError(17, "a thousand folders of this name exist", str(path))
