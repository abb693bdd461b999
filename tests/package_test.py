"""`narrow compile --package`: the files that an ecosystem wants, read by its rules and, where its build can be imitated
with a few stubs, built and run. What a library is made of is compared with the project's own sources: selftest.c and
example/main.c, which define main, must not be among them. Needs Python, CMake and a C and C++ compiler."""
import json
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as xml

import cli_test
from cli_test import FLOAT, TRAIN

try:
    import yaml
except ImportError:
    yaml = None

PACKAGES = ("cmake", "make", "arduino", "platformio", "zephyr", "esp-idf", "cmsis-pack")
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror")
SEMANTIC_VERSION = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
ARDUINO_H = """\
#include <stdint.h>
#include <stdio.h>
struct Printer {
  void begin(long) {}
  void println(long value) { printf("%ld\\n", value); }
};
static Printer Serial;
static void delay(unsigned long) {}
"""
# Two networks as modules: what cmake/modules/extensions.cmake of Zephyr makes of them, in few words. Zephyr links the
# libraries of modules whole.
ZEPHYR = """\
cmake_minimum_required(VERSION 3.13)
project(firmware C)
function(zephyr_include_directories)
  include_directories(${ARGV})
  set(INCLUDED ${INCLUDED} ${ARGV} PARENT_SCOPE)
endfunction()
macro(zephyr_library_named name)
  set(ZEPHYR_CURRENT_LIBRARY ${name})
  add_library(${name} STATIC)
  set_property(GLOBAL APPEND PROPERTY ZEPHYR_LIBS ${name})
endmacro()
function(zephyr_library_sources)
  target_sources(${ZEPHYR_CURRENT_LIBRARY} PRIVATE ${ARGV})
endfunction()
set(CONFIG_NARROW_FIRST y)
set(CONFIG_NARROW_SECOND y)
add_subdirectory(first/zephyr)
add_subdirectory(second/zephyr)
add_subdirectory(unused/zephyr)
get_property(libraries GLOBAL PROPERTY ZEPHYR_LIBS)
add_executable(app first/selftest.c second_main.c)
target_include_directories(app PRIVATE first second)
target_link_libraries(app PRIVATE -Wl,--whole-archive ${libraries} -Wl,--no-whole-archive)
"""
SECOND_MAIN = '#include <second.h>\n#define main second_main\n#include "second/selftest.c"\n'
ESP_IDF = """\
cmake_minimum_required(VERSION 3.16)
project(firmware C)
set(ESP_PLATFORM 1)
function(idf_component_register)
  cmake_parse_arguments(_ "" "" "SRCS;INCLUDE_DIRS;REQUIRES" ${ARGN})
  add_library(component STATIC ${__SRCS})
  target_include_directories(component PUBLIC ${__INCLUDE_DIRS})
endfunction()
add_subdirectory(digits)
add_executable(app digits/selftest.c)
target_link_libraries(app PRIVATE component)
"""
# Before it builds, ESP-IDF runs each component's file as a script, which ends where it registers.
ESP_IDF_SCRIPT = """\
set(ESP_PLATFORM 1)
macro(idf_component_register)
  message(STATUS "registered")
  return()
endmacro()
include(digits/CMakeLists.txt)
"""


def ran(*command, cwd=None):
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=cwd,
                          timeout=120, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout[:4000]}"
    return done.stdout


