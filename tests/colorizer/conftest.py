"""Weights on disk for the tests of loading and of the engine."""

from pathlib import Path

import pytest
from safetensors.torch import save_file

from tests.colorizer.deterministic import siggraph17_tensors


@pytest.fixture(scope="session")
def weights_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with siggraph17.safetensors, its weights made up."""
    folder = tmp_path_factory.mktemp("weights")
    save_file(siggraph17_tensors(), folder / "siggraph17.safetensors")
    return folder
