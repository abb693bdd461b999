"""Lists of packages: what the image of the Dockerfile gets, and what building for Debian needs, is what narrow needs."""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from cli_test import NARROW, ROOT

IN_EVERY_IMAGE = {"libc6", "libgcc-s1", "libstdc++6"}  # of these all other packages of C++ libraries need some


def packages_of(files):
    """Debian packages that files of this system are from."""
    candidates = [{os.path.realpath(file), os.path.realpath(file).removeprefix("/usr")} for file in files]
    said = subprocess.run(["dpkg-query", "-S", *set().union(*candidates)], capture_output=True, text=True).stdout
    package = {path: name.split(":")[0] for name, path in re.findall(r"^(.*): (/.*)$", said, re.M)}
    return {next((package[path] for path in paths if path in package), f"no package has {paths}") for paths in candidates}


def release():
    found = re.search(r"^VERSION_CODENAME=(.*)$", pathlib.Path("/etc/os-release").read_text(), re.M)
    return found[1] if found else ""


@unittest.skipUnless(shutil.which("dpkg-query"), "not a Debian or Ubuntu system")
class Packages(unittest.TestCase):
    def test_image_has_the_libraries_that_narrow_is_linked_to(self):
        recipe = (ROOT / "Dockerfile").read_text()
        base = re.search(r"^FROM debian:(\w+)-slim$", recipe, re.M)[1]
        if release() != base:
            self.skipTest(f"the image is Debian {base}, this system is not")
        needed = re.findall(r"NEEDED.*\[(.*)\]", subprocess.run(["readelf", "-d", NARROW], capture_output=True, text=True,
                                                                check=True).stdout)
        where = dict(re.findall(r"^\s*(\S+) => (\S+)", subprocess.run(["ldd", NARROW], capture_output=True, text=True,
                                                                     check=True).stdout, re.M))
        libraries = {name: where[name] for name in needed if not name.startswith("ld-linux")}
        sanitizers = [name for name in libraries if re.match(r"lib(asan|ubsan|tsan)", name)]
        if sanitizers:
            self.skipTest("a build with sanitizers has more libraries")
        packages = packages_of(libraries.values()) - IN_EVERY_IMAGE
        named = set(re.search(r"--no-install-recommends([^&]*)&&", recipe)[1].replace("\\", "").split())
        self.assertEqual(named, packages)

    def test_building_for_debian_needs_what_setup_installs(self):
        setup = (ROOT / "tools" / "setup").read_text()
        installed = set(re.search(r"build_packages=\(([^)]*)\)", setup)[1].split())
        control = (ROOT / "debian" / "control").read_text()
        needed = set(re.search(r"^Build-Depends:((?:.*\n)(?: .*\n)*)", control, re.M)[1].replace(",", " ").split())
        self.assertEqual(needed - {"debhelper-compat", "(=", "13)"}, installed - {"g++"})  # which is build-essential


if __name__ == "__main__":
    unittest.main()
