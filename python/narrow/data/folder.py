"""A folder of files as samples, read when they are asked for; its subfolders are the classes."""
from __future__ import annotations

import os
import pathlib
from typing import Any, Iterator, Sequence, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from .._error import Error

Self = TypeVar("Self", bound="Folder")


class Folder:
    """Samples of a folder's files, in the order of their names. Plain data: it pickles, and a slice of it is another.

    root      the folder
    names     the files that samples come from, below the folder, with `/`: in the order of classes, then of names
    classes   the names of the subfolders, in the order of labels; empty without subfolders
    labels    int64 [samples]: the index in `classes` of each sample; None without subfolders
    ignored   files of the folder that are of another kind
    skipped   (name, reason) of files that could not be read, with on_error="skip"
    """

    #: What a file must be called to be one of the samples', in small letters.
    suffixes: tuple[str, ...] = ()
    #: What the files are, for messages.
    what = "files"

    def __init__(self, root: str | os.PathLike[str], classes: Sequence[str] | None, on_error: str) -> None:
        if on_error not in ("raise", "skip"):
            raise Error("bad_option", f'`on_error` does not take {on_error!r}', "", 'it takes "raise" or "skip"', "on_error")
        self.root = pathlib.Path(root)
        self.names, self.ignored = list_files(self.root, self.suffixes, self.what)
        self.classes: tuple[str, ...] = ()
        self.skipped: list[tuple[str, str]] = []
        self._files: list[int] = []  # the index in `classes` of each file
        if any("/" in name for name in self.names):
            self._sort_into_classes(classes)
        elif classes is not None:
            raise Error("bad_option", "`classes` needs a subfolder for each class", str(root),
                        f"put the {self.what} into subfolders, or leave `classes` out", "classes")
        if on_error == "skip":
            self._skip_unreadable()
        self._samples = range(len(self.names) * self.per_file)

    # What the kinds of folders say.

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """The shape of a sample, without an axis of samples."""
        raise NotImplementedError

    @property
    def per_file(self) -> int:
        """How many samples a file gives."""
        return 1

    def read(self, name: str) -> NDArray[np.float32]:
        """The samples of a file, [per_file, *sample_shape]. Raises Error, which names the file."""
        raise NotImplementedError

    # Samples.

    def __len__(self) -> int:
        return len(self._samples)

    @overload
    def __getitem__(self, index: int) -> NDArray[np.float32]: ...

    @overload
    def __getitem__(self: Self, index: slice) -> Self: ...

    def __getitem__(self: Self, index: int | slice) -> NDArray[np.float32] | Self:
        """Sample `index`, float32 [*sample_shape]; of a slice, a folder of these samples alone."""
        if isinstance(index, slice):
            part = object.__new__(type(self))
            part.__dict__.update(self.__dict__, _samples=self._samples[index])
            return part
        file, row = divmod(self._samples[index], self.per_file)
        sample: NDArray[np.float32] = self._read_once(file)[row]
        return sample

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        for i in range(len(self)):
            yield self[i]

    @property
    def labels(self) -> NDArray[np.int64] | None:
        if not self.classes:
            return None
        return np.array([self._files[i // self.per_file] for i in self._samples], np.int64)

    def array(self) -> NDArray[np.float32]:
        """All samples, float32 [samples, *sample_shape]."""
        x = np.empty((len(self), *self.sample_shape), np.float32)
        for i, sample in enumerate(self):
            x[i] = sample
        return x

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes all samples as a .npy, one at a time: it may be larger than memory. It appears when it is whole."""
        target = pathlib.Path(path)
        if target.suffix != ".npy":
            raise Error("bad_option", f"samples are saved as .npy, not as {target.name!r}", "", "", "path")
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            with open(partial, "wb") as file:
                header = {"descr": "<f4", "fortran_order": False, "shape": (len(self), *self.sample_shape)}
                np.lib.format.write_array_header_1_0(file, header)
                for sample in self:
                    file.write(np.ascontiguousarray(sample, "<f4").tobytes())
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)

    def __repr__(self) -> str:
        said = [f"{len(self)} samples of {list(self.sample_shape)} of {self.what}", f"{len(self.classes)} classes"]
        said += [f"{len(self.skipped)} skipped"] if self.skipped else []
        said += [f"{len(self.ignored)} other files"] if self.ignored else []
        return f"<{type(self).__name__} {str(self.root)!r}: {', '.join(said)}>"

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k != "_last"}

    def _read_once(self, file: int) -> NDArray[np.float32]:
        # Samples of one file are asked for one after another. The pair is replaced as a whole: threads may do so.
        last: tuple[int, NDArray[np.float32]] | None = self.__dict__.get("_last")
        if last is None or last[0] != file:
            last = (file, self.read(self.names[file]))
            if self.per_file > 1:
                self._last = last
        return last[1]

    def _sort_into_classes(self, classes: Sequence[str] | None) -> None:
        top = [name for name in self.names if "/" not in name]
        if top:
            raise Error("bad_data", f"{self.what} beside subfolders of {self.what}, so that it is not known which are classes",
                        f"{self.root / top[0]}", "move them into the subfolder of their class, or elsewhere")
        folders = [name.split("/")[0] for name in self.names]
        found = sorted(set(folders))
        self.classes = tuple(found if classes is None else classes)
        if len(set(self.classes)) != len(self.classes):
            raise Error("bad_option", "`classes` names a class twice", str(self.root), "", "classes")
        for name in found:
            if name not in self.classes:
                raise Error("bad_option", f"the subfolder {name!r} is not in `classes`", str(self.root),
                            "add it, or move the folder elsewhere", "classes")
        # By class as listed, then by name.
        order = sorted(range(len(folders)), key=lambda i: (self.classes.index(folders[i]), self.names[i]))
        self.names = [self.names[i] for i in order]
        self._files = [self.classes.index(folders[i]) for i in order]

    def _skip_unreadable(self) -> None:
        kept = []
        for i, name in enumerate(self.names):
            try:
                self.read(name)
                kept.append(i)
            except Error as error:
                if error.kind == "bad_option":
                    raise
                self.skipped.append((name, error.what))
        if not kept:
            raise Error("bad_data", f"none of the {len(self.names)} {self.what} could be read", str(self.root),
                        f"the first, {self.skipped[0][0]}: {self.skipped[0][1]}")
        self.names = [self.names[i] for i in kept]
        self._files = [self._files[i] for i in kept] if self._files else []


def list_files(root: pathlib.Path, suffixes: tuple[str, ...], what: str) -> tuple[list[str], list[str]]:
    """(names that end in one of `suffixes`, other names), below `root`, sorted. Hidden files and folders are passed over."""
    if not root.is_dir():
        raise Error("io", "not a folder" if root.exists() else "there is no such folder", str(root), "")
    names: list[str] = []
    others: list[str] = []
    seen = {os.path.realpath(root)}  # links that lead into a circle are followed once
    for folder, folders, files in os.walk(root, followlinks=True):
        real = {f: os.path.realpath(os.path.join(folder, f)) for f in sorted(folders) if not f.startswith(".")}
        folders[:] = [f for f in real if real[f] not in seen]
        seen.update(real.values())
        for file in files:
            if not file.startswith("."):
                name = (pathlib.Path(folder) / file).relative_to(root).as_posix()
                (names if file.lower().endswith(suffixes) else others).append(name)
    if not names:
        raise Error("bad_data", f"there are no {what} in it", str(root), f"they are called {', '.join(suffixes)}")
    return sorted(names), sorted(others)
