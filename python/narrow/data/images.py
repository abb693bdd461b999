"""Folders of images as samples. Pillow reads the files, and is imported when the first one is read."""
from __future__ import annotations

import dataclasses
import math
import os
from typing import TYPE_CHECKING, Any, Sequence

import numpy as np
from numpy.typing import NDArray

from .._error import Error
from . import resize as resizing
from .folder import Folder

if TYPE_CHECKING:
    import PIL.Image

#: How pictures are brought to size: TensorFlow's bilinear, or Pillow's filters (which look at more pixels to make smaller
#: pictures; of images of 8 bits they give whole numbers). "none" takes pictures of the right size only.
RESIZE = ("bilinear", "pil-nearest", "pil-box", "pil-bilinear", "pil-bicubic", "pil-lanczos", "none")
CHANNELS = {"rgb": 3, "bgr": 3, "gray": 1}


@dataclasses.dataclass(frozen=True)
class ImageSettings:
    """What becomes of a picture, in the order of the steps; `images` says what the fields mean."""

    size: tuple[int, int]
    channels: str = "rgb"
    resize: str = "bilinear"
    crop_to_aspect_ratio: bool = False
    central_fraction: float | None = None
    shorter_side: int | None = None
    scale: float = 1.0
    mean: float | tuple[float, ...] = 0.0
    std: float | tuple[float, ...] = 1.0
    upright: bool = True
    background: tuple[int, int, int] | None = None

    def check(self) -> None:
        """Raises Error (bad_option), which names the field."""
        def need(true: bool, field: str, remedy: str) -> None:
            if not true:
                raise Error("bad_option", f"`{field}` does not take {getattr(self, field)!r}", "", remedy, field)

        need(len(self.size) == 2 and all(isinstance(n, (int, np.integer)) and 1 <= n <= 1 << 15 for n in self.size), "size", "it takes (height, width), 1 to 32768 each")
        need(self.channels in CHANNELS, "channels", f"it takes {', '.join(map(repr, CHANNELS))}")
        need(self.resize in RESIZE, "resize", f"it takes {', '.join(map(repr, RESIZE))}")
        need(self.central_fraction is None or 0 < self.central_fraction <= 1, "central_fraction", "it takes more than 0 to 1")
        need(self.shorter_side is None or self.shorter_side >= max(self.size), "shorter_side",
             f"the picture that is cut from has to hold {self.size[0]} x {self.size[1]} pixels")
        crops = [self.crop_to_aspect_ratio, self.central_fraction is not None, self.shorter_side is not None]
        need(sum(crops) <= 1, "crop_to_aspect_ratio", "one of it, `central_fraction` and `shorter_side` at most")
        need(self.resize != "none" or self.shorter_side is None, "resize", "`shorter_side` needs another")
        need(isinstance(self.scale, (int, float, np.number)) and math.isfinite(self.scale) and self.scale != 0, "scale", "it takes a finite number that is not 0")
        n = CHANNELS[self.channels]
        for field in ("mean", "std"):
            values = getattr(self, field)
            need(np.ndim(values) == 0 or len(values) == n, field, f"it takes a number, or {n} of them: one for each channel")
            need(bool(np.isfinite(values).all()), field, "it takes finite numbers")
        need(bool(np.all(self.std)), "std", "nothing can be divided by 0")
        need(self.background is None or len(self.background) == 3, "background", "it takes (red, green, blue), 0 to 255")


# Of the networks of the MLPerf Tiny benchmark (github.com/mlcommons/tiny, benchmark/training).
PRESETS: dict[str, dict[str, Any]] = {
    # visual_wake_words/train_vww.py: Keras' ImageDataGenerator.flow_from_directory, which resizes with Pillow's "nearest"
    # and does not look at orientation.
    "mlperf-tiny-vww": {"size": (96, 96), "resize": "pil-nearest", "scale": 1 / 255, "upright": False},
    # image_classification/train.py: CIFAR-10's pixels, from 0 to 255.
    "mlperf-tiny-ic": {"size": (32, 32), "resize": "none"},
}


