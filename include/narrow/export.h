// Export: the constants of a model where other programs can read them.
#pragma once

#include <narrow/model.h>
#include <narrow/result.h>
#include <narrow/types.h>
#include <narrow/visibility.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace narrow {

/// In which order the elements of weights are written. Weights that a choice says nothing about stay as they are
/// stored.
struct LayoutChoice {
  enum class Conv : uint8_t { stored, ohwi, hwio };
  enum class Dense : uint8_t { stored, transposed, cmsis_q7_opt };
  Conv conv = Conv::stored;     // of convolutions: output channels first or last
  Dense dense = Dense::stored;  // of fully connected layers: [in, out], or where the weights have 8 bits the order that
                                // CMSIS-NN's arm_fully_connected_q7_opt reads
};

/// "stored", "ohwi", "hwio", "transposed", "cmsis-q7-opt", or one of "ohwi" and "hwio", a comma and one of the last
/// two; nothing for other texts.
NARROW_API std::optional<LayoutChoice> parse_layout(std::string_view text);

struct ExportRequest {
  std::string folder;  // made if it is not there; where it is, other files in it stay
  ExportFormat format = ExportFormat::npy;
  LayoutChoice layout;
  HeaderStyle style = HeaderStyle::array;
  bool packed = false;  // of a header: 4-bit weights lie two in a byte, as C projects have them, not as int8
  std::string name;     // what a header's names begin with, a C identifier; made from the model file's where empty
  const std::atomic<bool>* cancel = nullptr;  // set by another thread or a signal handler: ends with nothing written
};

struct ExportResult {
  std::vector<std::string> files;     // names in the folder
  std::string name;                   // what a header's names begin with; empty for other formats
  int64_t constants = 0;              // that were written
  int64_t bytes = 0;                  // of their values
  std::vector<std::string> left_out;  // names of those that are no numbers
};

/// Writes the constants of all graphs of `model` into a folder; all files appear, or none. Errors:
/// bad_option (names the field), io, cancelled.
NARROW_API Result<ExportResult> export_constants(const Model& model, const ExportRequest& request);

}  // namespace narrow