class Package(cli_test.Case):
    def compiled(self, name, *packages):
        """The folder of a project."""
        folder = self.folder / name
        options = [word for package in packages for word in ("--package", package)]
        self.done("compile", FLOAT, "--scheme", "int8", *TRAIN, "-o", folder, "--name",
                  name, *options)
        return folder

    @staticmethod
    def files(folder):
        return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    @staticmethod
    def sources(folder):
        """NAME.c and the kernels."""
        return {f"{folder.name}.c", *(str(p.relative_to(folder)) for p in (folder / "kernels").glob("*.c"))}

    def test_each_only_adds(self):
        plain = self.files(self.compiled("digits"))
        readme = plain.pop("README.md").decode()
        added = {}
        for package in PACKAGES:
            shutil.rmtree(self.folder / "digits")
            with self.subTest(package=package):
                files = self.files(self.compiled("digits", package))
                self.assertTrue(files.pop("README.md").decode().startswith(readme + "## Packages\n\n- "))
                self.assertEqual({n: t for n, t in files.items() if n in plain}, plain)
                added[package] = {n: t for n, t in files.items() if n not in plain}
        sizes = {p: len(files) for p, files in added.items()}
        self.assertEqual(sizes, {"cmake": 0, "make": 0, "arduino": 4 + len(self.sources(self.folder / "digits")),
                                 "platformio": 1, "zephyr": 3, "esp-idf": 1, "cmsis-pack": 1})
        together = self.files(self.compiled("digits", *PACKAGES, "zephyr"))
        self.assertEqual(together, {**plain, "README.md": together["README.md"],
                                    **{n: t for files in added.values() for n, t in files.items()}})

    def test_refusals(self):
        out = self.folder / "out"
        self.refused(2, "compile", FLOAT, "-o", out, "--package", "ardunio", says="did you mean arduino?")
        self.refused(2, "compile", FLOAT, "-o", out, "--headers-only", "--package", "zephyr",
                     says="--package does not go with --headers-only")
        self.assertFalse(out.exists())

    def test_every_source_is_a_unit_of_its_own(self):
        folder = self.compiled("digits", *PACKAGES)
        sources = [p for p in folder.rglob("*.c") if "example" not in p.relative_to(folder).parts]
        ran("gcc", "-std=c99", *WARNINGS, *sources, "-o", self.folder / "selftest")
        ran(self.folder / "selftest")

    def test_arduino(self):
        folder = self.compiled("digits", "arduino")
        lines = (folder / "library.properties").read_text().splitlines()
        properties = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
        for key, pattern in (("name", r"[A-Za-z0-9][\w .-]{0,62}"), ("version", SEMANTIC_VERSION), ("author", ".+"),
                             ("maintainer", "(?!Arduino).+"), ("sentence", ".+"), ("paragraph", ".+"), ("url", r"https?://\S+"),
                             ("category", "Data Processing"), ("architectures", r"\*"), ("dot_a_linkage", "true")):
            self.assertRegex(properties.pop(key), f"^{pattern}$", key)
        self.assertEqual(properties, {"includes": "digits.h"})  # no key that the specification does not know
        self.assertEqual(len(properties) + 10, len(lines) - 1)
        # Arduino compiles every source below src/ and looks for headers there; a sketch is C++ with Arduino.h in front.
        sources = sorted((folder / "src").rglob("*.c"))
        self.assertEqual({str(p.relative_to(folder / "src")) for p in sources}, self.sources(folder))
        (self.folder / "Arduino.h").write_text(ARDUINO_H)
        sketch = self.folder / "sketch.cpp"
        sketch.write_text('#include "Arduino.h"\n' + (folder / "examples/digits/digits.ino").read_text() +
                          "int main() {\n  setup();\n  loop();\n}\n")
        for number, source in enumerate(sources):
            ran("gcc", "-DARDUINO=10607", *WARNINGS, "-I", folder / "src", "-c", source, "-o", self.folder / f"{number}.o")
        ran("g++", "-DARDUINO=10607", *WARNINGS, "-I", folder / "src", "-I", self.folder, sketch,
            *self.folder.glob("*.o"), "-o", self.folder / "sketch")
        ran("make", "-C", folder, "example/main")
        main = subprocess.run([folder / "example/main"], check=False)
        self.assertEqual(ran(self.folder / "sketch"), f"{main.returncode}\n")

    def test_platformio(self):
        folder = self.compiled("digits", "platformio")
        manifest = json.loads((folder / "library.json").read_text())
        build = manifest.pop("build")
        self.assertRegex(manifest.pop("name"), r"^[^:;/,@<>]{1,100}$")
        self.assertRegex(manifest.pop("version"), f"^{SEMANTIC_VERSION}$")
        self.assertLessEqual(len(manifest.pop("description")), 255)
        self.assertEqual(manifest, {"frameworks": "*", "platforms": "*", "headers": "digits.h"})
        self.assertEqual((build["srcDir"], build["includeDir"]), (".", "."))
        chosen = set()
        for rule in build["srcFilter"]:
            sign, pattern = re.fullmatch(r"([+-])<(.+)>", rule).groups()
            matching = {str(p.relative_to(folder)) for p in folder.rglob("*.c")} if pattern == "*" else {pattern}
            chosen = chosen | matching if sign == "+" else chosen - matching
        self.assertEqual(chosen, self.sources(folder))

    def test_zephyr(self):
        first, second, unused = (self.compiled(name, "zephyr") for name in ("first", "second", "unused"))
        if yaml:
            module = yaml.safe_load((first / "zephyr/module.yml").read_text())
            self.assertEqual(module, {"name": "narrow_first", "build": {"cmake": "zephyr", "kconfig": "zephyr/Kconfig"}})
        kconfig = (first / "zephyr/Kconfig").read_text()
        self.assertRegex(kconfig, r'\Aconfig NARROW_FIRST\n\tbool "[^"\n]+"\n\thelp\n(\t  \S.*\n)+\Z')
        (self.folder / "CMakeLists.txt").write_text(ZEPHYR)
        (self.folder / "second_main.c").write_text(SECOND_MAIN)
        ran("cmake", "-S", self.folder, "-B", self.folder / "build")
        ran("cmake", "--build", self.folder / "build")
        ran(self.folder / "build/app")
        made = {p.name for p in (self.folder / "build").rglob("*.a")}
        self.assertEqual(made, {"libnarrow_first.a", "libnarrow_second.a"})
        self.assertTrue((unused / "zephyr/CMakeLists.txt").exists())

    def test_esp_idf_and_cmake(self):
        folder = self.compiled("digits", "esp-idf", "cmake")
        if yaml:
            manifest = yaml.safe_load((folder / "idf_component.yml").read_text())
            self.assertEqual(set(manifest), {"version", "description", "dependencies"})
            self.assertRegex(manifest["version"], f"^{SEMANTIC_VERSION}$")
            self.assertEqual(manifest["dependencies"], {"idf": ">=4.4"})
        (self.folder / "CMakeLists.txt").write_text(ESP_IDF)
        (self.folder / "script.cmake").write_text(ESP_IDF_SCRIPT)
        self.assertIn("registered", ran("cmake", "-P", "script.cmake", cwd=self.folder))
        for source, program in ((self.folder, "app"), (folder, "digits_selftest")):
            with self.subTest(program=program):
                ran("cmake", "-S", source, "-B", self.folder / "build" / program)
                ran("cmake", "--build", self.folder / "build" / program, "--target", program)
                ran(self.folder / "build" / program / program)

    def test_cmsis_pack(self):
        folder = self.compiled("digits", "cmsis-pack")
        package = xml.parse(folder / "narrow.digits.pdsc").getroot()
        self.assertEqual(package.tag, "package")
        self.assertRegex(package.get("schemaVersion"), r"^1\.\d+\.\d+$")
        vendor, name = package.findtext("vendor"), package.findtext("name")
        self.assertEqual(f"{vendor}.{name}.pdsc", "narrow.digits.pdsc")
        for word in (vendor, name):
            self.assertRegex(word, r"^[\-_A-Za-z0-9]+$")
        self.assertTrue(package.findtext("description"))
        self.assertIsNotNone(package.find("url"))
        self.assertRegex(package.find("releases/release").get("version"), f"^{SEMANTIC_VERSION}$")
        component, = package.findall("components/component")
        for key in ("Cclass", "Cgroup", "Csub", "Cversion"):
            self.assertTrue(component.get(key), key)
        files = [(f.get("category"), f.get("name")) for f in component.findall("files/file")]
        for _, file in files:
            self.assertTrue((folder / file).is_file(), file)
        self.assertEqual({n for category, n in files if category == "sourceC"}, self.sources(folder))
        self.assertEqual({n for category, n in files if category == "header"}, {"digits.h", "digits_float.h"})


if __name__ == "__main__":
    unittest.main()
