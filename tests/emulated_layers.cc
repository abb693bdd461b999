// Writes random layers of the kernels for one kind of chip, and what portable kernels make of them, for
// tests/emulated_layers_test.py, which runs them on emulated chips:
//   narrow_emulated_layers FOLDER dsp|widths|recurrent|helium|helium-recurrent|blocked COUNT SEED
// FOLDER/layers.bin holds them as tests/emulated_layers.c reads them; headers.inc and kernels.inc are C of what the
// chip is to call. Prints for each kernel how many layers there are, and its source.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "emit/c/blocked_calls.h"
#include "emit/c/cell_calls.h"
#include "emit/c/dsp_calls.h"
#include "emit/c/dsp_width_calls.h"
#include "emit/c/helium_calls.h"
#include "emit/c/lstm_calls.h"
#include "emit/random_cells.h"
#include "emit/random_lstms.h"
#include "emit/random_width_layers.h"

namespace narrow {
namespace {

/// What an argument is for the chip.
enum class Kind : uint32_t { read, result, scratch, null, state, pointers };

/// Kernels that have been called, and the bytes of layers.bin.
class Layers {
 public:
  template <class Activation, class Bias>
  void add(const KernelCall& call, const LayerOf<Activation, Bias>& layer, Random& r) {
    auto const input = r.values<Activation>(layer.inputs);
    std::vector<Activation> const wanted = portable(layer, input);
    number(number_of(*call.kernel));
    number(static_cast<uint32_t>(call.arguments.size()));
    argument(Kind::read, call.params);
    for (const CallArgument& a : call.arguments) {
      using Source = CallArgument::Source;
      auto const i = static_cast<size_t>(a.index);
      if (a.source == Source::array)
        argument(Kind::read, call.arrays[i].bytes);
      else if (a.source == Source::result)
        argument(Kind::result, wanted);
      else if (a.source == Source::scratch)
        argument(Kind::scratch, std::vector<std::byte>(static_cast<size_t>(call.scratch_bytes)));
      else if (i == 0)
        argument(Kind::read, input);
      else if (i == 1)
        argument(Kind::read, layer.weights);
      else
        argument(layer.bias.empty() ? Kind::null : Kind::read, layer.bias);
    }
  }

  void add(const KernelCall& call, const LstmLayer& layer, Random& r) {
    LstmData const data = random_data(layer, r), wanted = run(layer.call, layer, data);
    number(number_of(*call.kernel));
    number(static_cast<uint32_t>(call.arguments.size()));
    argument(Kind::read, call.params);
    for (const CallArgument& a : call.arguments) {
      using Source = CallArgument::Source;
      if (a.source == Source::array)
        argument(Kind::read, call.arrays[static_cast<size_t>(a.index)].bytes);
      else if (a.source == Source::result)
        argument(Kind::result, wanted.output);
      else if (a.source == Source::scratch)
        argument(Kind::scratch, std::vector<std::byte>(static_cast<size_t>(call.scratch_bytes)));
      else if (a.source == Source::absent)
        argument(Kind::null, std::vector<std::byte>());
      else if (a.index == 0)
        argument(Kind::read, data.input);
      else if (a.index == 1)
        state(data.hidden, wanted.hidden);
      else
        state(data.cell, wanted.cell);
    }
  }

  /// The last hidden state is a state for the chip, which looks at one result.
  void add(const KernelCall& call, const CellLayer& layer, Random& r) {
    CellData const data = random_data(layer, r), wanted = run(layer.call, layer, data);
    number(number_of(*call.kernel));
    number(static_cast<uint32_t>(call.arguments.size()));
    params_with_pointers(call);
    for (const CallArgument& a : call.arguments) {
      using Source = CallArgument::Source;
      auto const i = static_cast<size_t>(a.index);
      if (a.source == Source::array)
        argument(Kind::read, call.arrays[i].bytes);
      else if (a.source == Source::result && i == 0)
        argument(Kind::result, wanted.results[0]);
      else if (a.source == Source::result)
        state(std::vector<std::byte>(wanted.results[i].size()), wanted.results[i]);
      else if (a.source == Source::scratch)
        argument(Kind::scratch, std::vector<std::byte>(static_cast<size_t>(call.scratch_bytes)));
      else if (a.source == Source::absent)
        argument(Kind::null, std::vector<std::byte>());
      else if (i == CellLayer::kState)
        state(data.operands[i], wanted.operands[i]);
      else
        argument(Kind::read, data.operands[i]);
    }
  }

