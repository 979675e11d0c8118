"""The application as a browser meets it over HTTP: pages, downloads, and what is refused."""

from __future__ import annotations

import json
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from dash._utils import to_json
from werkzeug.test import Client

from dashboard.app import make_app
from dashboard.context import Desk
from dashboard.downloads import as_csv
from dashboard.guard import MOST_BYTES, Access, check_access
from dashboard.jobs import Jobs
from dashboard.keyfigures import yearly_energy_cost
from dashboard.levers import changes_from
from dashboard.pages import pages
from dashboard.shell import shell
from dashboard.store import RunStore
from data.errors import BadInput
from model.runs import open_run
from tests.dashboard_desk import small_study, solved
from tests.spoken import english_in, visible

HOST = {"Host": "127.0.0.1:8050"}


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run of a small study, really solved."""
    root = tmp_path_factory.mktemp("runs")
    assert solved(root, small_study(), "A small study").state == "done"
    return root


@pytest.fixture
def desk(runs: Path) -> Desk:
    return Desk(RunStore(runs), Jobs(runs))


@pytest.fixture
def client(desk: Desk) -> Client:
    return Client(make_app(desk).server)


def told(desk: Desk, path: str = "/", search: str = "") -> str:
    """All that a page says, as text."""
    drawn = json.loads(str(to_json(shell(desk.context(path, search)))))
    return json.dumps(drawn, ensure_ascii=False)


@pytest.mark.parametrize("name", sorted(pages()))
@pytest.mark.parametrize("look", ["?lang=en", "?lang=zh&theme=dark"])
def test_every_page_is_drawn_in_both_languages(desk: Desk, name: str, look: str) -> None:
    drawn = told(desk, pages()[name].PATH, look)
    page = desk.context("/", look)
    assert page.t("shell.failed") not in drawn
    assert page.t(f"{name}.nav") in drawn
    assert page.look.language == "en" or said_in_english(drawn) == set()


@pytest.mark.parametrize(
    "address",
    [
        "/map?site=gui-an", "/data?list=assumptions", "/data?list=tables", "/data?site=lhasa",
        "/law?from=US&to=CN&class=health&places=all", "/law?from=EU&to=US&places=all",
        "/law?from=IN&to=SG&class=payment",
        '/whatif?set={"carbon_price":-5,"gap":0,"force_open":["nowhere"],"latency.web":-1,"law_date":"2020-01-01"}',
    ],
)  # fmt: skip
def test_a_chinese_page_says_no_sentence_in_english(desk: Desk, address: str) -> None:
    path, _, search = address.partition("?")
    assert said_in_english(told(desk, path, f"?lang=zh&{search}")) == set()


def said_in_english(drawn: str) -> set[str]:
    """English sentences of a page, but for the title that the study's owner gave it."""
    return english_in(visible(json.loads(drawn))) - {"A small study"}


def test_nonsense_for_a_lever_is_passed_over_and_a_bad_value_is_told() -> None:
    kept = {
        "carbon_price": -5,
        "hub_pack": True,
        "force_open": ["nowhere"],
        "hydro_level": "latest_trend",
        "most_open": "",
    }
    nonsense = {
        "gap": "x",
        "rationing": 1,
        "law_date": "soon",
        "contracts": ["coal"],
        "heat_wave": "x",
        "forbid": "gui-an",
    }
    assert changes_from(json.dumps(kept | nonsense | {"no_lever": 1})) == kept


def test_pages_of_an_empty_store_say_what_to_do(tmp_path: Path) -> None:
    desk = Desk(RunStore(tmp_path), Jobs(tmp_path))
    page = desk.context("/", "")
    for name, module in pages().items():
        drawn = told(desk, module.PATH)
        assert page.t("shell.failed") not in drawn, name
        assert said_in_english(told(desk, module.PATH, "?lang=zh")) == set()
    assert page.t("brief.welcome") in told(desk)


def test_an_address_nobody_knows_gets_a_sentence(desk: Desk) -> None:
    assert desk.context("/", "").t("shell.no_page") in told(desk, "/nowhere")


def test_nonsense_in_the_address_is_passed_over(desk: Desk) -> None:
    search = "?lang=xx&theme=pink&run=../../etc&against=%00&set={"
    page = desk.context("/", search)
    assert (page.look.language, page.look.theme) == ("en", "light")
    assert page.run is not None
    assert page.against is None
    assert page.t("shell.failed") not in told(desk, "/", search)


