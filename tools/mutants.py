"""Puts small bugs into the program, one at a time, and lists those that no test notices.

    python tools/mutants.py                          400 changes to the core, from all its rooms alike
    python tools/mutants.py perfxl/batch -n 200      200 changes to one room
    python tools/mutants.py perfxl/model/record.py --all

The suite is copied to a folder for the time being and runs there once, to learn which test passes through which line
(`.mutants.json` keeps that; `--learn` learns anew). Then each change is made in a process of its own, which begins
where all tests are collected and runs only those that pass through the changed line, quickest first, up to `--seconds`
of them. Tests that need an office program take no part. docs/testing.md says what the survivors are worth.
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from mutations import Mutation, mutations

ROOT = Path(__file__).resolve().parent.parent
KNOWN = ROOT / ".mutants.json"
CORE = (
    *("model", "extraction", "checks", "computation", "pipeline", "batch", "document", "workbook/reading"),
    *("report_type", "storage"),
)
# What a mutant must not reach, as it says nothing of behaviour: the house and its formatters, machines of a cluster,
# and runs that are killed again and again.
ASIDE = (
    *("tests/test_house.py", "tests/test_shipped.py", "tests/docs", "tests/page"),
    "tests/batch/test_batch_cluster.py",
)
LONGEST = 3.0  # seconds: longer tests take no part
_UNMADE = 3  # the status of a child that could not make the change
PATIENCE = 60.0  # seconds beyond what the tests take without the change


class Survey:
    """Which tests pass through which line, how long each takes, and which lines run when modules are loaded."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.lines: dict[str, dict[str, list[int]]] = data["lines"]
        self.seconds: dict[str, float] = data["seconds"]
        self.tests: list[str] = data["tests"]

    def touching(self, module: str, lines: Iterable[int]) -> list[str]:
        """Return the tests that pass through one of the lines, the quickest first, one case of each before the next."""
        found = {number for line in lines for number in self.lines.get(module, {}).get(str(line), ())}
        names = sorted((self.tests[at] for at in found if self.tests[at]), key=lambda name: self.seconds.get(name, 1.0))
        # One case of every test first: many of a kind hardly see more than one does.
        cases: Counter[str] = Counter()
        turns = {}
        for name in names:
            function = name.partition("[")[0]
            turns[name] = cases[function]
            cases[function] += 1
        return sorted(names, key=lambda name: turns[name])

    def loaded(self, module: str, line: int) -> bool:
        """Whether a line runs before the first test does."""
        return any(not self.tests[number] for number in self.lines.get(module, {}).get(str(line), ()))


class Learning:
    """A plugin that runs the suite once and writes down which test passes through which line."""

    def __init__(self) -> None:
        import coverage

        self.coverage = coverage.Coverage(data_file=None, source=["perfxl"], config_file=False)
        self.coverage.start()
        self.seconds: dict[str, float] = defaultdict(float)
        known = Path(KNOWN.name)
        self.past: dict[str, float] = json.loads(known.read_text("utf-8"))["seconds"] if known.is_file() else {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if self.past.get(item.nodeid, 0) <= LONGEST]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        data = self.coverage.get_data()
        tests = ["", *sorted(self.seconds)]
        number = {name: at for at, name in enumerate(tests)}
        lines: dict[str, dict[str, list[int]]] = {}
        for path in data.measured_files():
            found = data.contexts_by_lineno(path)
            name = Path(path).relative_to(Path.cwd()).as_posix()
            lines[name] = {str(line): [number[one] for one in names if one in number] for line, names in found.items()}
        seconds = {name: round(taken, 3) for name, taken in self.seconds.items()}
        Path(KNOWN.name).write_text(json.dumps({"tests": tests, "seconds": seconds, "lines": lines}), "utf-8")


