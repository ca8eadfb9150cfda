"""How many bytes of code and styles the client has, as browsers get them: each file without its comments, compressed.

`python -m bench.client [--json]`: both pages with everything that they may ask for. Browsers take br over https and
from this machine, gzip everywhere.
"""

import argparse
import json
from pathlib import PurePosixPath

from chromavive.assets import client_folder
from chromavive.web.client_tree import Tree, compressed, read_tree

CODE = frozenset({".css", ".html", ".js"})
"""What counts; pictures and icons do not."""


def code_of(tree: Tree) -> dict[str, bytes]:
    """Pages, modules and styles by name."""
    everything = {**tree.files, **tree.pages}
    return {name: content for name, content in everything.items() if PurePosixPath(name).suffix in CODE}


def sizes() -> dict[str, int]:
    """Files, and their bytes: as they are written, without comments, and in both codings."""
    written, sent = (list(code_of(read_tree(client_folder(), as_written)).values()) for as_written in (True, False))
    return {
        "files": len(sent),
        "bytes_written": sum(map(len, written)),
        "bytes_without_comments": sum(map(len, sent)),
        "bytes_gzip": sum(len(compressed(content, "gzip")) for content in sent),
        "bytes_brotli": sum(len(compressed(content, "br")) for content in sent),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    report = sizes()
    if arguments.json:
        print(json.dumps(report))
    else:
        for name, figure in report.items():
            print(f"{name:24} {figure:9,}")


if __name__ == "__main__":
    main()