def test_what_is_answered_carries_the_content_policy(client: Client) -> None:
    policy = client.get("/", headers=HOST).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (HOST, 200),
        ({"Host": "evil.example:8050"}, 400),  # rebinding
        ({**HOST, "Origin": "http://evil.example"}, 403),
        ({**HOST, "Origin": "http://127.0.0.1:8050"}, 200),
        ({"Host": "localhost:8050", "Origin": "http://localhost:8050"}, 200),
    ],
)
def test_requests_from_elsewhere_are_refused(client: Client, headers: dict[str, str], code: int) -> None:
    assert client.get("/", headers=headers).status_code == code


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    body = json.dumps({"output": "x" * (MOST_BYTES + 1)})
    answer = client.post("/_dash-update-component", data=body, content_type="application/json", headers=HOST)
    assert answer.status_code == 413


def test_a_broken_request_shows_no_traceback(client: Client) -> None:
    answer = client.post("/_dash-update-component", json={"output": "no.such"}, headers=HOST)
    assert answer.status_code >= 400
    assert b"Traceback" not in answer.data
    assert b".py" not in answer.data


def test_other_machines_need_passwords_and_host_names() -> None:
    check_access("127.0.0.1", Access())
    with pytest.raises(BadInput) as refusal:
        check_access("0.0.0.0", Access())
    assert [fault.where for fault in refusal.value.faults] == ["password", "--allow-host"]
    check_access("0.0.0.0", Access(("plan.example.org",), (("run", "secret"),)))


def test_a_viewer_may_look_and_not_solve(tmp_path: Path) -> None:
    desk = Desk(RunStore(tmp_path), Jobs(tmp_path))
    access = Access(passwords=(("run", "planner's"), ("view", "reader's")))
    client = Client(make_app(desk, access).server)

    def ask(name: str, password: str) -> int:
        words = b64encode(f"{name}:{password}".encode()).decode()
        return int(client.get("/", headers={**HOST, "Authorization": f"Basic {words}"}).status_code)

    assert client.get("/", headers=HOST).status_code == 401
    assert client.get("/_dash-layout", headers=HOST).status_code == 401
    assert [ask("view", "reader's"), ask("run", "planner's")] == [200, 200]
    assert [ask("view", "planner's"), ask("run", "x"), ask("nobody", ""), ask("", "")] == [401] * 4
    assert press_solve(client, "view", "reader's") == 0
    assert press_solve(client, "run", "planner's") == 1


def press_solve(client: Client, name: str, password: str) -> int:
    """Press Solve of the small example on the page of an empty store; how many jobs come of it."""
    words = b64encode(f"{name}:{password}".encode()).decode()
    known = {**HOST, "Authorization": f"Basic {words}"}
    dependencies = json.loads(client.get("/_dash-dependencies", headers=known).data)
    callback = next(entry for entry in dependencies if "starter" in entry["inputs"][0]["id"])
    starter = {"id": {"type": "starter", "study": "own-data"}, "property": "n_clicks", "value": 1}
    parts = [part.split(".") for part in callback["output"].strip(".").split("...")]
    body = {
        "output": callback["output"],
        "outputs": [{"id": one, "property": prop} for one, prop in parts],
        "inputs": [[starter]],
        "changedPropIds": ['{"study":"own-data","type":"starter"}.n_clicks'],
        "state": [
            {"id": "url", "property": "pathname", "value": "/"},
            {"id": "url", "property": "search", "value": ""},
        ],
    }
    answer = client.post("/_dash-update-component", json=body, headers=known)
    assert answer.status_code == 200, answer.data
    return int("job-id" in json.loads(answer.data)["response"])


