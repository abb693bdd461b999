"""What `narrow compile` has written into a folder, as far as building its self-test asks."""
import dataclasses
import pathlib


class NotAProject(Exception):
    """The text says what the folder lacks, and what to do."""


@dataclasses.dataclass(frozen=True)
class Project:
    folder: pathlib.Path
    name: str
    sources: tuple  # of the network: NAME.c and the kernels
    selftest: pathlib.Path

    @property
    def run(self):
        return self.name + "_run"

    @property
    def roots(self):
        """The functions that a program calls."""
        return self.run, self.name + "_input", self.name + "_output"


def find(folder, name=None):
    """The project in `folder`; `name` says which model where it holds several."""
    folder = pathlib.Path(folder).resolve()
    selftest = folder / "selftest.c"
    if not selftest.is_file():
        raise NotAProject(f"no selftest.c in {folder}: `narrow compile MODEL -o DIR` writes what this runs")
    names = sorted(h.stem for h in folder.glob("*.h") if h.with_suffix(".c").is_file())
    if name is None and len(names) > 1:
        raise NotAProject(f"several models in {folder} ({', '.join(names)}): choose one with --name")
    if not names or name not in (None, *names):
        raise NotAProject(f"no {name or 'NAME'}.h beside {name or 'NAME'}.c in {folder}")
    sources = [c for c in folder.rglob("*.c") if c != selftest and c.relative_to(folder).parts[0] != "example"]
    return Project(folder, name or names[0], tuple(sorted(sources)), selftest)
