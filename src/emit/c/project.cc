#include "emit/c/project.h"

#include <algorithm>
#include <set>

#include "emit/c/build_files.h"
#include "emit/c/kernel_files.h"
#include "emit/c/model_source.h"
#include "emit/c/package.h"
#include "emit/c/selftest_source.h"

namespace narrow {

std::vector<ProjectFile> project_files(const CProgram& program, const Golden& golden,
                                       const std::vector<Package>& packages) {
  std::set<const Kernel*> kernels;
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps)
      for (const CCall& c : s.calls) kernels.insert(c.kernel);
  std::vector<ProjectFile> out;
  std::vector<std::string> sources{program.name + ".c"};
  for (KernelFile& f : kernel_files(kernels, program.moves_memory())) {
    if (f.name.ends_with(".c")) sources.push_back("kernels/" + f.name);
    out.push_back({"kernels/" + f.name, std::move(f.text)});
  }
  out.push_back({program.name + ".h", model_header(program)});
  out.push_back({program.name + "_float.h", float_header(program)});
  out.push_back({program.name + ".c", model_source(program)});
  out.push_back({"selftest.c", selftest_source(program, golden)});
  out.push_back({"example/main.c", example_source(program)});
  out.push_back({"Makefile", makefile(program, sources)});
  out.push_back({"CMakeLists.txt", cmake_lists(program, sources)});
  std::string notes;
  for (Package p : std::set<Package>(packages.begin(), packages.end())) {
    for (ProjectFile& f : package_files(p, program, sources)) out.push_back(std::move(f));
    notes += "- " + package_note(p, program) + "\n";
  }
  out.push_back({"README.md", readme(program) + (notes.empty() ? "" : "## Packages\n\n" + notes)});
  return out;
}

}  // namespace narrow