class Mutants:
    """A plugin that makes one change after the other and runs the tests that should notice it."""

    def __init__(self, asked: Sequence[tuple[str, Mutation]], seconds: float, report: Path, quick: bool) -> None:
        self._asked, self._seconds, self._report, self._quick = asked, seconds, report, quick
        self._survey = Survey(json.loads(Path(KNOWN.name).read_text("utf-8")))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        terminal = session.config.pluginmanager.get_plugin("capturemanager")
        survivors: list[str] = []
        with terminal.global_and_fixture_disabled(), self._report.open("a", encoding="utf-8") as report:
            gc.collect()
            gc.freeze()
            for number, (module, mutation) in enumerate(self._asked, 1):
                began = time.monotonic()
                verdict = self._verdict(session, items, module, mutation)
                taken = time.monotonic() - began
                line = f"{verdict:9} {module}:{mutation.line}  {mutation.what}"
                print(f"{number:4}/{len(self._asked)} {taken:5.1f} s  {line}", flush=True)
                report.write(line + "\n")
                report.flush()
                survivors += [line] if verdict in ("survived", "untested") else []
        print(f"\n{len(survivors)} of {len(self._asked)} survived")
        session.items[:] = []
        return True

    def _verdict(self, session: pytest.Session, items: dict[str, Any], module: str, mutation: Mutation) -> str:
        path = Path(module)
        source = path.read_bytes()
        where = _Place(source, mutation)
        names = self._survey.touching(module, where.lines)
        chosen, budget = [], self._seconds
        for name in names:
            if name in items and budget > 0 and self._survey.seconds.get(name, 0) <= LONGEST:
                chosen.append(items[name])
                budget -= self._survey.seconds.get(name, 0)
        if not chosen:
            return "untested"
        past = path.stat()
        path.write_bytes(mutation.made(source))
        try:
            taken = self._seconds - budget
            absent = _name(module) not in sys.modules
            if absent or where.exchangeable:
                verdict = _in_child(session, chosen, module, mutation.made(source), where, taken)
                before = any(self._survey.loaded(module, line) for line in where.body or where.lines)
                if verdict in ("noticed", "hung") or (verdict == "survived" and (self._quick or absent or not before)):
                    return verdict
            # What changed takes part in loading the modules, and so does what comes of it.
            return _anew([item.nodeid for item in chosen], taken)
        finally:
            path.write_bytes(source)
            os.utime(path, ns=(past.st_atime_ns, past.st_mtime_ns))


class _Place:
    """Where a change stands: in which outermost function, or in which statement of a module."""

    def __init__(self, source: bytes, mutation: Mutation) -> None:
        tree = ast.parse(source)
        self.function = ""
        self.constant = ""
        self.body: range = range(0)
        line = mutation.line
        self.lines: set[int] = {line}
        body, names = tree.body, []
        while True:
            node = next((one for one in body if _first(one) <= line <= (one.end_lineno or 0)), None)
            if not isinstance(node, ast.ClassDef):
                break
            names.append(node.name)
            body = node.body
        if isinstance(node, ast.FunctionDef) and line >= node.body[0].lineno:
            self.function = ".".join([*names, node.name])
            self.body = range(node.body[0].lineno, (node.end_lineno or 0) + 1)
            inner = [one for one in ast.walk(node) if isinstance(one, ast.stmt) and line in _lines(one)]
            least = min(inner, key=lambda one: len(_lines(one)))
            self.lines = {line} if hasattr(least, "body") else set(_lines(least))
        elif isinstance(node, ast.FunctionDef):
            self.lines = set(range(node.body[0].lineno, (node.end_lineno or 0) + 1))
        elif node is not None:
            self.lines = _uses(tree, node)
            if isinstance(node, ast.Assign | ast.AnnAssign) and not names:
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                self.constant = target.id if isinstance(target, ast.Name) else ""

    @property
    def exchangeable(self) -> bool:
        """Whether the change can be made where the modules are loaded already."""
        return bool(self.function or self.constant)


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _first(node: ast.stmt) -> int:
    return min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])


