"""Which engine and network serve: the stub without torch, or the networks whose weights are here."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from chromavive.colorizer.contract import Engine
from chromavive.errors import SettingInvalid
from chromavive.pictures.display import working_lightness
from chromavive.pictures.samples import sample_lightness
from chromavive.runtime.clock import Clock
from chromavive.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class Serving:
    """An engine, the network of new rooms, and why in a sentence."""

    engine: Engine
    network: str
    sentence: str


def build(settings: Settings, clock: Clock, weights: Path) -> Serving:
    """The engine that the settings ask for; runs on the engine's own thread.

    Raises:
        SettingInvalid, WeightsError: it cannot be had.
    """
    if settings.engine == "stub":
        from chromavive.colorizer.stub import NAME, StubEngine

        return Serving(StubEngine(clock.now_seconds), NAME, "stub serves, as --engine asks.")
    if settings.engine not in ("auto", "torch"):
        raise SettingInvalid(f"The engine is auto, torch or stub, not {settings.engine!r}.")
    # Here and not above: importing torch takes seconds, which the stub and --version do not have to wait for.
    from chromavive.colorizer.choice import choose_network
    from chromavive.colorizer.engine import NETWORKS, EngineOptions, TorchEngine, best_device

    options = EngineOptions(
        weights_folder=weights,
        device=best_device() if settings.device == "auto" else settings.device,
        precision=_precision(settings.precision),
        threads=settings.threads or _threads(),
        proof_pictures=[working_lightness(each) for each in sample_lightness()],
    )
    engine = TorchEngine(clock.now_seconds, options)
    if not settings.network:
        choice = choose_network(engine)
        return Serving(engine, choice.network, choice.sentence)
    if settings.network not in engine.info.networks:
        loaded = ", ".join(engine.info.networks)
        fetch = f" `chromavive weights pull {settings.network}` fetches it." if settings.network in NETWORKS else ""
        raise SettingInvalid(f"The network {settings.network!r} is not loaded here; there are {loaded}.{fetch}")
    return Serving(engine, settings.network, f"{settings.network} serves, as --network asks.")


def _threads() -> int:
    """One core is left to the loop: with every core at work, each pass waits for the threads that others push aside."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores - 1)


def _precision(asked: str) -> Literal["auto", "fp32", "bf16"]:
    match asked:
        case "auto" | "fp32" | "bf16":
            return asked
        case _:
            raise SettingInvalid(f"The precision is auto, fp32 or bf16, not {asked!r}.")
