"""Weights on disk for the tests of loading and of the engine."""

from pathlib import Path

import pytest
from safetensors.torch import save_file

from tests.colorizer.deterministic import rebuilt_tensors


@pytest.fixture(scope="session")
def weights_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with siggraph17.safetensors and eccv16.safetensors, their weights made up."""
    folder = tmp_path_factory.mktemp("weights")
    for network in ("siggraph17", "eccv16"):
        save_file(rebuilt_tensors(network), folder / f"{network}.safetensors")
    return folder
