#include "emit/c/project.h"

#include <algorithm>
#include <set>

#include "emit/c/build_files.h"
#include "emit/c/kernel_files.h"
#include "emit/c/model_source.h"
#include "emit/c/selftest_source.h"

namespace narrow {

std::vector<ProjectFile> project_files(const CProgram& program, const Golden& golden) {
  std::set<const Kernel*> kernels;
  for (const CGraph& g : program.graphs)
    for (const CStep& s : g.steps)
      for (const CCall& c : s.calls) kernels.insert(c.kernel);
  std::vector<ProjectFile> out;
  std::vector<std::string> sources{program.name + ".c"};
  for (KernelFile& f : kernel_files(kernels)) {
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
  out.push_back({"README.md", readme(program, sources)});
  return out;
}

}  // namespace narrow
