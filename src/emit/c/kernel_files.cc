#include "emit/c/kernel_files.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "emit/c/kernel_text.h"

namespace narrow {
namespace {

std::string_view text_of(std::string_view path) {
  for (const KernelText& t : kernel_texts())
    if (t.path == path) return t.text;
  return {};
}

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

/// The paths in quotes that a source includes, or names as a body to include.
std::vector<std::string_view> quoted_paths(std::string_view text) {
  std::vector<std::string_view> out;
  for (size_t at = 0; (at = text.find('"', at)) != std::string_view::npos;) {
    size_t const end = text.find('"', at + 1);
    if (end == std::string_view::npos) break;
    std::string_view const inside = text.substr(at + 1, end - at - 1);
    if (!text_of(inside).empty()) out.push_back(inside);
    at = end + 1;
  }
  return out;
}

/// The text with the paths of kernels as plain names.
std::string with_plain_names(std::string_view text) {
  std::string out;
  size_t done = 0;
  for (std::string_view path : quoted_paths(text)) {
    auto const at = static_cast<size_t>(path.data() - text.data());
    out += text.substr(done, at - done);
    out += base_name(path);
    done = at + path.size();
  }
  return out + std::string(text.substr(done));
}

void add_with_includes(std::string_view path, std::map<std::string, std::string>& files) {
  std::string_view const text = text_of(path);
  if (path.ends_with(".h") && !files.emplace(base_name(path), with_plain_names(text)).second) return;
  for (std::string_view included : quoted_paths(text)) add_with_includes(included, files);
}

/// Whether the source makes the instances of layer_instances.h, one of which it can make alone.
bool makes_instances(std::string_view source) {
  return text_of(source).find("layer_bodies.h\"") != std::string_view::npos;
}

/// What makes a source make one instance alone: all others are said not to be wanted.
std::string only_instance(std::string_view wanted, const char* name) {
  std::string out = "/* " + std::string(name) + " alone. */\n#define NW_ONLY\n";
  std::string_view const list = text_of("portable/layers/layer_instances.h");
  for (size_t at = 0; (at = list.find("  X(", at)) != std::string_view::npos;) {
    at += 4;
    std::string_view const suffix = list.substr(at, list.find(',', at) - at);
    out += "#define NW_INSTANCE_" + std::string(suffix) + (suffix == wanted ? " 1\n" : " 0\n");
  }
  return out + "\n";
}

}  // namespace

std::string kernel_header(const Kernel& kernel) {
  std::string name = base_name(kernel.source);
  name.back() = 'h';
  return name;
}

std::vector<KernelFile> kernel_files(const std::set<const Kernel*>& kernels, bool moves_memory) {
  std::map<std::string, std::string> files;
  add_with_includes("nw_types.h", files);
  if (moves_memory) add_with_includes("nw_memory.h", files);
  for (const Kernel* k : kernels) {
    add_with_includes(k->source, files);
    std::string const text = with_plain_names(text_of(k->source));
    if (!makes_instances(k->source)) {
      files[base_name(k->source)] = text;
      continue;
    }
    std::string const stem = base_name(k->source).substr(0, base_name(k->source).size() - 2);
    std::string_view const function = std::string_view(k->name).substr(3);  // without nw_
    std::string const suffix(function.substr(stem.size() + 1));
    files[std::string(function) + ".c"] = only_instance(suffix, k->name) + text;
  }
  std::vector<KernelFile> out;
  for (auto& [name, text] : files) out.push_back({name, std::move(text)});
  return out;
}

}  // namespace narrow
