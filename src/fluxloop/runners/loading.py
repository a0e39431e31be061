"""From `module:function` to something that can be called."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from fluxloop.errors import RunnerError, suggest
from fluxloop.runners.binding import Binding, bind_function
from fluxloop.runners.blame import describe_error, shown_path

FORMS = "A target is `module:function`, `module:Class.method` or `module:instance.method`, for example `agent:answer`."


@dataclass(frozen=True, slots=True)
class LoadedTarget:
    """An agent ready to be called."""

    function: Callable[..., Any]
    """What is called; for a class, its method, still to be bound to an instance."""
    owner: type | None
    """The class to make a fresh instance of for every session; None for a plain function."""
    binding: Binding


def load_target(target: str, root: Path) -> LoadedTarget:
    """Import the module from the project and find the function. RunnerError says what is missing, and where."""
    module_name, path = split_target(target)
    module = import_agent(module_name, target, root)
    owner, value = find_value(module, path, shown_path(module.__file__ or module_name, root))
    if inspect.isclass(value):
        owner, value, path = value, _call_of(value, target), f"{path}.__call__"
    if not callable(value):
        raise RunnerError(f"`{target}` is a `{type(value).__name__}`, which cannot be called.", FORMS)
    owned = _needs_instance(owner, path.rpartition(".")[2])
    if owned:
        _require_no_arguments(owner, target)
    return LoadedTarget(value, owner if owned else None, bind_function(value, path, skip_self=owned))


def split_target(target: str) -> tuple[str, str]:
    """`agent:Support.answer` → `agent` and `Support.answer`."""
    module, _, path = target.strip().partition(":")
    if module.endswith(".py") or "/" in module:
        dotted = module.removesuffix(".py").strip("./").replace("/", ".")
        raise RunnerError(f"`{target}` names a file, and a module is needed.", f"Write `{dotted}:{path or 'answer'}`.")
    names = [*module.split("."), *path.split(".")]
    if not all(name.isidentifier() for name in names):
        raise RunnerError(f"`{target}` is not a target.", FORMS)
    return module, path


def import_agent(name: str, target: str, root: Path) -> ModuleType:
    """The module, looked for in the project first. What it prints on import goes to standard error."""
    put_first_on_path(root)
    forget_stale(name.partition(".")[0], root)
    importlib.invalidate_caches()
    try:
        with redirect_stdout(sys.stderr):
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise _not_found(error, name, target, root) from error
    except (Exception, SystemExit) as error:  # whatever the agent's module does when it is imported
        raise RunnerError(
            f"{describe_error(error, root)}\n`{target}` cannot be used, because importing `{name}` fails.",
            f"Try: {sys.executable} -c 'import {name}'",
        ) from error


def find_value(module: ModuleType, path: str, file: str) -> tuple[Any, Any]:
    """What stands at `Class.method` in the module, and what holds it."""
    owner, value, seen = None, module, file
    for name in path.split("."):
        if not hasattr(value, name):
            raise RunnerError(f"{file}: there is no `{name}` in {seen}.", suggest(name, _callables(value)))
        owner, value, seen = value, getattr(value, name), f"`{name}`"
    return owner, value


def put_first_on_path(root: Path) -> None:
    """The project's own modules win; they stay importable, since an agent may import more while it answers."""
    entry = str(root.resolve())
    if entry in sys.path:
        sys.path.remove(entry)
    sys.path.insert(0, entry)


def forget_stale(top: str, root: Path) -> None:
    """Drop a module of the same name that another project has left loaded in this process."""
    loaded = sys.modules.get(top)
    own = (root / f"{top}.py").exists() or (root / top).is_dir()
    if loaded is None or not own or top in sys.stdlib_module_names or _stands_in(loaded, root):
        return
    for name in [name for name in sys.modules if name == top or name.startswith(f"{top}.")]:
        del sys.modules[name]


def _stands_in(module: ModuleType, root: Path) -> bool:
    places = [module.__file__] if module.__file__ else list(getattr(module, "__path__", []))
    return any(Path(place).resolve().is_relative_to(root.resolve()) for place in places)


def _not_found(error: ModuleNotFoundError, name: str, target: str, root: Path) -> RunnerError:
    missing = error.name or ""
    if name == missing or name.startswith(f"{missing}."):
        hint = suggest(name, _modules_in(root)) or f"Write {name.replace('.', '/')}.py, or set another target."
        return RunnerError(f"`{target}`: there is no module `{missing}` in {root}.", hint)
    package = missing.partition(".")[0]
    return RunnerError(
        f"{describe_error(error, root)}\n`{target}` cannot be used, because `{name}` imports `{missing}`.",
        f"If it is a package, install it where fluxloop runs: {sys.executable} -m pip install {package}",
    )


def _modules_in(root: Path) -> list[str]:
    files = [path.stem for path in sorted(root.glob("*.py"))]
    packages = [path.parent.name for path in sorted(root.glob("*/__init__.py"))]
    return files + packages


def _callables(value: Any) -> list[str]:
    """Public names a person may have meant: functions, classes and instances, no imported modules."""
    names = [name for name in dir(value) if not name.startswith("_")]
    own = [name for name in names if _is_callable_part(value, getattr(value, name, None))]
    return own or names


def _is_callable_part(holder: Any, value: Any) -> bool:
    """Something that can be called or has methods, and of a module only what was written there: no constants."""
    if inspect.ismodule(value) or isinstance(value, (str, bytes, int, float, list, tuple, dict, set, frozenset)):
        return False
    home = getattr(value, "__module__", None)
    return not inspect.ismodule(holder) or home is None or home == holder.__name__ or not callable(value)


def _call_of(cls: type, target: str) -> Any:
    call = inspect.getattr_static(cls, "__call__", None)
    if inspect.isfunction(call):
        return call
    methods = [name for name in _callables(cls) if inspect.isroutine(getattr(cls, name))]
    known = ", ".join(f"`{target}.{name}`" for name in methods[:8])
    raise RunnerError(f"`{target}` is a class, and a method of it is needed.", f"Known: {known or 'none'}.")


def _needs_instance(owner: Any, name: str) -> bool:
    if not inspect.isclass(owner):
        return False
    return not isinstance(inspect.getattr_static(owner, name), (staticmethod, classmethod))


def _require_no_arguments(owner: type, target: str) -> None:
    try:
        inspect.signature(owner).bind()
    except TypeError as cause:
        raise RunnerError(
            f"`{target}`: `{owner.__name__}` is made afresh for every session, without arguments: {cause}.",
            "Give them default values, or make an instance in the module and write `module:instance.method`.",
        ) from cause
    except ValueError:
        return