  void write(const std::string& folder) const {
    std::ofstream layers(folder + "/layers.bin", std::ios::binary), headers(folder + "/headers.inc"),
        kernels(folder + "/kernels.inc");
    layers.write(reinterpret_cast<const char*>(bytes_.data()), static_cast<std::streamsize>(bytes_.size()));
    for (const Called& k : called_) {
      std::string header = k.kernel->source;
      header.back() = 'h';
      headers << "#include \"" << header << "\"\n";
      kernels << "(function)" << k.kernel->name << ",\n";
      std::printf("%s %s %d\n", k.kernel->name, k.kernel->source, k.layers);
    }
    if (!layers || !headers || !kernels) {
      std::fprintf(stderr, "%s cannot be written\n", folder.c_str());
      std::exit(1);
    }
  }

 private:
  struct Called {
    const Kernel* kernel;
    int layers;
  };

  uint32_t number_of(const Kernel& kernel) {
    auto at = std::find_if(called_.begin(), called_.end(), [&](const Called& c) { return c.kernel == &kernel; });
    if (at == called_.end()) at = called_.insert(at, {&kernel, 0});
    ++at->layers;
    return static_cast<uint32_t>(at - called_.begin());
  }

  void number(uint32_t n) { bytes(&n, sizeof n); }

  void bytes(const void* data, size_t count) {
    const auto* const from = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), from, from + count);
    bytes_.resize((bytes_.size() + 3) / 4 * 4);
  }

  template <class Element>
  void argument(Kind kind, const std::vector<Element>& elements) {
    number(static_cast<uint32_t>(kind));
    number(static_cast<uint32_t>(elements.size() * sizeof(Element)));
    if (kind != Kind::scratch) bytes(elements.data(), elements.size() * sizeof(Element));
  }

  /// What is there before the call, and behind it what is wanted afterwards.
  template <class Element>
  void state(const std::vector<Element>& before, const std::vector<Element>& after) {
    argument(Kind::state, before);
    bytes(after.data(), after.size() * sizeof(Element));
  }

  /// Parameters whose members have four bytes, pointers too, as on the chip; then what pointers point to, each with its
  /// place among the members.
  void params_with_pointers(const KernelCall& call) {
    std::vector<const ParamField*> fields;
    for (const ParamField& f : call.kernel->params->fields) fields.push_back(&f);
    std::sort(fields.begin(), fields.end(), [](const auto* a, const auto* b) { return a->offset < b->offset; });
    std::vector<uint32_t> words;
    std::vector<std::pair<uint32_t, size_t>> pointers;
    for (const ParamField* f : fields) {
      for (auto [member, index] : call.pointed)
        if (member == f) pointers.emplace_back(static_cast<uint32_t>(words.size()), index);
      words.resize(words.size() + f->count);
      if (!f->pointer) std::memcpy(&words[words.size() - f->count], call.params.data() + f->offset, 4 * f->count);
    }
    argument(Kind::pointers, words);
    number(static_cast<uint32_t>(pointers.size()));
    for (auto [word, index] : pointers) {
      number(word);
      argument(Kind::read, call.arrays[index].bytes);
    }
  }

  std::vector<std::byte> bytes_;
  std::vector<Called> called_;
};

Layer random_layer(Random& r, int kind) {
  switch (kind) {
    case 0:
      return random_conv2d(r);
    case 1:
      return random_depthwise(r);
    case 2:
      return random_depthwise(r, true);
    case 3:
      return random_dense(r);
    default:
      return random_add(r);
  }
}
constexpr int kKinds = 5;
constexpr int kMostRecurrentSize = 13;  // they are large