class ImageFolder(Folder):
    """The images of a folder; `images` makes it. `settings` says what becomes of them."""

    suffixes = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".ppm", ".pgm", ".tif", ".tiff", ".webp")
    what = "images"

    def __init__(self, root: str | os.PathLike[str], settings: ImageSettings, classes: Sequence[str] | None,
                 on_error: str) -> None:
        self.settings = settings
        pillow()  # before anything is looked for
        super().__init__(root, classes, on_error)

    @property
    def sample_shape(self) -> tuple[int, ...]:
        return (*self.settings.size, CHANNELS[self.settings.channels])

    def read(self, name: str) -> NDArray[np.float32]:
        pixels = read_pixels(self.root / name, self.settings)
        return values_of(pixels, self.settings, str(self.root / name))[None]


def images(folder: str | os.PathLike[str], size: int | tuple[int, int] | None = None, mean: float | Sequence[float] = 0.0,
           std: float | Sequence[float] = 1.0, *, preset: str | None = None, classes: Sequence[str] | None = None,
           on_error: str = "raise", **settings: Any) -> ImageFolder:
    """The images of a folder as samples, float32 [height, width, channels], read when they are asked for: sorted by name.

    size      (height, width), or one number for both
    scale     pixels are from 0 to 255; a sample is (pixel * scale - mean) / std
    mean, std a number, or one for each channel, in the order of `channels`
    channels  "rgb", "bgr" or "gray" (0.299 R + 0.587 G + 0.114 B, rounded)
    resize    "bilinear": tf.image.resize and Keras' image_dataset_from_directory. "pil-bilinear", "pil-nearest", "pil-box",
              "pil-bicubic", "pil-lanczos": Pillow's, so torchvision's (of files) and Keras' load_img. "none": only that size
    crop_to_aspect_ratio   True: the largest middle part of the right proportions is resized (Keras)
    central_fraction       0.875: so much of the middle is resized (tf.image.central_crop)
    shorter_side           256: resized until the shorter side is so long, then the middle is taken (torchvision)
    upright   turns pictures as their EXIF orientation says; the frameworks' own loaders do not
    background  (red, green, blue) behind transparent pixels; None: what the file has there, as in the frameworks
    preset    a name of IMAGE_PRESETS: what is not given here is as it says
    classes   the subfolders in the order of the network's outputs; None: in alphabetical order
    on_error  "raise", or "skip": each file is read once now, and those that cannot be are left out and listed in `.skipped`

    Of 16 bits the upper 8 count; of several frames, the first. Raises Error for a folder without images; reading a sample
    raises an Error that names the file where that is torn, or is no image.
    """
    if preset is not None and preset not in PRESETS:
        raise Error("bad_option", f"there is no preset {preset!r}", "", f"there are {', '.join(PRESETS)}", "preset")
    given = {**PRESETS[preset]} if preset is not None else {}
    if size is not None:
        given["size"] = tuple(size) if isinstance(size, (tuple, list)) else (size, size)
    if "size" not in given:
        raise Error("bad_option", "`size` is missing", "", "it takes (height, width) of the network's input", "size")
    for field, values in (("mean", mean), ("std", std)):
        try:
            given[field] = tuple(float(v) for v in values) if np.ndim(values) else float(values)  # type: ignore[union-attr, arg-type]
        except (TypeError, ValueError):
            raise Error("bad_option", f"`{field}` does not take {values!r}", "", "it takes a number, or one for each channel",
                        field) from None
    known = {f.name for f in dataclasses.fields(ImageSettings)}
    for name in settings:
        if name not in known:
            raise Error("bad_option", f"there is no setting `{name}`", "", f"there are {', '.join(sorted(known))}", name)
    new = ImageSettings(**{**given, **settings})
    new.check()
    return ImageFolder(folder, new, classes, on_error)


def pillow() -> Any:
    """The module PIL, with Image and ImageOps. Raises Error where it is not installed."""
    try:
        import PIL.Image
        import PIL.ImageOps
    except ImportError:
        raise Error("unsupported", "reading images needs Pillow, which is not installed", "", "pip install pillow") from None
    return PIL


