"""`chromavive colorize`: photographs from files to files, by a network alone or by a room's recipe."""

import asyncio
import glob
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from chromavive import ids
from chromavive.cli import engines
from chromavive.cli.folders import data_folder, weights_folder
from chromavive.cli.telling import printable, told
from chromavive.colorizer.contract import Request
from chromavive.errors import ChromaviveError, SettingInvalid
from chromavive.hints.entry import Photograph
from chromavive.hints.recipe import Recipe, decode_recipe, fresh_state
from chromavive.pictures.contract import PHOTOGRAPH_SUFFIXES, PhotographLimits
from chromavive.pictures.display import arrange, working_lightness
from chromavive.pictures.export import write_export
from chromavive.pictures.export_form import FORMATS, LAYOUTS, QUALITY, ExportForm, format_of_suffix
from chromavive.room.looks import content_of
from chromavive.runtime.child import ChildDecoder
from chromavive.runtime.clock import SystemClock
from chromavive.runtime.content import paint_hints, provenance
from chromavive.settings import Settings
from chromavive.versions import painting_versions
from chromavive.weights.kept import sha256_of

ENDING = "-colorized"
"""Of the names that are chosen here; what bears it is not colored again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where pictures go: into a folder, or into one file."""

    path: Path
    is_folder: bool


def colorize(
    photos: Annotated[list[str], typer.Argument(metavar="PHOTO...", help="Files, folders, or patterns like '*.jpg'.")],
    out: Annotated[
        str | None, typer.Option("-o", "--out", help="A file for one photograph, or a folder; new/ is one too.")
    ] = None,
    picture_format: Annotated[
        str | None, typer.Option("--format", help="png, jpeg, webp or tiff; by default that of -o's suffix, or png.")
    ] = None,
    quality: Annotated[int, typer.Option(help="Of JPEG and WebP, 1 to 100.")] = QUALITY,
    layout: Annotated[str, typer.Option(help="picture, side_by_side (the gray one too) or colors.")] = "picture",
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there already.")] = False,
    recipe: Annotated[Path | None, typer.Option(help="A room's recipe: hints, network, vividness, turn, crop.")] = None,
    network: Annotated[str | None, typer.Option(help="The network; by default the recipe's, or the best here.")] = None,
    vividness: Annotated[float | None, typer.Option(help="0 to 1; by default the recipe's, or 0.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda.")] = None,
    precision: Annotated[str | None, typer.Option(help="fp32, bf16 or auto; by default the recipe's, or fp32.")] = None,
    threads: Annotated[int | None, typer.Option(help="Processor threads; by default the recipe's.")] = None,
    engine: Annotated[str | None, typer.Option(help="auto, torch or stub.")] = None,
    data: Annotated[str | None, typer.Option(help="The data folder; weights lie in its weights/.")] = None,
) -> None:
    """Color photographs at full size. The photographs named are never changed, and no file is replaced unasked."""
    with told():
        place = _place(out)
        form = _form(picture_format, quality, layout, place)
        if vividness is not None and not 0 <= vividness <= 1:
            raise SettingInvalid("The vividness is 0 to 1.")
        followed = None if recipe is None else decode_recipe(recipe.read_bytes())
        chosen = {"network": network, "precision": precision, "threads": threads, "device": device}
        chosen |= {"engine": engine, "data": data}
        settings = Settings.load(None, os.environ, _defaults(followed) | _given(chosen))
        paths = list(dict.fromkeys(_photographs(photos)))
        targets = _targets(paths, place, form, force)
        clock = SystemClock()
        serving = engines.build(settings, clock, weights_folder(data_folder(settings)))
        if followed is not None:
            _warn_of_differences(followed, serving)
        work = _Work(serving, settings, followed, form, vividness, force)
        failed = _color_all(dict(zip(paths, targets, strict=True)), work)
    if failed:
        raise typer.Exit(1)


def _defaults(recipe: Recipe | None) -> dict[str, Any]:
    """What paints where nothing else is asked for: as the recipe's room was painted, or exactly."""
    if recipe is None:
        return {"precision": "fp32"}
    return {"network": recipe.network, "precision": recipe.precision, "threads": recipe.threads}


def _given(flags: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in flags.items() if value is not None}


@dataclass(frozen=True, slots=True)
class _Work:
    """What is the same for all photographs."""

    serving: engines.Serving
    settings: Settings
    recipe: Recipe | None
    form: ExportForm
    vividness: float | None
    force: bool


