#include "emit/c/project.h"

#include <algorithm>
#include <set>

#include "emit/c/build_files.h"
#include "emit/c/kernel_files.h"
#include "emit/c/model_source.h"
#include "emit/c/package.h"
#include "emit/c/selftest_source.h"

namespace narrow {

std::vector<ProjectFile> network_files(const CProgram& program) {
  std::set<const Kernel*> kernels;
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps)
      for (const CCall& c : s.calls) kernels.insert(c.kernel);
  std::vector<ProjectFile> out;
  for (KernelFile& f : kernel_files(kernels, program.moves_memory()))
    out.push_back({"kernels/" + f.name, std::move(f.text)});
  out.push_back({program.name + ".h", model_header(program)});
  out.push_back({program.name + "_float.h", float_header(program)});
  out.push_back({program.name + ".c", model_source(program)});
  return out;
}

std::vector<ProjectFile> project_files(const CProgram& program, const Golden& golden,
                                       const std::vector<Package>& packages, const std::string& measured) {
  std::vector<ProjectFile> out = network_files(program);
  std::vector<std::string> sources{program.name + ".c"};
  for (const ProjectFile& f : out)
    if (f.name.starts_with("kernels/") && f.name.ends_with(".c")) sources.push_back(f.name);
  out.push_back({"selftest.c", selftest_source(program, golden)});
  out.push_back({"example/main.c", example_source(program)});
  out.push_back({"Makefile", makefile(program, sources)});
  out.push_back({"CMakeLists.txt", cmake_lists(program, sources)});
  std::string notes;
  for (Package p : std::set<Package>(packages.begin(), packages.end())) {
    for (ProjectFile& f : package_files(p, program, sources)) out.push_back(std::move(f));
    notes += "- " + package_note(p, program) + "\n";
  }
  out.push_back({"README.md", readme(program, measured) + (notes.empty() ? "" : "## Packages\n\n" + notes)});
  return out;
}

}  // namespace narrow
