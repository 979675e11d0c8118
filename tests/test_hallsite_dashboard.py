"""`hallsite dashboard` listens on this machine only, and says why it will not start."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.commands import environment, hallsite

QUIET = ("dashboard", "--no-browser")


def test_another_address_needs_passwords_and_host_names(tmp_path: Path) -> None:
    told = hallsite(*QUIET, "--address", "0.0.0.0", cwd=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert "HALLSITE_RUN_PASSWORD" in told.stderr
    assert "--allow-host" in told.stderr


def test_a_taken_port_and_a_foreign_folder_are_bad_input(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = hallsite(*QUIET, "--port", str(taken.getsockname()[1]), cwd=tmp_path)
    assert told.returncode == 2
    assert "choose another --port" in told.stderr
    foreign = hallsite(*QUIET, "nowhere", cwd=tmp_path)
    assert foreign.returncode == 2
    assert "'nowhere' cannot be used" in foreign.stderr


def test_it_serves_a_page(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "hallsite", *QUIET, "--port", "0"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        place = process.stdout.readline().split("at ")[1].split()[0]
        assert place.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(place, timeout=60) as page:
            assert page.status == 200
    finally:
        process.terminate()
        process.communicate(timeout=60)