def _color_all(targets: dict[Path, Path], work: _Work) -> int:
    """How many photographs could not be colored; each says why, and the others are colored."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    failed = 0
    with Progress(*columns, console=console, disable=not console.is_terminal or len(targets) == 1) as progress:
        task = progress.add_task("Coloring", total=len(targets))
        for photo, target in targets.items():
            try:
                _check_free(target, work.force)  # before the work, and once more after it
                _color(photo, target, work)
            except (ChromaviveError, OSError) as error:
                failed += 1
                console.print(f"{photo}: {_reason(error)}", highlight=False, markup=False, soft_wrap=True)
            else:
                console.print(str(target), highlight=False, markup=False, soft_wrap=True)
            progress.advance(task)
    return failed


def _color(photo: Path, target: Path, work: _Work) -> None:
    """Writes the colored picture: the same pass and the same export as a room's."""
    serving, settings, recipe = work.serving, work.settings, work.recipe
    with tempfile.TemporaryDirectory() as folder:
        decoded = Path(folder) / "lightness.npy"
        decoder = ChildDecoder(PhotographLimits(settings.upload_bytes_max, settings.pixels_max))
        meta = asyncio.run(decoder.decode(photo, decoded))
        lightness = np.load(decoded, mmap_mode=None if sys.platform == "win32" else "r")
        photograph = Photograph(sha256_of(photo), meta.height, meta.width, meta.had_colors)
        state = fresh_state(photograph, serving.network, recipe, work.vividness)
        if recipe is not None and photograph.sha256 != recipe.photograph.sha256:
            typer.echo(
                f"{photo}: not the recipe's photograph; shown whole, with the hints at the same parts.", err=True
            )
        content = content_of(state, state.hints, serving.network)
        shown = arrange(lightness, content.turn, content.crop)
        scene = serving.engine.prepare(photograph.sha256, working_lightness(shown), content.network)
        [painting] = serving.engine.render([Request(scene, paint_hints(content), content.vividness)])
        made = provenance(content, serving.engine.info)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{ids.new_secret()}.part")
        try:
            write_export(shown, painting.ab, work.form, made, partial)
            _check_free(target, work.force)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    """Why a photograph was not colored; which one it was is said before."""
    return f"{error.strerror}." if isinstance(error, OSError) and error.strerror is not None else str(error)


def _check_free(target: Path, force: bool) -> None:
    if target.exists() and not force:
        raise SettingInvalid(f"{target} is there already. --force replaces it.")


def _place(out: str | None) -> Place | None:
    """What -o means: what ends in a slash, is a folder or has no suffix is one."""
    if out is None:
        return None
    path = Path(out)
    return Place(path, out.endswith(("/", os.sep)) or path.is_dir() or not path.suffix)


def _form(picture_format: str | None, quality: int, layout: str, place: Place | None) -> ExportForm:
    """The form that is asked for; a suffix of -o and --format have to agree."""
    suffix = "" if place is None or place.is_folder else place.path.suffix
    of_suffix = format_of_suffix(suffix)
    if suffix and of_suffix is None:
        raise SettingInvalid("-o takes a .png, .jpg, .webp or .tiff, or a folder: end its name with a slash.")
    wanted = picture_format or of_suffix or "png"
    if of_suffix not in (None, wanted):
        raise SettingInvalid(f"--format {wanted} and the file's suffix {suffix} do not agree.")
    found = next((each for each in FORMATS if each == wanted), None)
    laid_out = next((each for each in LAYOUTS if each == layout), None)
    if found is None or laid_out is None or not 1 <= quality <= 100:
        raise SettingInvalid(
            f"The format is {', '.join(FORMATS)}; the layout {', '.join(LAYOUTS)}; the quality 1 to 100."
        )
    return ExportForm(found, quality, laid_out)


def _photographs(named: Sequence[str]) -> Iterator[Path]:
    """The files that are meant, in their order; what an earlier run made is not colored again."""
    for name in named:
        path = Path(name)
        if path.is_dir():
            there = sorted(
                each for each in path.iterdir() if each.suffix.lower() in PHOTOGRAPH_SUFFIXES and each.is_file()
            )
            found = [each for each in there if not each.stem.endswith(ENDING)]
        elif path.exists():
            found = there = [path]
        else:
            there = list(map(Path, sorted(glob.glob(name, recursive=True))))
            found = [each for each in there if not each.stem.endswith(ENDING)]
        if not found and there:
            raise SettingInvalid(f"At {name} is only what ends in {ENDING}: it was made here, and is left as it is.")
        if not found:
            raise SettingInvalid(f"There is no photograph at {name}.")
        yield from found


def _targets(paths: Sequence[Path], place: Place | None, form: ExportForm, force: bool) -> list[Path]:
    """Where each colored picture goes: two photographs never go to one file, and none onto a photograph."""
    if place is not None and not place.is_folder:
        if len(paths) > 1:
            raise SettingInvalid(
                "-o takes a file for one photograph; for several, a folder: end its name with a slash."
            )
        targets = [place.path]
    else:
        targets = []
        for path in paths:
            names = chain((path.stem, path.name), (f"{path.name}-{number}" for number in count(2)))
            possible = ((place.path if place else path.parent) / f"{name}{ENDING}{form.suffix}" for name in names)
            targets.append(next(target for target in possible if target not in targets))
    if {path.resolve() for path in paths} & {target.resolve() for target in targets}:
        raise SettingInvalid("A photograph would be overwritten. Choose another place with -o.")
    if len(targets) == 1:
        _check_free(targets[0], force)
    return targets


def _warn_of_differences(recipe: Recipe, serving: engines.Serving) -> None:
    """Says what differs from how the room was painted: the picture will be close, but not the same bits."""
    info = serving.engine.info
    network = info.networks[serving.network]
    here = {
        "network": (network.name, recipe.network),
        "weights": (network.weights_hash[:12], recipe.weights_hash[:12]),
        "precision": (network.precision, recipe.precision),
        "device": (info.device, recipe.device),
        "threads": (str(info.threads), str(recipe.threads)),
        **{name: (version, recipe.versions.get(name, version)) for name, version in painting_versions().items()},
    }
    differs = [f"{name} {now}, not {then}" for name, (now, then) in here.items() if now != then]
    if differs:
        typer.echo(f"Close to the room's picture, not equal to it: {printable('; '.join(differs))}.", err=True)
