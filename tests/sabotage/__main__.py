"""Puts each fault into a copy of the tree and runs the test that must turn red: scripts/sabotage [--list] [NAME …]."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.sabotage.fault import Fault
from tests.sabotage.faults import FAULTS

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("server", "client", "tests", "weights", "bench", "pyproject.toml", "package.json", "docs")
TEST_SECONDS_MAX = 300
GREEN, RED, RAN_NOTHING = 0, 1, 2  # the first two are pytest's own
TAP_LINE = re.compile(r"^ *(ok|not ok) \d+ - (.+)$", re.MULTILINE)


def copy_tree(to: Path) -> None:
    """Copies what tests need; the type checker, and the shared research beside a checkout, are linked into place."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy2(source, to / name)
    if (checker := ROOT / "node_modules").is_dir():
        (to / "node_modules").symlink_to(checker)
    if (shared := ROOT.parent / "shared").is_dir():
        (to.parent / "shared").symlink_to(shared)


def run_tests(tree: Path, tests: list[str]) -> int:
    """Exit status of the tests in that tree: 0 all green, 1 at least one red; anything else ran none to its end."""
    client = [test for test in tests if is_of_client(test)]
    server = [test for test in tests if not is_of_client(test)]
    statuses = ([run_client(tree, client)] if client else []) + ([run_server(tree, server)] if server else [])
    return max(statuses)


def run_server(tree: Path, tests: list[str]) -> int:
    """As `run_tests`, with pytest; a test that skips itself has shown nothing."""
    environment = os.environ | {"PYTHONPATH": str(tree / "server"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = run([sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests], tree, environment)
    closing_line = (done.stdout.splitlines() or [""])[-1]
    if done.returncode not in {GREEN, RED} or " skipped" in closing_line:
        print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
        return RAN_NOTHING
    return done.returncode


def run_client(tree: Path, tests: list[str]) -> int:
    """As `run_tests`, with node: whole files, of which the tests that are named count."""
    files = sorted({test.partition("::")[0] for test in tests})
    done = run(["node", "--test", "--test-reporter=tap", *files], tree, dict(os.environ))
    verdicts = {unescaped(name): verdict == "ok" for verdict, name in TAP_LINE.findall(done.stdout)}
    names = [test.partition("::")[2] for test in tests]
    if missing := [name for name in names if name not in verdicts]:
        print(f"not run: {missing}", done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
        return RAN_NOTHING
    return GREEN if all(verdicts[name] for name in names) else RED


def run(command: list[str], tree: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command, run to its end in that tree."""
    return subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, timeout=TEST_SECONDS_MAX, check=False
    )


def is_of_client(test: str) -> bool:
    """Whether node runs it."""
    return test.partition("::")[0].endswith(".js")


def unescaped(name: str) -> str:
    """A test's name as it stands in its file; TAP escapes what it uses itself."""
    return re.sub(r"\\([\\#])", r"\1", name)


def is_noticed(fault: Fault, tree: Path) -> bool:
    """Whether the named test turns red by the fault; the tree is put right again afterwards."""
    path = tree / fault.file
    text = path.read_text(encoding="utf-8")
    assert text.count(fault.old) == 1, f"{fault.name}: the text it replaces does not stand in {fault.file} exactly once"
    path.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    try:
        return run_tests(tree, [fault.test]) == RED
    finally:
        path.write_text(text, encoding="utf-8")


def main() -> int:
    """0 where every fault was noticed by a test that is green without it."""
    parser = argparse.ArgumentParser(prog="scripts/sabotage", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="faults to try; all without one")
    parser.add_argument("--list", action="store_true", help="show the faults and try none")
    wanted = parser.parse_args()
    faults = [fault for fault in FAULTS if not wanted.names or fault.name in wanted.names]
    if unknown := set(wanted.names) - {fault.name for fault in faults}:
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    if wanted.list:
        for fault in faults:
            print(f"{fault.rule:6} {fault.name:40} {fault.file} -> {fault.test}")
        return 0
    with tempfile.TemporaryDirectory(prefix="chromavive-sabotage-") as folder:
        tree = Path(folder) / "checkout"
        tree.mkdir()
        copy_tree(tree)
        failures = try_all(faults, tree)
    print(f"{len(faults) - len(failures)} of {len(faults)} faults noticed")
    return 1 if failures else 0


def try_all(faults: list[Fault], tree: Path) -> list[str]:
    """Names of the faults that no test noticed, or whose test is not green without them."""
    failures = []
    if run_tests(tree, sorted({fault.test for fault in faults})) != GREEN:
        print("FAILED: the tests are not all green without any fault", file=sys.stderr)
        return [fault.name for fault in faults]
    for fault in faults:
        noticed = is_noticed(fault, tree)
        print(f"{'noticed' if noticed else 'MISSED '} {fault.rule:6} {fault.name}", flush=True)
        if not noticed:
            failures.append(fault.name)
    return failures


if __name__ == "__main__":
    sys.exit(main())
