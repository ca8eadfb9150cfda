"""Published checkpoints become safetensors: read without executing them, and only when they fit."""

import os
from pathlib import Path

import pytest
import torch

from chromavive.colorizer import checkpoint
from chromavive.colorizer.published import convert, empty
from chromavive.errors import NetworkUnknown, WeightsError
from tests.colorizer.deterministic import rebuilt_tensors

pytestmark = pytest.mark.slow


class Payload:
    """What an evil checkpoint would run on being unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


def test_a_published_file_is_converted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module's state, saved on a GPU, in both of torch's formats: the same tensors, and always the same bytes."""
    tensors = rebuilt_tensors("eccv16")
    network = empty("eccv16")
    checkpoint.fill(network, tensors)
    hashes = set()
    for zipped in (False, True):
        with monkeypatch.context() as there:
            there.setattr(torch.serialization, "location_tag", lambda _storage: "cuda:0")
            torch.save(network.state_dict(), tmp_path / "w.pth", _use_new_zipfile_serialization=zipped)
        convert("eccv16", tmp_path / "w.pth", tmp_path / "converted")
        read = checkpoint.read(tmp_path / "converted")
        hashes.add(read.sha256)
        assert tensors.keys() == read.tensors.keys()
        assert all(torch.equal(tensors[key], read.tensors[key]) for key in tensors)
    assert len(hashes) == 1


@pytest.mark.parametrize("zipped", [False, True])
def test_code_in_a_checkpoint_is_not_run(tmp_path: Path, zipped: bool) -> None:
    """Even where somebody could forge the hash: the restricted unpickler refuses it."""
    mark = tmp_path / "ran"
    evil = rebuilt_tensors("eccv16") | {"model1.0.weight": Payload(mark)}
    torch.save(evil, tmp_path / "w.pth", _use_new_zipfile_serialization=zipped)
    with pytest.raises(WeightsError, match="read safely"):
        convert("eccv16", tmp_path / "w.pth", tmp_path / "out")
    assert not mark.exists()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"", b"\x00" * 1000, b"PK\x03\x04 no zip"])
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, content: bytes) -> None:
    """With the typed error, whatever torch says of it."""
    (tmp_path / "w.pth").write_bytes(content)
    with pytest.raises(WeightsError, match=r"w\.pth"):
        convert("eccv16", tmp_path / "w.pth", tmp_path / "out")


@pytest.mark.parametrize("content", [[1, 2], {"model1.0.weight": 3.0}])
def test_what_holds_no_tensors_is_refused(tmp_path: Path, content: object) -> None:
    """A list, or a number by a tensor's name."""
    torch.save(content, tmp_path / "w.pth")
    with pytest.raises(WeightsError, match="something else than tensors"):
        convert("eccv16", tmp_path / "w.pth", tmp_path / "out")


def test_another_network_s_checkpoint_is_refused(tmp_path: Path) -> None:
    """Names and shapes are proved before anything is written."""
    torch.save(rebuilt_tensors("eccv16"), tmp_path / "w.pth")
    with pytest.raises(WeightsError, match="do not fit the network"):
        convert("siggraph17", tmp_path / "w.pth", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_only_published_networks_are_converted() -> None:
    """Compact has its own form."""
    with pytest.raises(NetworkUnknown, match="compact"):
        empty("compact")
