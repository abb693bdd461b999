#include "read/foreign.h"

#include <array>

#include "read/graphdef/freeze.h"

namespace narrow {
namespace {

using namespace std::string_view_literals;

struct Foreign {
  bool (*recognise)(std::string_view);
  const char* what;
  const char* remedy;
};

/// SavedModel: its version, then a MetaGraphDef (field 2), which begins with its own first field. Nothing but the
/// producer's name follows the version in an ONNX file, and that does not begin with a line feed.
bool looks_saved_model(std::string_view b) {
  if (b.size() < 9 || b.substr(0, 3) != "\x08\x01\x12"sv) return false;
  size_t at = 3;
  while (at < 8 && (static_cast<unsigned char>(b[at]) & 0x80) != 0) ++at;
  return b[at + 1] == '\x0a';
}

/// A table of LevelDB, which an index of variables is: it ends with a number.
bool looks_checkpoint(std::string_view b) {
  return b.size() >= 48 && b.ends_with("\x57\xfb\x80\x8b\x24\x75\x47\xdb"sv);
}

/// A zip file whose first member is data.pkl in a folder.
bool looks_pytorch(std::string_view b) {
  if (b.size() < 31 || b.substr(0, 4) != "PK\x03\x04"sv) return false;
  auto const length = static_cast<unsigned char>(b[26]) + 256 * static_cast<unsigned char>(b[27]);
  return b.substr(30, static_cast<size_t>(length)).ends_with("/data.pkl");
}

constexpr std::array<Foreign, 3> kForeign{{
    {looks_saved_model, "this is the graph of a SavedModel folder", "give the folder, which holds the variables, too"},
    {looks_checkpoint, "these are the variables of a checkpoint without their graph", graphdef::kMetaRemedy},
    {looks_pytorch, "this is a file of PyTorch, which Python code belongs to",
     "export it: torch.onnx.export(model, (sample,), \"model.onnx\")"},
}};

}  // namespace

Status check_not_foreign(std::string_view bytes) {
  for (const Foreign& foreign : kForeign)
    if (foreign.recognise(bytes)) return fail(ErrorKind::unsupported, foreign.what, "", foreign.remedy);
  return {};
}

}  // namespace narrow
