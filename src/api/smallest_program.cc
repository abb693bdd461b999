#include "api/smallest_program.h"

#include <map>
#include <optional>

#include "narrow/types.h"
#include "ops/def/profile.h"
#include "program/order_ops.h"
#include "program/patches.h"

namespace narrow {

Result<CProgram> smallest_program(Model model, int entry, const std::string& name, const TargetChip& chip) {
  auto const given = std::make_shared<const Model>(model);
  NARROW_TRY(CProgram out, make_c_program(given, entry, name, chip));
  if (!order_for_memory(model.graphs[static_cast<size_t>(entry)])) return out;
  auto other = make_c_program(std::make_shared<const Model>(std::move(model)), entry, name, chip);
  if (other && other->arena_bytes < out.arena_bytes) return std::move(*other);
  return out;
}

Result<CProgram> patched_program(CProgram whole, int entry, const TargetChip& chip, std::vector<std::string>& notes) {
  constexpr size_t kFewTrials = 30;
  if (whole.graphs.size() > 1) return whole;
  LowerContext context{*find_profile(to_string(Profile::narrow))};
  context.reference = true;  // nothing is run: weights need not be packed
  NARROW_TRY(Program const program, lower(whole.model, context, entry));
  int64_t least = whole.arena_bytes;
  std::optional<PatchChoice> best;
  for (const PatchChoice& choice : patch_choices(program)) {
    auto const cut = in_patches(program, choice);
    int64_t const bytes = cut ? plan_arena(*cut, whole.char_bits, kFewTrials).bytes : least;
    if (bytes >= least) continue;
    least = bytes;
    best = choice;
  }
  if (!best) {
    notes.emplace_back("computing the first layers in patches would not take less memory");
    return whole;
  }
  std::map<int, Program> programs;
  programs.emplace(entry, *in_patches(program, *best));
  NARROW_TRY(CProgram out, c_program_of(programs, entry, whole.name, chip));
  notes.push_back("the first " + std::to_string(best->steps) + " ops are computed in patches of " +
                  std::to_string(best->rows) + " rows: " + std::to_string(out.macs()) +
                  " multiply-accumulates instead of " + std::to_string(whole.macs()) + ", and an arena of " +
                  std::to_string(out.arena_bytes) + " bytes instead of " + std::to_string(whole.arena_bytes));
  return out;
}

}  // namespace narrow
