"""One home per technology; clocks, chance, tasks and queues where they belong."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.source.tree import PACKAGE, dotted, imported, name_of, parse, python_files

SOURCES = python_files(PACKAGE)

# What may be imported where, as paths below the package. A folder ends with a slash.
HOMES = {
    "torch": ("colorizer/",),
    "safetensors": ("colorizer/",),
    "httpx": ("weights/", "remote/"),
    "apsw": ("journal/",),
    "sqlite3": (),
    "PIL": ("pictures/",),
    "pillow_heif": ("pictures/",),
    "tifffile": ("pictures/",),
    "skimage": (),
    "starlette": ("web/",),
    "python_multipart": ("web/",),
    "uvicorn": ("web/", "runtime/", "cli/"),
    "typer": ("cli/",),
    "rich": ("cli/",),
    "segno": ("cli/", "web/"),
    "asyncio": ("runtime/", "web/", "cli/"),
    "threading": ("runtime/", "web/", "cli/", "remote/"),
    "concurrent": ("runtime/",),
    "multiprocessing": ("runtime/",),
    "subprocess": ("runtime/", "cli/"),
    # Only the clock reads a clock (and sleeps); whoever measures is given one.
    "time": ("runtime/clock.py",),
    # Only ids.py draws.
    "random": ("ids.py",),
    "secrets": ("ids.py",),
    "uuid": ("ids.py",),
}
PURE = ("color/", "hints/", "wire/", "room/")
PURE_MAY_IMPORT = {"chromavive", "msgspec"}
PURE_MUST_NOT = {"asyncio", "threading", "socket", "os", "time", "random", "uuid", "logging", "secrets", "subprocess"}
CLOCK_READS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
LOOP_TIME = re.compile(r"loop(\(\))?\.time$")
DRAWS = ("os.urandom", "np.random", "numpy.random", "torch.rand", "torch.normal", "torch.manual_seed")
QUEUES = {"Queue", "LifoQueue", "PriorityQueue", "SimpleQueue", "deque"}


def below(path: Path, folders: tuple[str, ...]) -> bool:
    """Whether a file of the package is one of these files or lies in one of these folders."""
    place = path.relative_to(PACKAGE).as_posix()
    return any(place == home or (home.endswith("/") and place.startswith(home)) for home in folders)


def calls(path: Path, wrong: Callable[[ast.Call], bool]) -> list[str]:
    """Each wrong call of a file, as line and name."""
    nodes = [node for node in ast.walk(parse(path)) if isinstance(node, ast.Call) and wrong(node)]
    return [f"line {node.lineno}: {dotted(node.func)}" for node in nodes]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_technology_stays_at_home(path: Path) -> None:
    """Torch, apsw, Pillow, Starlette, tasks, threads, clocks and chance have one home each."""
    roots = {name.split(".")[0] for name in imported(path)}
    assert not {root for root in roots & HOMES.keys() if not below(path, HOMES[root])}


@pytest.mark.parametrize("path", [path for path in SOURCES if below(path, PURE)], ids=name_of)
def test_the_core_is_pure(path: Path) -> None:
    """Band 1 knows the standard library without its side effects, msgspec, and in color/ numpy."""
    allowed = (sys.stdlib_module_names - PURE_MUST_NOT) | PURE_MAY_IMPORT
    if below(path, ("color/",)):
        allowed |= {"numpy"}
    assert not {name for name in imported(path) if name.split(".")[0] not in allowed}


def clock_reads(path: Path) -> list[str]:
    """Calls that ask what time it is, the event loop's clock included."""

    def reads(call: ast.Call) -> bool:
        name = dotted(call.func)
        return any(name == read or name.endswith(f".{read}") for read in CLOCK_READS) or bool(LOOP_TIME.search(name))

    return calls(path, reads)


def draws(path: Path) -> list[str]:
    """Calls that give something random."""
    return calls(path, lambda call: dotted(call.func).startswith(DRAWS))


def orphan_tasks(path: Path) -> list[str]:
    """Calls that start a task that no task group owns."""

    def orphan(call: ast.Call) -> bool:
        owner, _, verb = dotted(call.func).rpartition(".")
        return verb == "ensure_future" or (verb == "create_task" and (owner in {"", "asyncio"} or "loop" in owner))

    return calls(path, orphan)