template <class Made>
void add_width(Layers& layers, const Made& made, Random& r) {
  OtherCall const other = dsp_width_call(made.layer.call, made.constants);
  if (other.call) layers.add(*other.call, made.layer, r);
}

template <class Made>
void add_width_sum(Layers& layers, const Made& made, Random& r) {
  OtherCall const other = dsp_width_add(made.call);
  if (other.call) layers.add(*other.call, made, r);
}

void add_width(Layers& layers, Random& r, int kind) {
  switch (kind) {
    case 0:
      return add_width(layers, random16_conv2d(r), r);
    case 1:
      return add_width(layers, random4_conv2d(r), r);
    case 2:
      return add_width(layers, random_w16_conv2d(r), r);
    case 3:
      return add_width(layers, random_q7_conv2d(r), r);
    case 4:
      return add_width(layers, random16_depthwise(r), r);
    case 5:
      return add_width(layers, random4_depthwise(r), r);
    case 6:
      return add_width(layers, random_w16_depthwise(r), r);
    case 7:
      return add_width(layers, random_q7_depthwise(r), r);
    case 8:
      return add_width(layers, random16_dense(r), r);
    case 9:
      return add_width(layers, random4_dense(r), r);
    case 10:
      return add_width(layers, random_w16_dense(r), r);
    case 11:
      return add_width(layers, random_q7_dense(r), r);
    case 12:
      return add_width_sum(layers, random_add16(r), r);
    case 13:
      return add_width_sum(layers, random_add_q7(r), r);
    default:
      return add_width_sum(layers, random_add_q15(r), r);
  }
}
constexpr int kWidthKinds = 15;

/// Of each two layers one is an LSTM, as vectors take no other ones.
void add_recurrent(Layers& layers, Random& r, int i, bool vectors) {
  bool const wide = i % 4 >= 2;
  if (vectors || i % 2 == 0) {
    LstmLayer const l = random_lstm(r, kMostRecurrentSize, !vectors && i % 6 == 0);
    OtherCall const other =
        vectors ? helium_lstm_call(l.call, constants_of(l.call)) : dsp_lstm_call(l.call, constants_of(l.call), wide);
    if (other.call) layers.add(*other.call, l, r);
    return;
  }
  constexpr std::array kMakers = {random_gru, random_rnn, random_svdf};
  CellLayer const l = kMakers[static_cast<size_t>(i / 4) % kMakers.size()](r, kMostRecurrentSize);
  OtherCall const other = dsp_cell_call(l.call, constants_of(l.call), wide);
  if (other.call) layers.add(*other.call, l, r);
}

int emit(const std::string& folder, const std::string& chip, int count, unsigned seed) {
  Layers layers;
  Random r(seed);
  for (int i = 0; i < count; ++i) {
    if (chip == "widths") {
      add_width(layers, r, i % kWidthKinds);
      continue;
    }
    if (chip == "recurrent" || chip == "helium-recurrent") {
      add_recurrent(layers, r, i, chip == "helium-recurrent");
      continue;
    }
    bool const wide = i / kKinds % 2 == 1;
    Layer const l = random_layer(r, i % kKinds);
    LayerConstants8 const constants{l.weights, l.bias};
    OtherCall const other = chip == "helium"    ? helium_call(l.call, constants)
                            : chip == "blocked" ? blocked_call(l.call, constants)
                                                : dsp_call(l.call, constants, wide);
    if (other.call) layers.add(*other.call, l, r);
  }
  layers.write(folder);
  return 0;
}

}  // namespace
}  // namespace narrow

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(
        stderr,
        "usage: narrow_emulated_layers FOLDER dsp|widths|recurrent|helium|helium-recurrent|blocked COUNT SEED\n");
    return 1;
  }
  return narrow::emit(argv[1], argv[2], std::atoi(argv[3]), static_cast<unsigned>(std::strtoul(argv[4], nullptr, 10)));
}
