"""The reference as pages for Sphinx: one for each public module, one for each package, and one for the command line."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import TYPE_CHECKING, Any, get_type_hints

import typer.main

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = ("amm", "orderbook", "compare")


def write(folder: Path) -> None:
    """Write every page into a folder, and leave those alone that are as they should be."""
    folder.mkdir(exist_ok=True)
    pages = {"lpmm": command_line_page()}
    for package in PACKAGES:
        modules = public_modules(package)
        resolve_annotations(modules)
        own = [module for module in modules if module.__name__.count(".") == 1]
        pages[package] = package_page(importlib.import_module(package), own)
        for module in own:
            below = [one for one in modules if one.__name__.startswith(f"{module.__name__}.")]
            pages[module.__name__] = module_page(module, below)
    for name, text in pages.items():
        file = folder / f"{name}.rst"
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
    for file in folder.glob("*.rst"):
        if file.stem not in pages:
            file.unlink()


def public_modules(package: str) -> list[ModuleType]:
    """Return every module of a package that is not private; the command line has a page of its own."""
    found = pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
    names = [one.name for one in found if "._" not in one.name and not one.name.endswith(("cli", "_commands"))]
    return [importlib.import_module(name) for name in names]


def resolve_annotations(modules: list[ModuleType]) -> None:
    """Import what modules import for their annotations only, so that they lead to what they name.

    Raises:
        ImportError: There is no such name.
    """
    waiting = modules
    while waiting:
        later = []
        for module in waiting:
            try:
                import_for_annotations(module)
            except ImportError:  # perhaps a name that the other module has for its annotations, too
                later.append(module)
        if len(later) == len(waiting):
            import_for_annotations(later[0])
        waiting = later
    for module in modules:
        for found in vars(module).values():
            if inspect.isclass(found) and found.__module__ == module.__name__ and hasattr(found, "_fields"):
                found.__new__.__annotations__ = get_type_hints(found)  # a named tuple keeps its fields' as text


def import_for_annotations(module: ModuleType) -> None:
    """Run a module's own statements under TYPE_CHECKING; an alias that only a type checker understands is anything."""
    for block in ast.parse(inspect.getsource(module)).body:
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING":
            for statement in block.body:
                try:
                    code = compile(ast.Module([statement], []), module.__name__, "exec")
                    exec(code, module.__dict__)  # noqa: S102 - as above
                except TypeError:
                    if not isinstance(statement, ast.AnnAssign):
                        raise
                    module.__dict__[ast.unparse(statement.target)] = Any


def package_page(package: ModuleType, modules: list[ModuleType]) -> str:
    """Return the page of a package: what it exports, each where it is defined, and its modules."""
    name = package.__name__
    names = [f"* `{name}.{public}`" for public in package.__all__]
    listed = [f"* :doc:`{module.__name__}`: {summary(module)}" for module in modules]
    about = [f".. automodule:: {name}", "   :no-members:"]
    return page(heading(name), about, heading("Public names", "-"), names, heading("Modules", "-"), listed)


def module_page(module: ModuleType, below: list[ModuleType]) -> str:
    """Return the page of a module, or of a package within a package with all that is in it."""
    members = [] if below else ["   :members:"]
    parts = [[":orphan:"], heading(module.__name__), [f".. automodule:: {module.__name__}", *members]]
    for one in below:
        parts += [heading(one.__name__, "-"), [f".. automodule:: {one.__name__}", "   :members:"]]
    return page(*parts)


def home(name: str) -> str | None:
    """Return the full name of what a package exports under this name: where it is defined. None where nothing is."""
    package, _, attribute = name.rpartition(".")
    if package.partition(".")[0] not in PACKAGES:
        return None
    try:
        found = getattr(importlib.import_module(package), attribute)
    except (ImportError, AttributeError):
        return None
    if isinstance(found, ModuleType):
        return found.__name__
    return f"{found.__module__}.{attribute}" if hasattr(found, "__module__") else None


def command_line_page() -> str:
    """Return what every verb's help says."""
    from compare.cli import app  # noqa: PLC0415 - the packages are imported when the pages are written

    parts = [heading("lpmm"), ["What ``lpmm VERB --help`` says, on one page."]]
    return page(*parts, *verbs(typer.main.get_command(app), "lpmm"))


def verbs(command: Any, name: str) -> list[list[str]]:  # noqa: ANN401 - typer keeps its commands' types to itself
    """Return the parts of a page that a command and its verbs need."""
    below: dict[str, Any] = getattr(command, "commands", {})
    if below:
        return [part for verb, one in below.items() for part in verbs(one, f"{name} {verb}")]
    text = inspect.cleandoc(command.help or "").replace(":\n\n    ", "::\n\n    ")
    options = [f"``{option_names(one)}``\n   {getattr(one, 'help', '') or 'See above.'}\n" for one in command.params]
    return [heading(name, "-"), [text], options]


def option_names(parameter: Any) -> str:  # noqa: ANN401 - the same
    """Return how a parameter is written on the command line."""
    if parameter.param_type_name == "argument":
        return (parameter.name or "").upper()
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


def summary(module: ModuleType) -> str:
    """Return the first line of a module's docstring."""
    return (module.__doc__ or "").partition("\n")[0]


def heading(text: str, mark: str = "=") -> list[str]:
    """Return a heading and the line under it."""
    return [text, mark * len(text)]


def page(*parts: list[str]) -> str:
    """Return parts, each of several lines, with an empty line between them."""
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"