def _uses(tree: ast.Module, node: ast.stmt) -> set[int]:
    """Return the lines of functions that use what a statement of the module gives a name to, be it through others."""
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    names |= {node.name} if isinstance(node, ast.ClassDef) else set()
    lines: set[int] = set()
    for _ in range(4):  # constants are made of constants
        for other in tree.body:
            used = [one.lineno for one in ast.walk(other) if isinstance(one, ast.Name) and one.id in names]
            if not used:
                continue
            if isinstance(other, ast.Assign | ast.AnnAssign):
                names |= {one.id for one in ast.walk(other) if isinstance(one, ast.Name)} - set(dir(__builtins__))
            else:
                lines |= set(used)
    if not lines:
        for one in ast.walk(tree):
            if isinstance(one, ast.FunctionDef):
                lines |= set(range(one.body[0].lineno, (one.end_lineno or 0) + 1))
    return lines


def _in_child(
    session: pytest.Session, chosen: list[Any], module: str, source: bytes, where: _Place, expected: float
) -> str:
    """Run tests in a copy of this process, in which one function has another code."""
    child = os.fork()
    if child == 0:
        status = _UNMADE
        try:
            os.setsid()
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(null, stream)
            # What nobody has loaded yet will be loaded from the changed file.
            if _name(module) in sys.modules:
                (_exchange if where.function else _reassign)(module, source, where.function or where.constant)
            status = 1
            folder = tempfile.mkdtemp(prefix="mutant")
            session.config._tmp_path_factory._basetemp = Path(folder)  # type: ignore[attr-defined]
            status = _run(session, chosen)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os._exit(status)
    return _awaited(child, expected)


def _run(session: pytest.Session, chosen: list[Any]) -> int:
    session.items[:] = chosen
    session.config.option.maxfail = 1
    capture = session.config.pluginmanager.get_plugin("capturemanager")
    capture.resume_global_capture()
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    session.config.pluginmanager.unregister(reporter)
    for number, item in enumerate(chosen):
        after = chosen[number + 1] if number + 1 < len(chosen) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if session.testsfailed:
            return 1
    return 0


def _awaited(child: int, expected: float) -> str:
    """Return what came of a child, which is stopped with all it has started when it takes far too long."""
    deadline = time.monotonic() + PATIENCE + 3 * expected
    pause = 0.005
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return {0: "survived", _UNMADE: "unmade"}.get(os.waitstatus_to_exitcode(status), "noticed")
        if time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "hung"
        time.sleep(pause)
        pause = min(0.1, pause * 1.5)


def _name(module: str) -> str:
    return module.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _exchange(module: str, source: bytes, function: str) -> None:
    """Give every function object of one name the code that it has in the changed source."""
    path = str(Path(module).resolve())
    new = _code(compile(source, path, "exec"), function.split("."))
    changed = 0
    for one in gc.get_objects(0) + gc.get_objects(1) + gc.get_objects(2) + _frozen():
        if isinstance(one, FunctionType) and one.__code__.co_filename == path and one.__qualname__ == function:
            one.__code__ = new
            changed += 1
    assert changed, function


def _reassign(module: str, source: bytes, name: str) -> None:
    """Give a constant, and those made of it, the values of the changed source, wherever they were imported."""
    loaded = sys.modules[_name(module)]
    names = {name}
    for node in ast.parse(source).body:
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        used = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        if not used & names:
            continue
        own = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
        before = {one: getattr(loaded, one) for one in own}
        exec(compile(ast.Module([node], []), module, "exec", dont_inherit=True), loaded.__dict__)
        names |= own
        for other in list(sys.modules.values()):
            for one, old in before.items():
                if other is not loaded and getattr(other, "__dict__", {}).get(one) is old:
                    setattr(other, one, getattr(loaded, one))


def _frozen() -> list[Any]:
    gc.unfreeze()
    return gc.get_objects()


