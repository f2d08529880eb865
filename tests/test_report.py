"""The page of a result: one file that says what the result says, the same bytes every time, nothing of it executed."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from report_cases import RECORD, RESULT, evil
from worlds import run

from compare.errors import InputError
from compare.record import FILE_NAME
from compare.report import write_report
from compare.report.definitions import DEFINITIONS, IDENTITIES, NOTATION, WHO_PAYS_WHOM
from compare.report.lines import beside, ledger, metrics, money
from compare.report.write import report
from compare.scenario import Scenario
from compare.seed_study import study
from compare.study_record import STUDY_FILE_NAME, StudyRecord

PROJECT = Path(__file__).parents[1]
PAGE = report(RECORD)


class Text(HTMLParser):
    """The text of a page outside its scripts, and the tags with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._quiet = False
        self.feed(page)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._quiet = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._quiet = self._quiet and tag not in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.words.append(data)


def lpmm(*arguments: str, program: str = "from compare.cli import main; main()") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_number_of_the_ledgers_is_on_the_page() -> None:
    """Each cell of the three tables, the setting's hashes, the versions and both sums of every identity."""
    text = Text(PAGE).text
    cells = [cell for table in (ledger, beside, metrics) for line in table(RECORD) for cell in line.cells]
    sums = [side for one in RECORD.providers for sums in one.identities for side in (sums.left, sums.right)]
    versions = [f"{name} {version}" for name, version in RECORD.rerun.versions.items()]
    hashes = [RECORD.setting["path_sha256"], RECORD.setting["tape_sha256"]]
    assert len(cells) > 60
    for said in (*cells, *sums, *versions, *hashes):
        assert said in text
    assert "All 13 identities close with residual 0" in text


def test_both_ledgers_add_up_as_printed() -> None:
    """In each column the components add up to the profit beyond HODL, within the rounding of the cells."""
    lines = ledger(RECORD)
    total = next(place for place, line in enumerate(lines) if line.label == "profit beyond HODL")
    for column, _ in enumerate(RECORD.providers):
        amounts = [float((line.cells[column] or "0").replace(",", "").replace("\u2212", "-")) for line in lines]
        assert sum(amounts[:total]) == pytest.approx(amounts[total], abs=0.005 * total + 0.005)
        assert amounts[total] + amounts[total + 1] == pytest.approx(amounts[total + 2], abs=0.011)


def test_the_definitions_are_those_of_the_page_of_definitions() -> None:
    """Every definition, identity and sentence stands in docs/definitions.md, word for word."""
    page = (PROJECT / "docs" / "definitions.md").read_text(encoding="utf-8")
    rows = {tuple(cell.strip() for cell in line.strip("|").split("|")) for line in page.splitlines() if "|" in line}
    for one in DEFINITIONS.values():
        assert (one if one.meaning else one[:2]) in rows, one.printed
    words = " ".join(page.replace("*", "").split())
    for text in (*IDENTITIES, WHO_PAYS_WHOM, *NOTATION.split(". ")):
        assert " ".join(text.split()).rstrip(".") in words, text


def test_every_number_of_the_tables_has_its_definition() -> None:
    """Each line leads to what it means; only counts of trades speak for themselves."""
    lines = [*ledger(RECORD), *beside(RECORD), *metrics(RECORD)]
    assert {line.label for line in lines if not line.definition} == {
        "trades with noise takers",
        "trades with arbitrageurs",
    }


def test_every_link_leads_to_a_place_on_the_page() -> None:
    """Links are all within the file, each to an id that is there once; so are the labels of the charts."""
    tags = Text(PAGE).tags
    ids = [attributes["id"] for _, attributes in tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] for tag, attributes in tags if tag == "a"]
    assert len(links) > 30
    assert all(link and link[0] == "#" and link[1:] in ids for link in links)
    labels = [attributes[key] for _, attributes in tags for key in ("aria-labelledby",) if key in attributes]
    assert set(labels) <= set(ids)


