#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/table.h"
#include "narrow/support.h"

namespace narrow {
namespace {

using Ops = std::vector<OpSupport>;

std::vector<std::string> names(const std::vector<Runtime>& runtimes) {
  std::vector<std::string> out;
  for (Runtime const r : runtimes) out.emplace_back(to_string(r));
  return out;
}

JsonWriter ops_json(const Ops& ops) {
  JsonWriter out;
  out.begin_object().key("ops").begin_array();
  for (const OpSupport& op : ops) {
    out.begin_object().member("op", op.op);
    for (Width const w : all<Width>()) out.member(to_string(w), names(op.at(w)));
    out.end_object();
  }
  out.end_array().end_object();
  return out;
}

std::string ops_text(const Ops& ops) {
  std::vector<std::string> headings{"op"};
  for (Width const w : all<Width>()) headings.emplace_back(to_string(w));
  Table table(headings);
  for (const OpSupport& op : ops) {
    std::vector<Cell> cells{op.op};
    for (Width const w : all<Width>()) cells.emplace_back(fmt::format("{}", fmt::join(names(op.at(w)), " ")));
    table.row(std::move(cells));
  }
  return table.text();
}

constexpr const char* kIntro =
    "# What runs where\n"
    "\n"
    "Each op that narrow knows, and what runs it with float32 data, with 8-bit data, with 16-bit data and 8-bit "
    "weights\n"
    "(`int16x8`), with 4-bit weights (`int8x4`, `int16x4`), and with float32 data and 8-bit weights (`dynamic`). This\n"
    "page is what `narrow ops --markdown` prints; a test compares the two. `narrow verify MODEL --runtime R` says the\n"
    "same of one model, with the conditions that its scales, shapes and versions must meet. QUANTIZE and DEQUANTIZE\n"
    "stand at the edges of integer parts, where narrow puts and computes them for all these types. MediaPipe's custom\n"
    "op Convolution2DTransposeBias is read as TRANSPOSE_CONV.\n"
    "\n"
    "- **n**: narrow makes the form and computes it bit for bit\n"
    "- **L**: LiteRT, **T**: TensorFlow Lite Micro, **C**: the same built with CMSIS-NN, **E**: the Edge TPU\n"
    "\n";

struct Mark {
  Runtime runtime;
  const char* letter;
};

constexpr std::array kMarks{Mark{Runtime::narrow, "n"}, Mark{Runtime::litert, "L"}, Mark{Runtime::tflm, "T"},
                            Mark{Runtime::cmsis_nn, "C"}, Mark{Runtime::edgetpu, "E"}};

/// A letter for each of some runtimes, in the order of kMarks.
std::string marks(const std::vector<Runtime>& runtimes) {
  std::string out;
  for (const Mark& m : kMarks)
    if (std::find(runtimes.begin(), runtimes.end(), m.runtime) != runtimes.end())
      out += (out.empty() ? "" : " ") + std::string(m.letter);
  return out;
}

/// docs/support.md: a row for each op, what runs it at each width.
std::string ops_markdown(const Ops& ops) {
  std::string out = kIntro;
  std::string heading = "| op |", line = "|---|";
  for (Width const w : all<Width>()) heading += fmt::format(" {} |", to_string(w)), line += "---|";
  out += heading + "\n" + line + "\n";
  for (const OpSupport& op : ops) {
    out += fmt::format("| {} |", op.op);
    for (Width const w : all<Width>()) {
      std::string const m = marks(op.at(w));
      out += m.empty() ? " |" : fmt::format(" {} |", m);
    }
    out += "\n";
  }
  return out;
}

Result<int> ops_command(Options& options) {
  bool markdown = false, json = false;
  options.flag("--markdown", &markdown, "as a page, which is docs/support.md");
  options.wide();
  options.flag("--json", &json, "one JSON object instead of a table");
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;
  NARROW_TRY(Ops const ops, supported_ops());
  if (json) {
    print_json(ops_json(ops));
  } else {
    fmt::print("{}", markdown ? ops_markdown(ops) : ops_text(ops));
  }
  return kDone;
}

}  // namespace

constexpr Command kOpsCommand{
    .name = "ops",
    .summary = "Lists the ops that narrow knows, and which runtimes run them at each width",
    .examples = {"narrow ops --json", "narrow ops --markdown > support.md"},
    .run = ops_command,
};

}  // namespace narrow
