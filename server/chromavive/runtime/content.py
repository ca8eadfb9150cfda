"""What the engine is asked for, and what an export says of itself, where a picture has this content."""

from chromavive.colorizer.contract import EngineInfo, PaintHint
from chromavive.pictures.export_form import Provenance
from chromavive.room.effects import Content


def paint_hints(content: Content) -> tuple[PaintHint, ...]:
    """The content's hints as the engine takes them."""
    return tuple(PaintHint(hint.x, hint.y, hint.a, hint.b, hint.size) for hint in content.hints)


def provenance(content: Content, engine: EngineInfo) -> Provenance:
    """How the picture's colors were made by this engine."""
    network = engine.networks[content.network]
    return Provenance(network.name, network.weights_hash, len(content.hints), content.vividness)
