#!/usr/bin/env python3
"""Prints the table of server/chromavive/color/rarity.py: how often each ab bin occurs in a folder of photographs.

`python scripts/count_colors.py FOLDER`: 2,000 pixels of each of 3,000 photographs, drawn by a fixed seed.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.palette import SEED, TRAIN_PHOTOGRAPHS, histogram, photographs

_A_LINE = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    rng = np.random.default_rng(SEED)
    paths = photographs([parser.parse_args().folder])
    counts = histogram([paths[index] for index in rng.permutation(len(paths))[:TRAIN_PHOTOGRAPHS]], rng).sum(axis=0)
    per_million = [str(round(value)) for value in 1e6 * counts / counts.sum()]
    for start in range(0, len(per_million), _A_LINE):
        print("    " + ", ".join(per_million[start : start + _A_LINE]) + ",")


if __name__ == "__main__":
    main()
