"""`chromavive evaluate`: how near a network's colors come to the true ones, by the number of hints."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from chromavive import evaluation
from chromavive.cli.engines import exact_engine
from chromavive.cli.folders import data_folder, weights_folder
from chromavive.cli.telling import counted, told
from chromavive.errors import SettingInvalid
from chromavive.pictures.truth import has_colors, photographs_in, squashed
from chromavive.runtime.clock import SystemClock
from chromavive.settings import Settings


def evaluate(
    folder: Annotated[Path, typer.Argument(help="Folder of color photographs: JPEG, PNG, WebP.", show_default=False)],
    network: Annotated[str, typer.Option(help="The network to measure.")] = "compact",
    hints: Annotated[str, typer.Option(help="Numbers of hints, with commas.")] = ",".join(map(str, evaluation.HINTS)),
    picture: Annotated[bool, typer.Option("--picture", help="What a room shows, not the bare network.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Of more photographs, so many at even distances.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda.")] = None,
    threads: Annotated[int | None, typer.Option(help="Processor threads of the engine.")] = None,
    data: Annotated[str | None, typer.Option(help="The data folder; weights lie in its weights/.")] = None,
) -> None:
    """Measure a network as the papers do: PSNR against the number of hints, on photographs whose colors are known."""
    with told():
        settings = Settings.load(None, os.environ, {"data": data, "device": device, "threads": threads})
        counts = _counts(hints)
        if not folder.is_dir():
            raise SettingInvalid(f"There is no folder {folder}.")
        paths = photographs_in(folder, limit)
        if not paths:
            raise SettingInvalid(f"{folder} holds no photograph: JPEG, PNG and WebP are looked for.")
        clock = SystemClock()
        engine = exact_engine(settings, clock, weights_folder(data_folder(settings)), network)
        began = clock.now_seconds()
        console = Console(stderr=True)
        pixels = _with_colors(paths)
        each = evaluation.evaluated(engine, network, pixels, counts, picture=picture)
        shown = track(each, "Evaluating", len(paths), console=console, disable=not console.is_terminal)
        rows = list(shown)
        if not rows:
            raise SettingInvalid(f"No photograph in {folder} has colors: there is nothing to compare with.")
        found = asdict(evaluation.figures(rows, counts))
        seconds = round(clock.now_seconds() - began, 1)
        if as_json:
            path = "picture" if picture else "network"
            typer.echo(json.dumps({"path": path, "network": network, **found, "seconds": seconds}))
        else:
            _show(found, seconds)


def _with_colors(paths: Iterable[Path]) -> Iterator[NDArray[np.uint8]]:
    """The photographs, squashed; those without colors are named and left out."""
    for path in paths:
        pixels = squashed(path, evaluation.SIDE_PX)
        if has_colors(pixels):
            yield pixels
        else:
            typer.echo(f"{path} has no colors to compare with; it is left out.", err=True)


def _counts(text: str) -> list[int]:
    try:
        counts = [int(part) for part in text.split(",")]
    except ValueError:
        counts = []
    if not counts or min(counts) < 0:
        raise SettingInvalid(f"--hints takes numbers with commas, such as 0,1,10, not {text!r}.")
    return counts


def _show(found: dict[str, Any], seconds: float) -> None:
    table = Table("hints", "PSNR (dB)", "over gray", "standard error", "colorfulness", box=None, pad_edge=False)
    columns = ("hints", "psnr_db", "gain_over_gray_db", "standard_error_db", "colorfulness")
    for row in zip(*(found[name] for name in columns), strict=True):
        table.add_row(*(str(value) for value in row))
    console = Console()
    console.print(table)
    console.print(f"{counted(found['photos'], 'photograph')}, {seconds} s; without any color {found['gray_db']} dB.")
