"""Resizing pictures as the frameworks do that networks are trained with."""
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def bilinear(pixels: NDArray[np.uint8], height: int, width: int) -> NDArray[np.float32]:
    """tf.image.resize(pixels, [height, width]): bilinear between the centers of pixels, and no filter before (antialias
    is False), as Keras' image_dataset_from_directory has it too. [h, w, channels] to float32 [height, width, channels], in
    the same float32 operations as TensorFlow's kernel, across first."""
    upper, lower, down = taps(pixels.shape[0], height)
    left, right, across = taps(pixels.shape[1], width)
    rows = np.concatenate([upper, lower])
    wanted = pixels[rows]
    a, b = wanted[:, left].astype(np.float32), wanted[:, right].astype(np.float32)
    a += (b - a) * across[:, None]
    top: NDArray[np.float32] = a[:height]
    top += (a[height:] - top) * down[:, None, None]
    return top


def taps(old: int, new: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """For each new place the old ones before and behind it, and how far it is from the first to the second, 0 to 1."""
    place = (np.arange(new, dtype=np.float32) + np.float32(0.5)) * (np.float32(old) / np.float32(new)) - np.float32(0.5)
    floor = np.floor(place)
    before = np.maximum(floor, 0).astype(np.int64)
    behind = np.minimum(np.ceil(place), old - 1).astype(np.int64)
    return before, behind, place - floor


def central_fraction(pixels: NDArray[np.uint8], fraction: float) -> NDArray[np.uint8]:
    """tf.image.central_crop: the middle, of `fraction` of height and width."""
    top, left = (int((n - n * fraction) / 2) for n in pixels.shape[:2])
    return pixels[top:pixels.shape[0] - top, left:pixels.shape[1] - left]


def crop_to_aspect_ratio(pixels: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """The largest middle part with the proportions of `height` by `width`: Keras' argument of this name."""
    h, w = pixels.shape[:2]
    new_h, new_w = max(1, min(h, int(float(w * height) / width))), max(1, min(w, int(float(h * width) / height)))
    top, left = int((h - new_h) / 2), int((w - new_w) / 2)
    return pixels[top:top + new_h, left:left + new_w]


def middle(pixels: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """The middle `height` by `width` pixels, as torchvision's CenterCrop takes them."""
    top, left = int(round((pixels.shape[0] - height) / 2)), int(round((pixels.shape[1] - width) / 2))
    return pixels[top:top + height, left:left + width]


def by_shorter_side(height: int, width: int, side: int) -> tuple[int, int]:
    """The size (height, width) whose shorter side is `side`, as torchvision's Resize(side) makes it."""
    if height < width:
        return side, int(side * width / height)
    return int(side * height / width), side