def _code(whole: CodeType, names: Sequence[str]) -> CodeType:
    for name in names:
        whole = next(one for one in whole.co_consts if isinstance(one, CodeType) and one.co_name == name)
    return whole


def _anew(names: list[str], expected: float) -> str:
    """Run tests in a new process: what changed takes part in loading the modules."""
    files = sorted({name.partition("::")[0] for name in names})
    words = [sys.executable, __file__, "--only", json.dumps(names), *files]
    run = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           start_new_session=True)  # fmt: skip
    try:
        return "noticed" if run.wait(PATIENCE + 3 * expected + 20) else "survived"
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        return "hung"


class Only:
    """A plugin that runs some tests and no others, in the order in which they are named."""

    def __init__(self, names: Sequence[str]) -> None:
        self._order = {name: number for number, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted([i for i in items if i.nodeid in self._order], key=lambda item: self._order[item.nodeid])


def _suite(*more: str) -> list[str]:
    aside = [f"--ignore={path}" for path in ASIDE]
    return ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not office", *aside, *more]


def _asked(options: argparse.Namespace) -> list[tuple[str, Mutation]]:
    """Return the changes to be made: as many from each place named, at random but always the same."""
    places = options.places or [f"perfxl/{room}" for room in CORE]
    chance = random.Random(options.seed)
    chosen: list[tuple[str, Mutation]] = []
    for place in places:
        path = Path(place)
        modules = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        every = [(module.as_posix(), one) for module in modules for one in mutations(module.read_bytes())]
        wanted = len(every) if options.all else min(len(every), -(-options.number // len(places)))
        # Words of regular expressions are as many as all the rest, and few of them are worth a test.
        lots = {pair: chance.random() / (0.2 if "regular" in pair[1].what else 1.0) for pair in every}
        chosen += sorted(sorted(every, key=lots.__getitem__)[:wanted], key=lambda pair: (pair[0], pair[1][:4]))
    return chosen


def _copied(folder: Path) -> None:
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    if KNOWN.is_file():
        shutil.copy2(KNOWN, folder / KNOWN.name)


def main(words: Sequence[str]) -> int:
    """Make the changes and say which survived; return 0 whatever that is."""
    if words[:1] == ["--only"]:
        return int(pytest.main(_suite("-x", *words[2:]), plugins=[Only(json.loads(words[1]))]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="*", help="modules or folders; without any, the core")
    parser.add_argument("-n", "--number", type=int, default=400, help="changes in all")
    parser.add_argument("--all", action="store_true", help="every change there is")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20.0, help="of tests for one change, at most")
    parser.add_argument("--quick", action="store_true", help="never begin anew: some survivors are none")
    parser.add_argument("--learn", action="store_true", help="learn anew which test passes through which line")
    parser.add_argument("--report", type=Path, default=ROOT / "mutants.txt", help="where verdicts are added")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if not options.here:
        with tempfile.TemporaryDirectory(prefix="mutants") as folder:
            _copied(Path(folder))
            environment = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
            report = ["--report", str(options.report.resolve())]
            again = [sys.executable, f"{folder}/tools/mutants.py", "--here", *words, *report]
            return subprocess.run(again, cwd=folder, env=environment, check=False).returncode
    known = Path(KNOWN.name)
    if options.learn or not known.is_file():
        # In a process of its own: what tests leave behind in memory must not be there when changes are tried.
        learning = "import sys; sys.path.insert(0, 'tools'); import mutants, pytest; plugin = mutants.Learning();"
        learning += "pytest.main(mutants._suite(), plugins=[plugin])"
        subprocess.run([sys.executable, "-c", learning], check=True)
        shutil.copy2(known, options.report.parent / known.name)
    plugin = Mutants(_asked(options), options.seconds, options.report, options.quick)
    return int(pytest.main(_suite("-s"), plugins=[plugin]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