def read_pixels(path: os.PathLike[str], settings: ImageSettings) -> PIL.Image.Image:
    """The picture, of mode RGB or L, upright if asked for. Raises Error, which names the file."""
    where = os.fspath(path)
    module = pillow()
    try:
        with module.Image.open(where) as opened:
            opened.load()
            image = module.ImageOps.exif_transpose(opened) if settings.upright else opened
            mode = "L" if settings.channels == "gray" else "RGB"
            pixels: PIL.Image.Image = flattened(image, opened.format == "PNG", settings.background, where).convert(mode)
            return pixels
    except (Error, MemoryError):
        raise
    except FileNotFoundError:
        raise Error("io", "cannot open the file: No such file or directory", where, "") from None
    except Exception as error:  # Pillow's decoders raise errors of many kinds for torn files
        said = str(error).split("\n")[0].replace(f" {where!r}", "") or type(error).__name__
        raise Error("bad_file", f"cannot be read as an image: {said}", where,
                    'copy it again, or leave such files out: `on_error="skip"`') from None


def flattened(image: PIL.Image.Image, is_png: bool, background: tuple[int, int, int] | None,
              where: str) -> PIL.Image.Image:
    """The picture in 8 bits; with a background, on it."""
    import PIL.Image
    if image.mode.startswith("I;16") or (image.mode == "I" and is_png):  # the latter from older versions of Pillow
        # The upper 8 of 16 bits, as in TensorFlow's decode_png; Pillow's own conversion cuts at 255.
        return PIL.Image.fromarray((np.asarray(image).astype(np.int64) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        raise Error("unsupported", f"pixels of 32 bits (Pillow's mode {image.mode})", where, "save it with 8 or 16 bits")
    if background is not None and ("A" in image.mode or "a" in image.mode or "transparency" in image.info):
        below = PIL.Image.new("RGBA", image.size, (*background, 255))
        return PIL.Image.alpha_composite(below, image.convert("RGBA"))
    if image.mode == "P" and "transparency" in image.info:
        return image.convert("RGBA")
    return image


def values_of(image: PIL.Image.Image, settings: ImageSettings, where: str) -> NDArray[np.float32]:
    """[height, width, channels] of what the network takes."""
    pixels = np.asarray(image)
    pixels = pixels[:, :, None] if pixels.ndim == 2 else pixels
    height, width = settings.size
    if settings.central_fraction is not None:
        pixels = resizing.central_fraction(pixels, settings.central_fraction)
    if settings.crop_to_aspect_ratio:
        pixels = resizing.crop_to_aspect_ratio(pixels, height, width)
    if settings.shorter_side is not None:
        whole = resizing.by_shorter_side(pixels.shape[0], pixels.shape[1], settings.shorter_side)
        x = resizing.middle(resized(pixels, *whole, settings.resize, where), height, width)
    else:
        x = resized(pixels, height, width, settings.resize, where)
    if settings.channels == "bgr":
        x = x[:, :, ::-1]
    if settings.scale != 1:
        x *= np.float32(settings.scale)
    if settings.mean != 0:
        x -= np.asarray(settings.mean, np.float32)
    if settings.std != 1:
        x /= np.asarray(settings.std, np.float32)
    return np.ascontiguousarray(x, np.float32)


def resized(pixels: NDArray[np.uint8], height: int, width: int, how: str, where: str) -> NDArray[np.float32]:
    """[height, width, channels], by one of RESIZE."""
    if how == "none" and pixels.shape[:2] != (height, width):
        raise Error("bad_data", f"{pixels.shape[0]} x {pixels.shape[1]} pixels, and {height} x {width} are expected", where,
                    "set `resize`")
    if pixels.shape[:2] == (height, width):
        return pixels.astype(np.float32)
    if how == "bilinear":
        return resizing.bilinear(pixels, height, width)
    module = pillow()
    image = module.Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else np.ascontiguousarray(pixels))
    small = np.asarray(image.resize((width, height), getattr(module.Image.Resampling, how[len("pil-"):].upper())))
    return small.reshape(height, width, -1).astype(np.float32)
