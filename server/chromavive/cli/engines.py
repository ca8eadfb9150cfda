"""Which engine and network serve: the stub without torch, or the networks whose weights are here."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from chromavive.colorizer.contract import Engine
from chromavive.errors import SettingInvalid
from chromavive.pictures.display import working_lightness
from chromavive.pictures.samples import sample_lightness
from chromavive.runtime.clock import Clock
from chromavive.settings import Settings

if TYPE_CHECKING:
    from chromavive.colorizer.engine import TorchEngine


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
        from chromavive.colorizer.stub import AUTOMATIC, NAME, StubEngine

        stub = StubEngine(clock.now_seconds, networks=(NAME, AUTOMATIC))
        return Serving(stub, NAME, "stub serves, as --engine asks.")
    if settings.engine not in ("auto", "torch"):
        raise SettingInvalid(f"The engine is auto, torch or stub, not {settings.engine!r}.")
    # Here and not above: importing torch takes seconds, which the stub and --version do not have to wait for.
    from chromavive.colorizer.choice import choose_network
    from chromavive.colorizer.engine import NETWORKS, EngineOptions, TorchEngine, best_device

    precision = _precision(settings.precision)
    options = EngineOptions(
        weights_folder=weights,
        device=best_device() if settings.device == "auto" else settings.device,
        precision=precision,
        threads=settings.threads or _threads(),
        proof_pictures=[] if precision == "fp32" else [working_lightness(each) for each in sample_lightness()],
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


def exact_engine(settings: Settings, clock: Clock, weights: Path, network: str) -> "TorchEngine":
    """An engine with this network alone, in float32: for measurements.

    Raises:
        NetworkUnknown, WeightsError: it cannot be had.
    """
    from chromavive.colorizer.engine import EngineOptions, TorchEngine, best_device

    options = EngineOptions(
        weights_folder=weights,
        networks=(network,),
        device=best_device() if settings.device == "auto" else settings.device,
        precision="fp32",
        threads=settings.threads or _threads(),
    )
    return TorchEngine(clock.now_seconds, options)


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
