"""What an exported header says, for programs that know nothing else: rules as C, macros of an op by their short names."""
import os
import re


def sentences(text):
    """The lines of the header's first comment, each sentence in one piece."""
    comment = text[:text.index("*/")].rstrip()
    return re.sub(r"\n \*   ", " ", comment).splitlines()


def rule(text, name):
    """The C statement that the header gives under a name."""
    [found] = [line for line in sentences(text) if line.startswith(f" * {name}: ")]
    return found.removeprefix(f" * {name}: ")


def section(text, index):
    """(comment, macros' beginning, keys) of an op. Keys are what all its macros have after the common beginning."""
    begin = text.index(f"/* op {index}: ")
    end = text.find("\n/* op ", begin)
    part = text[begin:end if end >= 0 else len(text)]
    comment = re.sub(r"\n \*   ", " ", part[:part.index("*/")])
    macros = re.findall(r"^#define (\w+)", part, re.M)
    # The longest beginning that all of them have and that ends before an underscore: NET_ADD_0 of NET_ADD_0_OUT_MIN.
    prefix = os.path.commonprefix([m + "_" for m in macros])
    prefix = prefix[:prefix.rindex("_")]
    return comment, prefix, [m.removeprefix(prefix + "_") for m in macros]


def aliases(text, index):
    """#defines of an op's macros without their beginning."""
    _, prefix, keys = section(text, index)
    return "".join(f"#define {key} {prefix}_{key}\n" for key in keys)


def kernels(text, index):
    """The kernels that the op is made of: name and source."""
    return re.findall(r"^ \* kernel: (\w+), (\S+)$", section(text, index)[0], re.M)
