#include "emit/c/package.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "emit/c/build_files.h"
#include "emit/constants/c_text.h"
#include "narrow/version.h"

namespace narrow {
namespace {

using Names = std::vector<std::string>;

constexpr const char* kVersion = "1.0.0";  // of every package: a model states none

/// One sentence. It holds nothing that JSON, YAML, XML, Kconfig or a properties file would have to escape.
std::string summary(const CProgram& program) {
  return fmt::format("Runs the neural network {} in integers, as plain C99.", program.name);
}

std::string made_by(const CProgram& program) {
  return fmt::format("Needs {} bytes of memory and {} bytes of constants. Made by narrow {}.", program.arena_bytes,
                     program.array_bytes(), version());
}

/// A file of src/ that stands for one of the project. Tools that compile every source of a folder, whatever a package
/// says, find it empty.
std::string forwarding(const std::string& source) {
  size_t const inner = source.find('/') == std::string::npos ? 0 : 1;
  std::string const include = fmt::format("#include \"../{}{}\"\n", inner ? "../" : "", source);
  if (source.ends_with(".h")) return include;
  return fmt::format(
      "#ifdef ARDUINO\n{}#else\ntypedef int nw_only_arduino_compiles_this; /* a file must not be empty */\n#endif\n",
      include);
}

/// Libraries of Arduino have their sources in src/ and nowhere else: each file there includes the project's own. As an
/// archive the kernels that several networks share are linked once.
std::vector<ProjectFile> arduino(const CProgram& program, const Names& sources) {
  const std::string& name = program.name;
  std::vector<ProjectFile> out;
  out.push_back({"library.properties",
                 fmt::format("# The version, author, maintainer and url are yours to set before you publish.\n"
                             "name={0}\nversion={1}\nauthor=narrow\nmaintainer=narrow\nsentence={2}\nparagraph={3}\n"
                             "category=Data Processing\nurl=https://example.com\narchitectures=*\nincludes={0}.h\n"
                             "dot_a_linkage=true\n",
                             name, kVersion, summary(program), made_by(program))});
  for (const std::string& header : {name + ".h", name + "_float.h"})
    out.push_back({"src/" + header, forwarding(header)});
  for (const std::string& s : sources) out.push_back({"src/" + s, forwarding(s)});
  out.push_back({fmt::format("examples/{0}/{0}.ino", name), example_sketch(program)});
  return out;
}

std::vector<ProjectFile> platformio(const CProgram& program, const Names& sources) {
  Names filter{"\"-<*>\""};
  for (const std::string& s : sources) filter.push_back(fmt::format("\"+<{}>\"", s));
  return {{"library.json",
           fmt::format("{{\n"
                       "  \"name\": \"{0}\",\n"
                       "  \"version\": \"{1}\",\n"
                       "  \"description\": \"{2} {3}\",\n"
                       "  \"frameworks\": \"*\",\n"
                       "  \"platforms\": \"*\",\n"
                       "  \"headers\": \"{0}.h\",\n"
                       "  \"build\": {{\n"
                       "    \"srcDir\": \".\",\n"
                       "    \"includeDir\": \".\",\n"
                       "    \"srcFilter\": [\n      {4}\n    ]\n"
                       "  }}\n"
                       "}}\n",
                       program.name, kVersion, summary(program), made_by(program), fmt::join(filter, ",\n      "))}};
}

/// Zephyr links its libraries whole, so a kernel that several networks share must be in one of them only.
std::vector<ProjectFile> zephyr(const CProgram& program, const Names& sources) {
  const std::string& name = program.name;
  std::string const macro = upper(name);
  Names kernels;
  for (const std::string& s : sources)
    if (s.starts_with("kernels/")) kernels.push_back(s.substr(s.find('/') + 1));
  std::string cmake = fmt::format(
      "if(CONFIG_NARROW_{1})\n"
      "  set(root ${{CMAKE_CURRENT_LIST_DIR}}/..)\n"
      "  zephyr_include_directories(${{root}})\n"
      "  zephyr_library_named(narrow_{0})\n"
      "  zephyr_library_sources(${{root}}/{0}.c)\n",
      name, macro);
  if (!kernels.empty())
    cmake += fmt::format(
        "  # Networks share kernels: each is compiled once, for the first that has it.\n"
        "  foreach(kernel\n      {})\n"
        "    get_property(taken GLOBAL PROPERTY NARROW_KERNEL_${{kernel}})\n"
        "    if(NOT taken)\n"
        "      set_property(GLOBAL PROPERTY NARROW_KERNEL_${{kernel}} TRUE)\n"
        "      zephyr_library_sources(${{root}}/kernels/${{kernel}})\n"
        "    endif()\n"
        "  endforeach()\n",
        fmt::join(kernels, "\n      "));
  return {
      {"zephyr/module.yml", fmt::format("name: narrow_{}\nbuild:\n  cmake: zephyr\n  kconfig: zephyr/Kconfig\n", name)},
      {"zephyr/CMakeLists.txt", cmake + "endif()\n"},
      {"zephyr/Kconfig", fmt::format("config NARROW_{}\n\tbool \"Neural network {}\"\n\thelp\n\t  {}\n\t  {}\n", macro,
                                     name, summary(program), made_by(program))}};
}

/// CMakeLists.txt registers a component where ESP-IDF reads it.
std::vector<ProjectFile> esp_idf(const CProgram& program, const Names&) {
  return {
      {"idf_component.yml", fmt::format("version: \"{}\"\ndescription: \"{} {}\"\ndependencies:\n  idf: \">=4.4\"\n",
                                        kVersion, summary(program), made_by(program))}};
}

std::vector<ProjectFile> cmsis_pack(const CProgram& program, const Names& sources) {
  const std::string& name = program.name;
  std::string files;
  auto const add = [&](const char* category, const std::string& file) {
    files += fmt::format("        <file category=\"{}\" name=\"{}\"/>\n", category, file);
  };
  add("doc", "README.md");
  add("header", name + ".h");
  add("header", name + "_float.h");
  for (const std::string& s : sources) add("sourceC", s);
  return {{fmt::format("narrow.{}.pdsc", name),
           fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<package schemaVersion=\"1.7.7\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema-instance\" "
                       "xs:noNamespaceSchemaLocation=\"PACK.xsd\">\n"
                       "  <vendor>narrow</vendor>\n"
                       "  <name>{0}</name>\n"
                       "  <description>{2}</description>\n"
                       "  <url></url>\n"
                       "  <releases>\n"
                       "    <release version=\"{1}\">{3}</release>\n"
                       "  </releases>\n"
                       "  <components>\n"
                       "    <component Cclass=\"Machine Learning\" Cgroup=\"narrow\" Csub=\"{0}\" Cversion=\"{1}\">\n"
                       "      <description>{2}</description>\n"
                       "      <files>\n{4}      </files>\n"
                       "    </component>\n"
                       "  </components>\n"
                       "</package>\n",
                       name, kVersion, summary(program), made_by(program), files)}};
}

/// CMakeLists.txt and Makefile are always there.
std::vector<ProjectFile> nothing(const CProgram&, const Names&) {
  return {};
}

struct PackageDef {
  const char* note;  // {0}: the program's name, {1}: in capitals
  std::vector<ProjectFile> (*files)(const CProgram& program, const Names& sources);
};

/// In the order of the enumeration.
constexpr std::array kPackages{
    PackageDef{"CMake: `add_subdirectory({0})` and `target_link_libraries(firmware {0})`.", nothing},
    PackageDef{"Make: `make -C {0} lib{0}.a CC=... AR=... CFLAGS=...` makes the library for a chip.", nothing},
    PackageDef{"Arduino: put the folder into `libraries` of your sketchbook; File > Examples > {0} is a sketch.",
               arduino},
    PackageDef{"PlatformIO: put the folder into `lib` of your project, and `#include \"{0}.h\"`.", platformio},
    PackageDef{"Zephyr: `list(APPEND ZEPHYR_EXTRA_MODULES path/to/{0})` before `find_package(Zephyr)`, or a project of "
               "west.yml; `CONFIG_NARROW_{1}=y` in prj.conf.",
               zephyr},
    PackageDef{"ESP-IDF: put the folder into your project as `components/{0}`, and `REQUIRES {0}` into "
               "`idf_component_register` of those that include `{0}.h`.",
               esp_idf},
    PackageDef{
        "CMSIS-Pack: `cpackget add narrow.{0}.pdsc`, and `- component: narrow::Machine Learning:narrow:{0}` in a "
        "cproject.yml.",
        cmsis_pack},
};

static_assert(kPackages.size() == static_cast<size_t>(Package::cmsis_pack) + 1);

const PackageDef& def_of(Package package) {
  return kPackages[static_cast<size_t>(package)];
}

}  // namespace

std::vector<ProjectFile> package_files(Package package, const CProgram& program, const Names& sources) {
  return def_of(package).files(program, sources);
}

std::string package_note(Package package, const CProgram& program) {
  return fmt::format(fmt::runtime(def_of(package).note), program.name, upper(program.name));
}

}  // namespace narrow
