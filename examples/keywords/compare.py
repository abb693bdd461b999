"""What a streaming network heard, beside what the network of whole windows did.

usage: python3 compare.py WINDOWS.npy FRAMES.npy FIRST LABELS.txt

WINDOWS.npy has an output for each window, FRAMES.npy one for each run, of which run FIRST, counted from 0, is the first that
has seen a whole window. Words are those of the mean over half a second.
"""
import pathlib
import sys

import numpy as np

SECONDS_PER_RUN, SMOOTHED = 0.04, 12  # runs whose mean decides what was heard, half a second


def main(windows, frames, first, labels):
    whole, streamed = np.load(windows), np.load(frames)[int(first):]
    words = pathlib.Path(labels).read_text().split()
    differ = np.count_nonzero((whole != streamed).any(axis=tuple(range(1, whole.ndim))))
    print(f"{len(whole)} windows, {differ} of them with other outputs frame by frame")
    scores = np.lib.stride_tricks.sliding_window_view(streamed.reshape(len(streamed), -1), SMOOTHED, axis=0).mean(axis=-1)
    heard = scores.argmax(axis=1)
    for i, word in enumerate(heard):
        if i == 0 or word != heard[i - 1]:
            print(f"{(i + SMOOTHED + int(first)) * SECONDS_PER_RUN:5.2f} s  {words[word]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
