#include "narrow/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "base/printable.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/model_arguments.h"
#include "cli/table.h"
#include "narrow/inspect.h"

namespace narrow {
namespace {

struct ConvertArguments {
  std::string model, output;
  ModelArguments reading;
  std::vector<std::string> states;
  std::string stream;  // empty: not asked for
  bool json = false;
};

/// "1", or with frames "1:4".
Status read_stream(const std::string& text, StreamRequest& to) {
  size_t const colon = std::min(text.find(':'), text.size());
  auto const number = [&](size_t from, size_t end, auto& value) {
    const char *const first = text.data() + from, *const last = text.data() + end;
    auto const [rest, error] = std::from_chars(first, last, value);
    return error == std::errc() && rest == last;
  };
  bool const frames = colon < text.size();
  if (number(0, colon, to.axis) && (!frames || (number(colon + 1, text.size(), to.frames) && to.frames > 0))) return {};
  return fail(ErrorKind::bad_option, "--stream does not take '" + printable(text) + "': write AXIS or AXIS:FRAMES",
              "command line");
}

/// "h_in=h_out" as a pair.
Result<std::vector<StatePair>> read_states(const std::vector<std::string>& texts) {
  std::vector<StatePair> out;
  for (const std::string& text : texts) {
    size_t const equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      return fail(ErrorKind::bad_option, "--state does not take '" + printable(text) + "': write INPUT=OUTPUT",
                  "command line");
    out.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return out;
}

/// Where the window of run r begins: "2 * (r - 23) + 1".
std::string stream_begin(const StreamResult& s) {
  std::string out = s.first_run == 0 ? "r" : fmt::format("(r - {})", s.first_run);
  if (s.frames > 1) out = fmt::format("{} * {}", s.frames, out);
  return s.offset > 0 ? fmt::format("{} + {}", out, s.offset) : out;
}

/// What a run takes and gives, for a person.
void print_stream(const StreamResult& s) {
  fmt::print("each run takes {} of {} frames; {} bytes of state\n", s.frames, s.window, grouped(s.state_bytes));
  if (s.late >= 0)
    fmt::print(
        "outputs go along time, {} positions late; from run {} on (counted from 0) all of them are the network's\n",
        s.late, s.first_run);
  else
    fmt::print(
        "run r gives what the network gave for the {} frames from frame {} on, from run {} on (counted from 0)\n",
        s.window, stream_begin(s), s.first_run);
}

void declare(Options& options, ConvertArguments& a) {
  options.positional("MODEL", &a.model, "a model file of any format, or a SavedModel folder");
  options.required_text("-o", "OUT.tflite", &a.output, "where the .tflite file goes");
  declare_dimensions(options, a.reading);
  options.texts("--state", "INPUT=OUTPUT", &a.states,
                "the model itself keeps what this output was for this input of the next run; again for each");
  options.text("--stream", "AXIS[:FRAMES]", &a.stream,
               "take the window that lies along this axis of the input frame by frame, or so many at a time");
  options.flag("--json", &a.json, "one JSON object instead of text");
}

Result<int> convert_command(Options& options) {
  ConvertArguments a;
  declare(options, a);
  NARROW_TRY(auto parsed, options.parse());
  if (parsed == Options::Parsed::helped) return kDone;

  NARROW_TRY(ModelPtr const model, load_model(a.model, a.reading));
  ModelPtr made;
  std::optional<StreamResult> streamed;
  NARROW_TRY(std::vector<StatePair> const states, read_states(a.states));
  if (!states.empty() && !a.stream.empty())
    return fail(ErrorKind::bad_option, "--state and --stream do not go together", "command line");
  if (a.stream.empty()) {
    auto simple = states.empty() ? convert(*model) : convert_to_stateful(*model, states);
    if (!simple) return pass_for(a.model, simple);
    made = std::move(*simple);
  } else {
    StreamRequest request;
    NARROW_CHECK(read_stream(a.stream, request));
    auto result = convert_to_stream(*model, request);
    if (!result) return pass_for(a.model, result);
    streamed = std::move(*result);
    made = streamed->model;
  }
  NARROW_TRY(ModelSummary const before, summarize(*model));
  NARROW_TRY(ModelSummary const after, summarize(*made));
  NARROW_TRY(int64_t const bytes, save(*made, a.output));
  if (a.json) {
    JsonWriter out;
    out.begin_object()
        .member("output", a.output)
        .member("bytes", bytes)
        .member("ops", after.ops)
        .member("parameters", after.parameters)
        .member("macs", after.macs);
    if (streamed)
      out.member("frames", streamed->frames)
          .member("window", streamed->window)
          .member("first_run", streamed->first_run)
          .member("offset", streamed->offset)
          .member("late", streamed->late)
          .member("state_bytes", streamed->state_bytes);
    out.end_object();
    print_json(out);
  } else {
    fmt::print("{}: {} -> {} ops, {} bytes\n", printable(a.output), before.ops, after.ops, grouped(bytes));
    if (streamed) print_stream(*streamed);
  }
  return kDone;
}

}  // namespace

constexpr Command kConvertCommand{
    .name = "convert",
    .summary = "Writes a model of any format as .tflite, simplified and not quantized",
    .examples = {"narrow convert model.h5 -o model.tflite",
                 "narrow convert keywords.tflite --stream 1 -o frames.tflite"},
    .run = convert_command,
};

}  // namespace narrow
