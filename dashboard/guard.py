"""What keeps the desk to those it is meant for: host and origin checks, passwords, content policy, sizes."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from dash import Dash
from dash.exceptions import DependencyException
from flask import Flask, Response, g, has_request_context, request

from data.errors import BadInput, Fault

MOST_BYTES = 16 * 2**20
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
VIEW, RUN = "view", "run"
CALLBACK = "/_dash-update-component"
ELSEWHERE = "Requests from other sites are not answered."


@dataclass(frozen=True)
class Access:
    """Who may come in: addresses by which the desk is called, and passwords by role (user `view` or `run`).

    Without passwords everyone who reaches the desk may do everything: only for this machine.
    """

    hosts: tuple[str, ...] = LOOPBACK
    passwords: tuple[tuple[str, str], ...] = ()


def check_access(address: str, access: Access) -> None:
    """Raise BadInput unless the address is this machine, or passwords and the list of hosts are given."""
    if _is_loopback(address):
        return
    faults = []
    if not access.passwords:
        remedy = "set HALLSITE_RUN_PASSWORD (and HALLSITE_VIEW_PASSWORD for readers)"
        faults.append(Fault("dashboard", "password", f"is missing, and {address} can be reached", remedy))
    if set(access.hosts) <= set(LOOPBACK):
        remedy = "name every address people will type, such as --allow-host plan.example.org"
        faults.append(Fault("dashboard", "--allow-host", f"is missing, and {address} can be reached", remedy))
    if faults:
        raise BadInput(faults)


def guard(app: Dash, access: Access) -> None:
    """Add the checks to an application whose callbacks are all registered."""
    server: Flask = app.server
    server.config.update(
        TRUSTED_HOSTS=list(access.hosts),
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        PROPAGATE_EXCEPTIONS=False,
    )
    server.before_request(_refusal(access))
    server.before_request(_nonsense(app))
    server.register_error_handler(DependencyException, lambda _: _said("There is nothing here.", 404))
    server.after_request(_with_headers(app))


def role() -> str:
    """What the reader of this request may do: `view` or `run`."""
    return str(getattr(g, "role", RUN)) if has_request_context() else RUN


def _refusal(access: Access) -> Callable[[], Response | None]:
    known = dict(access.passwords)

    def check() -> Response | None:
        host = request.host  # raises 400 for a host that is not trusted
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return _said(ELSEWHERE, 403)
        if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method != "GET":
            return _said(ELSEWHERE, 403)
        if not known:
            return None
        given = request.authorization
        name, password = (given.username or "", given.password or "") if given else ("", "")
        # Compared even for an unknown name: the time must not tell which names exist.
        right = hmac.compare_digest(password.encode(), known.get(name, "\0").encode())
        if given is None or name not in known or not right:
            asked = {"WWW-Authenticate": 'Basic realm="hallsite", charset="UTF-8"'}
            return Response("Name and password, please.", 401, asked, mimetype="text/plain")
        g.role = name
        return None

    return check


def _nonsense(app: Dash) -> Callable[[], Response | None]:
    """Refuse what asks for no callback of ours: Dash would fail over it and fill the log."""

    def check() -> Response | None:
        if request.path != CALLBACK or request.method != "POST":
            return None
        told = request.get_json(silent=True)
        asked: dict[str, object] = told if isinstance(told, dict) else {}
        output, lists = asked.get("output"), (asked.get("inputs"), asked.get("changedPropIds"))
        # What the browser answers alone is in the map too, with nothing to call.
        is_ours = isinstance(output, str) and "callback" in app.callback_map.get(output, {})
        if is_ours and all(isinstance(one, list) for one in lists):
            return None
        return _said("This asks for nothing we have.", 400)

    return check


def _said(sentence: str, code: int) -> Response:
    return Response(sentence, code, mimetype="text/plain")


def _with_headers(app: Dash) -> Callable[[Response], Response]:
    policy: list[str] = []

    def add(response: Response) -> Response:
        if not policy:
            scripts = " ".join(["'self'", *(f"'{told.strip(chr(39))}'" for told in app.csp_hashes())])
            policy.append(
                f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
                "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
                "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
            )
        response.headers["Content-Security-Policy"] = policy[0]
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return add


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"