def test_a_table_is_taken_away_with_units_and_provenance(client: Client, desk: Desk) -> None:
    answer = client.get("/download/brief/bill.csv?lang=en", headers=HOST)
    lines = answer.data.decode("utf-8-sig").splitlines()
    run = desk.runs.entries()[0].id
    assert f"# run: {run}" in lines
    assert any(line.startswith("# catalogue: ") for line in lines)
    heading = next(line for line in lines if not line.startswith("#"))
    assert heading == 'Account,Group,"Present cost, CNY",Share'
    assert f"{run}-brief-bill.csv" in answer.headers["Content-Disposition"]
    book = pd.ExcelFile(BytesIO(client.get("/download/brief/bill.xlsx?lang=zh", headers=HOST).data))
    assert book.sheet_names == ["表", "来源说明"]
    assert "现值成本（元）" in pd.read_excel(book, "表").columns
    told = pd.read_excel(book, "来源说明", index_col=0)["内容"]
    assert (told["方案"], told["币值"]) == (run, "2025 年不变价人民币")
    assert english_in([str(word) for word in told.index]) == set()


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(desk: Desk) -> None:
    table = pd.DataFrame({"site": ["=cmd()", "@x", "-1+2", "plain"]})
    lines = as_csv(table, desk.context("/", ""), {}).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["'=cmd()", "'@x", "'-1+2", "plain"]


@pytest.mark.parametrize("file", ["scenario.yaml", "solution.nc", "instance.nc", "report.txt", "sites.geojson"])
def test_the_files_of_a_run_are_taken_by_its_id(client: Client, desk: Desk, file: str) -> None:
    run = desk.runs.entries()[0]
    answer = client.get(f"/download/run/{run.id}/{file}", headers=HOST)
    assert answer.status_code == 200
    if file != "sites.geojson":
        assert answer.data == (desk.runs.folder(run.id) / file).read_bytes()
    else:
        features = json.loads(answer.data)["features"]
        assert {feature["geometry"]["type"] for feature in features} == {"Point"}


@pytest.mark.parametrize(
    "place",
    ["run/nobody/scenario.yaml", "run/../run.json", "run/%2e%2e/run.json", "brief/nothing.csv", "brief/bill.pickle",
     "run/{id}/label.json", "run/{id}/solution.nc.bak"],
)  # fmt: skip
def test_what_is_no_download_is_not_found(client: Client, desk: Desk, place: str) -> None:
    path = place.replace("{id}", desk.runs.entries()[0].id)
    assert client.get(f"/download/{path}", headers=HOST).status_code == 404


def test_the_mean_of_the_hydrological_years_is_the_bill(runs: Path) -> None:
    """Grid, backup and carbon of every year, weighed by its chance, are what the accounts say."""
    run = open_run(Path(RunStore(runs).entries()[0].folder))
    yearly = yearly_energy_cost(run.instance, run.solution)
    chance = run.instance["hydro_year_probability"].to_series()
    accounts = run.solution["account_cost"].sum(["account_site", "period"]).to_series()
    assert (yearly * chance).sum() == pytest.approx(accounts[["energy_grid", "backup", "carbon"]].sum())


@pytest.mark.parametrize(
    "body",
    ["nonsense", "[]", "{}", '{"output": "x.y"}', '{"output": ["shell"]}', '{"output": "page-state.data"}'],
)
def test_what_asks_for_no_callback_of_ours_is_refused_in_a_sentence(client: Client, body: str) -> None:
    answer = client.post("/_dash-update-component", data=body, content_type="application/json", headers=HOST)
    assert answer.status_code == 400
    assert answer.text == "This asks for nothing we have."


@pytest.mark.parametrize(
    "path",
    ["_dash-component-suites/dash/../dash.py", "_dash-component-suites/os/path.py", "assets/../app.py",
     "assets/..%2fapp.py", "_dash-component-suites/dashboard/guard.py"],
)  # fmt: skip
def test_no_file_of_the_program_is_handed_out(client: Client, path: str) -> None:
    assert client.get(f"/{path}", headers=HOST).status_code == 404


@pytest.mark.parametrize(
    "place",
    ["map/plan.csv?month=%C2%B2&period=%C2%B2&layer=law&origin=x", "energy/dispatch.csv?period=%E0%A5%A9&site=%FF",
     "law/changes.csv?day=9999999999999999999999&since=x", "law/matrix.csv?people=1e999&day=%C2%B2",
     "law/matrix.csv?people=%C2%B2&from=..&to=%00", "map/known.csv?site=../../etc/passwd",
     "data/catalogue.csv?list=__init__&words=((("],
)  # fmt: skip
def test_nonsense_asked_of_a_table_gets_a_table(client: Client, place: str) -> None:
    assert client.get(f"/download/{place}", headers=HOST).status_code == 200
