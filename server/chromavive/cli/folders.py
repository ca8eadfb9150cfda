"""Where this user's data lies."""

from pathlib import Path

import platformdirs

from chromavive.settings import Settings


def data_folder(settings: Settings) -> Path:
    """The folder of the journal, the photographs and the fetched weights."""
    return Path(settings.data or platformdirs.user_data_path("chromavive")).absolute()


def weights_folder(data: Path) -> Path:
    """The folder of the fetched weights, in the data folder."""
    return data / "weights"
