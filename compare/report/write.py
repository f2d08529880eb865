"""Write the report of a result: of a folder that `lpmm compare --out` left, or of a comparison itself."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from bokeh.resources import Resources
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from compare.errors import InputError
from compare.files import check_writable, write_whole
from compare.modes import ModeComparison
from compare.record import FILE_NAME, Record
from compare.report.definitions import IDENTITIES, NOTATION, WHO_PAYS_WHOM
from compare.report.document import embedded
from compare.report.page import MODES, Page
from compare.result import Comparison
from compare.seed_study import Study
from compare.study_record import STUDY_FILE_NAME, StudyRecord

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    Progress: TypeAlias = Callable[[int, int], object]
    Result: TypeAlias = Comparison | ModeComparison | Study | Record | StudyRecord | str | os.PathLike[str]

_CODE = re.compile("`([^`]+)`")


def write_report(result: Result, file: str | os.PathLike[str], progress: Progress | None = None) -> Path:
    """Write one self-contained page about a result; the same result gives the same bytes.

    Args:
        result: A comparison, one in several modes, a study over seeds, the record of one of these, or the folder that
            `lpmm compare --out` wrote.
        file: The page to write, whole or not at all.
        progress: Called with (steps done, steps in all).

    Returns:
        The file.

    Raises:
        InputError: The folder holds no result, or the file cannot be written.
    """
    target = Path(file)
    if target.is_dir():
        raise InputError("is a folder", source=target, remedy="name a file such as report.html")
    page = report(result, progress)
    check_writable(target.parent)
    return write_whole(target.parent, {target.name: lambda path: path.write_text(page, encoding="utf-8")})[0]


def report(result: Result, progress: Progress | None = None) -> str:
    """Return the page of a result, as `write_report` writes it.

    Raises:
        InputError: The folder holds no result.
    """
    records, study = _records(result)
    steps = _Steps(2 * len(records) + 1, progress)
    page = Page.of(records, study, steps.next)
    document = embedded(page.figures)
    steps.done()
    environment = Environment(
        loader=PackageLoader("compare.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = _with_code
    bokeh_js = "\n".join(Resources(mode="inline", components=["bokeh"], minified=True).js_raw)
    start_js = _text("start.js")
    return environment.get_template("page.html.j2").render(
        page=page,
        style=Markup(_text("style.css")),  # noqa: S704 - this package's own file
        bokeh_js=Markup(bokeh_js),  # noqa: S704 - bokeh's own file
        start_js=Markup(start_js),  # noqa: S704 - this package's own file
        script_hashes=[_sha256(bokeh_js), _sha256(start_js)],
        document=Markup(document),  # noqa: S704 - JSON without any < or >
        notation=NOTATION,
        identities=IDENTITIES,
        who_pays_whom=WHO_PAYS_WHOM,
    )


class _Steps:
    """Progress in steps: one for drawing each run, as many for writing them down, and one at the end."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        """Begin."""
        self._at, self._total, self._progress = 0, total, progress
        self._tell()

    def next(self) -> None:
        """Take one step."""
        self._at += 1
        self._tell()

    def done(self) -> None:
        """Take all the steps that are left."""
        self._at = self._total
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._at, self._total)


def _records(result: Result) -> tuple[dict[str, Record], StudyRecord | None]:
    """Return the records of a result by mode, and of its study over seeds.

    Raises:
        InputError: A folder holds none.
    """
    match result:
        case ModeComparison():
            return {mode.value: Record.of(one) for mode, one in result.by_mode.items()}, None
        case Comparison():
            return _one(Record.of(result)), None
        case Record():
            return _one(result), None
        case Study():
            return {}, StudyRecord.of(result)
        case StudyRecord():
            return {}, result
        case _:
            return _read(Path(result))


def _one(record: Record) -> dict[str, Record]:
    return {record.setting["mode"]: record}


def _read(folder: Path) -> tuple[dict[str, Record], StudyRecord | None]:
    """Return what a folder holds: one result or one for each mode, and a study."""
    alone, several = folder / FILE_NAME, folder / STUDY_FILE_NAME
    modes = {mode: folder / mode / FILE_NAME for mode in MODES if (folder / mode / FILE_NAME).exists()}
    if alone.exists() and modes:
        problem = f"holds one result, and one for each of {', '.join(modes)}"
        raise InputError(problem, source=folder, remedy="name one of its folders, or remove the older result")
    records = {mode: Record.read(file) for mode, file in modes.items()}
    if alone.exists():
        records = _one(Record.read(alone))
    study = StudyRecord.read(several) if several.exists() else None
    if not records and study is None:
        problem = f"holds no {FILE_NAME} and no {STUDY_FILE_NAME}" if folder.is_dir() else "is no folder"
        raise InputError(problem, source=folder, remedy="name the folder that lpmm compare --out wrote")
    return records, study


def _with_code(text: str) -> Markup:
    """Return a text escaped, with what stands between backquotes as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _text(name: str) -> str:
    return (files("compare.report") / name).read_text(encoding="utf-8")


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
