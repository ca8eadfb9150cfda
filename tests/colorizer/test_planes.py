"""Where hints lie on planes and raster."""

import numpy as np
import pytest
import torch

from chromavive.colorizer.contract import PaintHint
from chromavive.colorizer.planes import BUCKETS, bucket, covered, pack, paint_planes, raster

CPU = torch.device("cpu")


@pytest.mark.parametrize("side", range(1, 10))
def test_a_square_inside_covers_as_many_pixels_as_its_side(side: int) -> None:
    """Wherever its point lies in a pixel."""
    for point in np.arange(20, 22, 0.125):
        pixels = covered(float(point), side, 64)
        assert pixels.stop - pixels.start == side
        assert pixels.start <= int(point) < pixels.stop


@pytest.mark.parametrize("side", range(1, 10))
def test_squares_have_no_half_pixel_bias(side: int) -> None:
    """Over all places within a pixel the square's middle is the point on average, and within half a pixel always."""
    points = 30 + (np.arange(64) + 0.5) / 64
    squares = [covered(float(point), side, 64) for point in points]
    offsets = np.array([(square.start + square.stop) / 2 for square in squares]) - points
    assert abs(offsets.mean()) < 1e-9
    assert np.abs(offsets).max() <= 0.5


def test_a_patch_of_whole_pixels_comes_out_exactly() -> None:
    """The papers' training patches: 6 x 6 from pixel 10 on, the point in their middle."""
    assert covered(10 + 3, 6, 64) == slice(10, 16)
    assert covered(10 + 2.5, 5, 64) == slice(10, 15)


def test_the_borders_hold_the_last_pixel() -> None:
    """A point at 0 or at 1 lies in the first or the last pixel, and squares are cut at the border."""
    assert covered(0.0, 1, 64) == slice(0, 1)
    assert covered(64.0, 1, 64) == slice(63, 64)
    assert covered(64.0, 9, 64) == slice(60, 64)


def test_planes_hold_lab_units_a_raw_mask_and_the_newest() -> None:
    """Later squares lie over earlier ones; the mask is 0 or 1; x goes right and y down."""
    hints = [PaintHint(0.25, 0.5, 40, -20, 5), PaintHint(0.25 + 3 / 64, 0.5, -10, 30, 5)]
    planes = paint_planes(hints, 32, 64)
    assert planes.shape == (3, 32, 64)
    assert planes[:, 16, 14].tolist() == [40, -20, 1]
    assert planes[:, 16, 17].tolist() == [-10, 30, 1]
    assert planes[:, 16, 30].tolist() == [0, 0, 0]
    assert set(np.unique(planes[2])) == {0, 1}
    assert planes[2].sum() == 5 * 8


def test_no_hints_paint_nothing() -> None:
    """Zero hints are all zeros, not an error."""
    assert not paint_planes([], 32, 32).any()
    assert not raster(pack([[]], CPU), 16, 16).any()


def test_lists_are_padded_to_their_bucket() -> None:
    """The longest list rules; what pads is not valid; ab is divided by 110."""
    packed = pack([[PaintHint(0.1, 0.2, 55, -110, 3)], [PaintHint(0.5, 0.5, 0, 0, 1)] * 9], CPU)
    assert packed.xy.shape == (2, 32, 2)
    assert packed.valid.sum(dim=1).tolist() == [1, 9]
    assert packed.ab[0, 0].tolist() == [0.5, -1.0]
    assert [bucket(count) for count in (0, 1, 2, 8, 9, 128, 129, 512)] == [1, 1, 8, 8, 32, 128, 512, 512]
    assert BUCKETS[-1] == 512


def test_the_newest_hint_takes_a_raster_cell() -> None:
    """In a cell where squares overlap the later one's color lies alone."""
    old, new = PaintHint(0.5, 0.5, 55, 0, 9), PaintHint(0.5, 0.5, -55, 11, 3)
    cells = raster(pack([[old, new], [new, old]], CPU), 32, 32)
    torch.testing.assert_close(torch.tensor([-0.5, 0.1, 1.0]), cells[0, :, 16, 16])
    torch.testing.assert_close(torch.tensor([0.5, 0.0, 1.0]), cells[1, :, 16, 16])
    assert cells[0, 2].sum() == (cells[0, 2] > 0).sum() > 9


@pytest.mark.parametrize("newest_wins", [True, False])
def test_a_raster_without_overlap_is_the_same_either_way(newest_wins: bool) -> None:
    """A small square fills its own cell at least, one at the corner too."""
    hints = [PaintHint(0.0, 0.0, 110, 0, 1), PaintHint(1.0, 1.0, 0, 110, 1)]
    cells = raster(pack([hints], CPU), 16, 24, newest_wins=newest_wins)
    assert cells[0, :, 0, 0].tolist() == [1, 0, 1]
    assert cells[0, :, 15, 23].tolist() == [0, 1, 1]
    assert cells[0, 2].sum() == 2
