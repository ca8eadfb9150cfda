"""The networks and their engine. This package's contract is free of torch; `chromavive.colorizer.engine` is not."""

from chromavive.colorizer.contract import (
    Engine,
    EngineInfo,
    NetworkInfo,
    PaintHint,
    Painting,
    Request,
    Scene,
)

__all__ = [
    "Engine",
    "EngineInfo",
    "NetworkInfo",
    "PaintHint",
    "Painting",
    "Request",
    "Scene",
]
