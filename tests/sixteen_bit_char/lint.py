"""Names that C code for any microcontroller must not use, and why.

usage: python3 tests/sixteen_bit_char/lint.py PATH...     a file, or a folder that `narrow compile` has written
"""
import pathlib
import re
import sys

WIDTHS = (8, 16, 32, 64)
NO_EXACT_WIDTH = "does not exist where no type has exactly this width"
FORBIDDEN = {
    **{f"{sign}int{w}_t": NO_EXACT_WIDTH for w in WIDTHS for sign in ("", "u")},
    **{f"{sign}INT{w}_{end}": NO_EXACT_WIDTH for w in WIDTHS for sign in ("", "U") for end in ("MIN", "MAX")},
    **dict.fromkeys(("malloc", "calloc", "realloc", "free", "alloca"), "all memory is the caller's"),
    **dict.fromkeys(("float", "double"), "integer models have no floating point"),
    "union": "reading another member than the last written depends on the compiler",
    **dict.fromkeys(("goto", "setjmp", "longjmp"), "MISRA C forbids it"),
}
# A comment, a string or character constant, a word, or any other single character.
TOKEN = re.compile(r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | [A-Za-z_]\w* | \S""", re.S | re.X)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)


def findings(text):
    """(line, name, reason) for each forbidden use."""
    tokens = [(m.start(), m[0]) for m in TOKEN.finditer(text) if not m[0].startswith(("/*", "//"))]
    for (at, token), (_, following) in zip(tokens, tokens[1:] + [(0, "")]):
        reason = FORBIDDEN.get(token)
        if token == "sizeof" and following != "(":
            reason = "without parentheses it cannot be replaced by a macro, as char16.h does"
        if reason:
            yield text.count("\n", 0, at) + 1, token, reason


def reached(sources):
    """`sources` and what they include by name, once each."""
    found, waiting = [], list(sources)
    while waiting:
        path = waiting.pop(0).resolve()
        if path not in found and path.is_file():
            found.append(path)
            waiting += [path.parent / name for name in INCLUDE.findall(path.read_text())]
    return sorted(found)


def project_files(folder):
    """What a project's translation units consist of; the examples and headers for callers with floats are not part."""
    return reached(c for c in sorted(folder.rglob("*.c")) if c.relative_to(folder).parts[0] != "example")


def lint(paths):
    """'file:line: name: reason' for each finding."""
    for path in map(pathlib.Path, paths):
        for file in project_files(path) if path.is_dir() else [path]:
            for line, name, reason in findings(file.read_text()):
                yield f"{file}:{line}: {name}: {reason}"


def main(paths):
    found = list(lint(paths))
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
