"""Images and sound as samples: what a network takes of a file, computed as its trainer did.

Nothing of narrow's compiled module is needed here. Pillow is imported by `images` alone, NumPy by all.

    x = narrow.data.images("photos", 96, scale=1 / 255)                # photos/CLASS/NAME.jpg
    y = narrow.data.sounds("speech", preset="mlperf-tiny-kws")         # speech/CLASS/NAME.wav
    z = narrow.data.mfcc("yes.wav", preset="arm-kws")                  # one clip
"""
from .features import PRESETS as SOUND_PRESETS
from .features import SoundFeatures
from .folder import Folder
from .images import PRESETS as IMAGE_PRESETS
from .images import ImageFolder, images
from .sounds import SoundFolder, log_mel, mfcc, sounds
from .wav import read_wav

__all__ = ["IMAGE_PRESETS", "SOUND_PRESETS", "Folder", "ImageFolder", "SoundFeatures", "SoundFolder", "images", "log_mel",
           "mfcc", "read_wav", "sounds"]