def swallowed_cancellations(path: Path) -> list[str]:
    """Handlers that catch a cancellation, or everything, and do not raise."""
    handlers = [node for node in ast.walk(parse(path)) if isinstance(node, ast.ExceptHandler) and _catches_all(node)]
    return [
        f"line {handler.lineno}"
        for handler in handlers
        if not any(isinstance(node, ast.Raise) for node in ast.walk(handler))
    ]


def _catches_all(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(dotted(kind).rpartition(".")[2] in {"CancelledError", "BaseException"} for kind in caught)


def unbounded_queues(path: Path) -> list[str]:
    """Queues made without a size, and deques whose bound no comment beside them names ("bounded …")."""
    lines = path.read_text(encoding="utf-8").splitlines()
    unsized = [call.lineno for call in _queues(parse(path)) if not _has_a_size(call)]
    return [f"line {line}" for line in unsized if "ounded" not in "".join(lines[max(0, line - 2) : line])]


def _queues(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _makes_a_queue(node.func):
            yield node
        elif isinstance(node, ast.keyword) and node.arg == "default_factory" and _makes_a_queue(node.value):
            yield ast.copy_location(ast.Call(func=node.value, args=[], keywords=[]), node.value)


def _makes_a_queue(function: ast.expr) -> bool:
    return dotted(function).rpartition(".")[2] in QUEUES


def _has_a_size(call: ast.Call) -> bool:
    if dotted(call.func).rpartition(".")[2] == "deque":
        return len(call.args) == 2 or any(keyword.arg == "maxlen" for keyword in call.keywords)
    return bool(call.args) or any(keyword.arg == "maxsize" for keyword in call.keywords)


@pytest.mark.parametrize("path", [path for path in SOURCES if not below(path, ("runtime/clock.py",))], ids=name_of)
def test_time_comes_in_as_an_argument(path: Path) -> None:
    """Besides the clock nothing asks what time it is."""
    assert not clock_reads(path)


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if not below(path, ("ids.py", "evaluation.py"))], ids=name_of
)
def test_chance_comes_in_as_an_argument(path: Path) -> None:
    """Besides ids.py nothing draws, but for a measurement's places of hints, which have a fixed seed."""
    assert not draws(path)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_every_task_has_a_group(path: Path) -> None:
    """No task is started that nobody owns: only task groups create tasks."""
    assert not orphan_tasks(path)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_cancellation_is_never_swallowed(path: Path) -> None:
    """Whoever catches a cancellation, or everything, raises again."""
    assert not swallowed_cancellations(path)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_every_queue_has_a_size(path: Path) -> None:
    """A queue is made with its size; a deque too, or the comment beside it says what bounds it."""
    assert not unbounded_queues(path)


@pytest.mark.parametrize(
    "find, wrong, right",
    [
        (clock_reads, "datetime.now()", "clock.now_seconds()"),
        (clock_reads, "asyncio.get_running_loop().time()", "clock.time()"),
        (draws, "np.random.default_rng()", "ids.new_seed()"),
        (draws, "torch.rand(3)", "torch.zeros(3)"),
        (orphan_tasks, "asyncio.create_task(work())", "group.create_task(work())"),
        (orphan_tasks, "loop.create_task(work())", "self._group.create_task(work())"),
        (orphan_tasks, "asyncio.ensure_future(work())", "asyncio.run(work())"),
        (swallowed_cancellations, "try: go()\nexcept BaseException: stop()", "try: go()\nexcept OSError: stop()"),
        (swallowed_cancellations, "try: go()\nexcept: stop()", "try: go()\nexcept BaseException: raise"),
        (unbounded_queues, "waiting = asyncio.Queue()", "waiting = asyncio.Queue(8)"),
        (unbounded_queues, "waiting = deque()", "waiting = deque()  # bounded: one a room"),
        (unbounded_queues, "waiting = field(default_factory=deque)", "waiting = deque(maxlen=8)"),
    ],
)
def test_what_is_looked_for_is_found(find: Callable[[Path], list[str]], wrong: str, right: str, tmp_path: Path) -> None:
    """Each search above finds the wrong line and leaves the right one alone."""
    (tmp_path / "wrong.py").write_text(wrong, encoding="utf-8")
    (tmp_path / "right.py").write_text(right, encoding="utf-8")
    assert find(tmp_path / "wrong.py")
    assert not find(tmp_path / "right.py")
