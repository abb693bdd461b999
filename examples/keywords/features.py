"""Features of sounds as Arm's keyword spotters take them, as whole windows and as frames.

usage: python3 features.py SOUND.wav...   the sounds one after the other, 16 kHz

frames.npy [runs, 2, 10] has two frames of 20 ms for each run of a streaming network, windows.npy [runs - 24, 49, 10] the
49 frames that a window has, of which the next begins two frames later.
"""
import sys
import wave

import numpy as np

import narrow.data

WINDOW, STEP = 49, 2


def samples_of(path):
    with wave.open(path) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


def main(*paths):
    sound = np.concatenate([samples_of(path) for path in paths])
    frames = narrow.data.mfcc(sound, "arm-kws", seconds=None)
    frames = frames[:len(frames) // STEP * STEP].astype(np.float32)
    runs = len(frames) // STEP
    np.save("frames.npy", frames.reshape(runs, STEP, -1))
    starts = range(0, len(frames) - WINDOW + 1, STEP)
    np.save("windows.npy", np.stack([frames[i:i + WINDOW] for i in starts]))
    print(f"{len(sound) / 16000:.1f} s of sound: {runs} runs of {STEP} frames, {len(starts)} windows")


if __name__ == "__main__":
    main(*sys.argv[1:])
