"""Which working size a photograph gets."""

import math

import pytest

from chromavive.color.sizes import WORKING_SIZES, working_size


def test_the_sizes_are_the_agreed_ones_and_their_transposes() -> None:
    """256x256, 224x288, 224x320, 192x320, 192x352, 160x416 (height x width), each also upright, each once."""
    wide = {(224, 288), (224, 320), (192, 320), (192, 352), (160, 416)}
    assert set(WORKING_SIZES) == {(256, 256)} | wide | {(width, height) for height, width in wide}
    assert len(WORKING_SIZES) == 11
    assert all(height % 32 == 0 and width % 32 == 0 for height, width in WORKING_SIZES)


@pytest.mark.parametrize(
    "photograph, size",
    [
        ((1000, 1000), (256, 256)),
        ((3000, 4000), (224, 288)),
        ((4000, 3000), (288, 224)),
        ((2000, 3000), (224, 320)),
        ((1080, 1920), (192, 352)),
        ((100, 160), (192, 320)),
        ((1, 9000), (160, 416)),
        ((9000, 1), (416, 160)),
    ],
)
def test_a_photograph_gets_the_nearest_aspect_ratio(photograph: tuple[int, int], size: tuple[int, int]) -> None:
    """Common formats, upright and wide, and the extremes."""
    assert working_size(*photograph) == size


def test_nearest_is_measured_by_the_ratio_of_ratios() -> None:
    """No other size is nearer by |log ratio|, and a transposed photograph gets an equally near size."""
    for height in range(40, 400, 7):
        for width in range(40, 400, 11):
            distances = {size: abs(math.log(size[0] / size[1] * width / height)) for size in WORKING_SIZES}
            assert distances[working_size(height, width)] == min(distances.values())
