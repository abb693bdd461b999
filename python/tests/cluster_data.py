"""Data sets that tests of clusters send to workers, which import this file."""

import os
import signal
import time

import numpy as np


class Images:
    """As PyTorch's: a length, and an image [8, 8, 1] for each index."""

    def __init__(self, x, mark=""):
        self.x, self.mark = x.reshape(-1, 8, 8, 1), str(mark)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, k):
        return self.x[k]


class Killing(Images):
    """Ends the process that asks for sample 57: the first time, which leaves the file `mark`, or always where there is no
    mark."""

    def __getitem__(self, k):
        if k == 57 and not (self.mark and os.path.exists(self.mark)):
            if self.mark:
                open(self.mark, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.x[k]


class Raising(Images):
    def __getitem__(self, k):
        if k == 57:
            raise RuntimeError("the disk is gone")
        return self.x[k]


class Bad(Images):
    def __getitem__(self, k):
        return np.full((8, 8, 1), np.nan, np.float32) if k == 57 else self.x[k].astype(np.float32)


class Shrinking(Images):
    """Holds a sample less each time that it gets to a worker."""

    def __setstate__(self, state):
        self.__dict__.update(state)
        with open(self.mark, "a") as file:
            file.write(".")
        self.x = self.x[: len(self.x) - os.path.getsize(self.mark)]


class Changing(Images):
    """Sample 0 is another one each time."""

    def __setstate__(self, state):
        self.__dict__.update(state)
        with open(self.mark, "a") as file:
            file.write(".")
        self.x = self.x.copy()
        self.x[0] = os.path.getsize(self.mark)


class Slow(Images):
    def __getitem__(self, k):
        time.sleep(0.02)
        return self.x[k]


class Locked(Images):
    def __getstate__(self):
        raise TypeError("cannot pickle '_thread.lock' object")
