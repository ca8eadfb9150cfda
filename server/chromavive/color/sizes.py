"""The sizes at which networks work, and which one a photograph gets. All sizes are (height, width)."""

import math

_UPRIGHT_AND_SQUARE = ((256, 256), (288, 224), (320, 224), (320, 192), (352, 192), (416, 160))

# All are multiples of 32 with about as many pixels as the 256 x 256 that the networks were trained on.
WORKING_SIZES: tuple[tuple[int, int], ...] = _UPRIGHT_AND_SQUARE + tuple(
    (width, height) for height, width in _UPRIGHT_AND_SQUARE[1:]
)


def working_size(height_px: int, width_px: int) -> tuple[int, int]:
    """The working size, (height, width), whose aspect ratio is nearest to the photograph's."""
    wanted = math.log(height_px / width_px)
    return min(WORKING_SIZES, key=lambda size: abs(math.log(size[0] / size[1]) - wanted))