def test_the_page_asks_no_other_host_for_anything() -> None:
    """No element names an address, and the policy in the page forbids what is not in the file."""
    tags = Text(PAGE).tags
    assert not [tag for tag, attributes in tags if {"src", "srcset", "action"} & set(attributes)]
    assert not [tag for tag, _ in tags if tag in {"link", "iframe", "object", "base"}]
    policy = next(a["content"] for tag, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "http" not in policy
    assert "'unsafe-eval'" not in policy


def test_tables_are_marked_up_for_a_screen_reader() -> None:
    """A language, one first heading, a caption and scopes in every table."""
    tags = Text(PAGE).tags
    names = [tag for tag, _ in tags]
    assert ("html", {"lang": "en"}) in tags
    assert names.count("h1") == 1
    assert names.count("caption") == names.count("table") == 4
    assert all(attributes.get("scope") in {"col", "row"} for tag, attributes in tags if tag == "th")


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    """In this process, after other figures were made, and from the command in another process, which says where."""
    assert report(RESULT) == PAGE
    RECORD.write(tmp_path / FILE_NAME)
    out = tmp_path / "mine.html"
    done = lpmm("report", str(tmp_path), "--out", str(out))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"wrote {out}\n"
    assert out.read_text(encoding="utf-8") == PAGE
    assert out.stat().st_size < 6_000_000


def test_what_a_user_named_is_never_markup() -> None:
    """Names, descriptions and commands with tags in them are text: the page has the tags that it has without them."""
    page = report(evil())
    seen, usual = Text(page), Text(PAGE)
    assert "window.stolen = 1" in seen.text
    assert [tag for tag, _ in seen.tags] == [*_with_command(usual)]
    assert "</script><script>window" not in page
    assert page.count("</script>") == PAGE.count("</script>")


def _with_command(usual: Text) -> list[str]:
    """Return the tags of a page with a command in a block of code, where this one has a paragraph without."""
    tags = [tag for tag, _ in usual.tags]
    place = next(place for place, (_, a) in enumerate(usual.tags) if a.get("id") == "again") + 1
    return [*tags[:place], "pre", "code", *tags[place + 1 :]]


def test_runs_of_several_modes_share_a_page(tmp_path: Path) -> None:
    """A folder with a folder for each mode gives one page, with a section for each and no id twice."""
    for mode in ("parallel", "routed", "matched"):
        (tmp_path / mode).mkdir()
        msgspec.structs.replace(RECORD, setting={**RECORD.setting, "mode": mode}).write(tmp_path / mode / FILE_NAME)
    steps: list[tuple[int, int]] = []
    file = write_report(tmp_path, tmp_path / "report.html", lambda done, total: steps.append((done, total)))
    assert steps == [(0, 7), (1, 7), (2, 7), (3, 7), (7, 7)]
    page = Text(file.read_text(encoding="utf-8"))
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    assert {"parallel-run", "routed-run", "matched-run"} <= set(ids)
    assert (tmp_path / "report.html").stat().st_size < 6_000_000
    RECORD.write(tmp_path / FILE_NAME)
    with pytest.raises(InputError, match="one for each of parallel, routed, matched"):
        report(tmp_path)


def test_a_study_over_seeds_has_its_own_part_of_the_page(tmp_path: Path) -> None:
    """Means with their errors, the payoff, the command with its seeds; beside a result in the folder, or alone."""
    found = study(run, range(3))
    StudyRecord.of(found, Scenario()).write(tmp_path / STUDY_FILE_NAME)
    page = report(tmp_path)
    text = Text(page).text
    assert found.finding() in text
    assert "lpmm compare --seeds 3" in text
    for one in found.differences.values():
        assert f"{money(one.mean)} \u00b1 {money(one.error)}" in text
    assert all(f'id="study-{name}"' in page for name in ("payoff", "differences"))
    assert report(found) != page  # without a scenario there is no command
    RECORD.write(tmp_path / FILE_NAME)
    both = Text(report(tmp_path)).text
    assert "All 13 identities" in both
    assert found.finding() in both


def test_a_folder_without_a_result_is_refused(tmp_path: Path) -> None:
    """The error says which folder is meant, and nothing is written."""
    with pytest.raises(InputError, match=r"holds no record\.json and no study\.json; name the folder"):
        write_report(tmp_path, tmp_path / "report.html")
    with pytest.raises(InputError, match="is no folder"):
        write_report(tmp_path / "nowhere", tmp_path / "report.html")
    with pytest.raises(InputError, match="is a folder"):
        write_report(RECORD, tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    """No traceback, exit code 2, and the name of the extra."""
    hide = "import sys; sys.modules['bokeh'] = None; from compare.cli import main; main()"
    done = lpmm("report", str(tmp_path), program=hide)
    assert done.returncode == 2
    assert "pip install 'lpmm[web]'" in done.stderr
    assert "Traceback" not in done.stderr
