// NON_MAX_SUPPRESSION_V4 and _V5, over real numbers.
// Source of the suppression: Bodla et al., "Soft-NMS - Improving Object Detection With One Line of Code", 2017.
#include <algorithm>
#include <array>
#include <cmath>
#include <queue>

#include "ops/indexing/indexing.h"
#include "ops/layout/index_operand.h"

namespace narrow {
namespace {

constexpr int64_t kMostComparisons = int64_t{1} << 28;  // of boxes, by one run: about a second

// Positions of the operands.
constexpr size_t kBoxes = 0, kScores = 1, kMost = 2, kOverlap = 3, kLeastScore = 4, kSigma = 5;

/// Two opposite corners, in any order.
struct Box {
  float y1, x1, y2, x2;

  float top() const { return std::min(y1, y2); }
  float bottom() const { return std::max(y1, y2); }
  float left() const { return std::min(x1, x2); }
  float right() const { return std::max(x1, x2); }
  float area() const { return (bottom() - top()) * (right() - left()); }
};

/// The area that two boxes share, as a part of the area that they cover together; 0 where one of them is empty.
float overlap(const Box& a, const Box& b) {
  float const area_a = a.area(), area_b = b.area();
  if (area_a <= 0 || area_b <= 0) return 0;
  float const height = std::max(std::min(a.bottom(), b.bottom()) - std::max(a.top(), b.top()), 0.0f);
  float const width = std::max(std::min(a.right(), b.right()) - std::max(a.left(), b.left()), 0.0f);
  float const shared = height * width, covered = area_a + area_b - shared;
  return covered == 0 ? 0 : shared / covered;
}

/// A box that may still be selected.
struct Candidate {
  int box = 0;
  float score = 0;
  size_t compared = 0;  // selected boxes that it has been compared with already
  bool operator<(const Candidate& other) const { return score < other.score; }
};

struct SuppressionLimits {
  size_t most = 0;        // boxes that are selected
  float overlap = 0;      // with a selected box from which on a box is dropped
  float least_score = 0;  // that a box must exceed
  float sigma = 0;        // of the Gaussian by which overlaps lower scores; 0: they do not
};

/// Compares a candidate with the boxes selected since it last was, the latest first, and lowers its score by them;
/// false where it overlaps one too far.
bool survives(Candidate& c, const std::vector<Candidate>& selected, const Box* boxes, const SuppressionLimits& limits) {
  float const factor = limits.sigma > 0 ? -0.5f / limits.sigma : 0.0f;
  for (size_t j = selected.size(); j > c.compared; --j) {
    float const shared = overlap(boxes[c.box], boxes[selected[j - 1].box]);
    if (shared >= limits.overlap) return false;
    if (limits.sigma > 0) c.score *= std::exp(factor * shared * shared);
    if (c.score <= limits.least_score) break;
  }
  c.compared = selected.size();
  return true;
}

/// The boxes selected, from the highest score down, those of equal scores in the order of the standard library's heap,
/// as in LiteRT. A selected box is a candidate once more, and drops out by its
/// overlap with itself; an empty box, which overlaps nothing, is selected again.
Result<std::vector<Candidate>> select_boxes(const Box* boxes, const float* scores, int count,
                                            const SuppressionLimits& limits) {
  std::priority_queue<Candidate> candidates;
  for (int i = 0; i < count; ++i)
    if (scores[i] > limits.least_score) candidates.push({i, scores[i], 0});
  size_t const most = std::min(candidates.size(), limits.most);
  std::vector<Candidate> selected;
  int64_t comparisons = 0;
  while (selected.size() < most && !candidates.empty()) {
    Candidate next = candidates.top();
    candidates.pop();
    float const before = next.score;
    comparisons += static_cast<int64_t>(selected.size() - next.compared);
    if (comparisons > kMostComparisons)
      return fail(ErrorKind::limit_exceeded, "more than " + std::to_string(kMostComparisons) + " comparisons of " +
                                                 std::to_string(count) + " boxes");
    if (!survives(next, selected, boxes, limits)) continue;
    if (next.score == before) selected.push_back(next);
    if (next.score > limits.least_score) candidates.push(next);
  }
  return selected;
}

Result<int32_t> most_selected(const OpView& op) {
  const Shape &boxes = op.input(kBoxes).shape, &scores = op.input(kScores).shape;
  if (boxes.rank() != 2 || boxes[1] != 4 || scores.rank() != 1 || scores[0] != boxes[0])
    return fail(ErrorKind::bad_file, "boxes " + boxes.text() + " and scores " + scores.text() +
                                         "; four corners and one score of each box are needed");
  for (size_t i = kOverlap; i < op.input_count(); ++i)
    if (op.input(i).elements() != 1)
      return fail(ErrorKind::bad_file, "a threshold of shape " + op.input(i).shape.text() + "; one number is needed");
  NARROW_TRY(int64_t const most, index_value(op, kMost, "counts of boxes"));
  if (most < 0) return fail(ErrorKind::bad_file, "a selection of " + std::to_string(most) + " boxes");
  if (most > limits_in_force().tensor_elements)
    return fail(ErrorKind::limit_exceeded, "a selection of " + std::to_string(most) + " boxes");
  return static_cast<int32_t>(most);
}

Result<std::vector<Shape>> infer_selected(const OpView& op) {
  NARROW_TRY(int32_t const most, most_selected(op));
  NARROW_TRY(Shape const list, Shape::make(std::array{most}));
  std::vector<Shape> out(op.op.outputs.size(), list);  // indices and, in V5, scores
  out.back() = Shape();                                // how many there are
  return out;
}

Result<Step> lower_selected(const OpView& op, const LowerContext&) {
  NARROW_TRY(int32_t const most, most_selected(op));
  for (size_t i = 0; i < op.input_count(); ++i)
    if (i != kMost && op.input(i).dtype != DType::float32)
      return fail(ErrorKind::unsupported,
                  std::string("it is computed in float32 only, not in ") + to_string(op.input(i).dtype));
  size_t const outputs = op.op.outputs.size();
  for (size_t i = 0; i < outputs; ++i)
    if (DType const wanted = outputs == 3 && i == 1 ? DType::float32 : DType::int32; op.output(i).dtype != wanted)
      return fail(ErrorKind::unsupported, std::string("a result of ") + to_string(op.output(i).dtype));
  int const count = op.input(kBoxes).shape[0];
  bool const soft = op.has_input(kSigma);
  return Step{.run = [=](const StepArgs& a) -> Status {
                auto const number = [&](size_t i) { return *static_cast<const float*>(a.in[i]); };
                SuppressionLimits const limits{.most = static_cast<size_t>(most),
                                               .overlap = number(kOverlap),
                                               .least_score = number(kLeastScore),
                                               .sigma = soft ? number(kSigma) : 0.0f};
                NARROW_TRY(auto const chosen, select_boxes(static_cast<const Box*>(a.in[kBoxes]),
                                                           static_cast<const float*>(a.in[kScores]), count, limits));
                auto* const indices = static_cast<int32_t*>(a.out[0]);
                auto* const scores = outputs == 3 ? static_cast<float*>(a.out[1]) : nullptr;
                for (size_t i = 0; i < static_cast<size_t>(most); ++i) {
                  Candidate const c = i < chosen.size() ? chosen[i] : Candidate();
                  indices[i] = c.box;
                  if (scores) scores[i] = c.score;
                }
                *static_cast<int32_t*>(a.out[outputs - 1]) = static_cast<int32_t>(chosen.size());
                return {};
              },
              .host_only = true,
              .kernel = "float, plain loops"};
}

constexpr QuantRule kSuppressionRule{.roles = {Role::activation, Role::activation, Role::index},
                                     .output8 = ScaleRule::free,
                                     .output16 = ScaleRule::free};

}  // namespace

const OpDef kNonMaxSuppressionV4{
    .name = "NON_MAX_SUPPRESSION_V4",
    .arity = {.min_inputs = 5, .max_inputs = 5, .outputs = 2},
    .quant = kSuppressionRule,
    .infer = infer_selected,
    .lower = lower_selected,
};

const OpDef kNonMaxSuppressionV5{
    .name = "NON_MAX_SUPPRESSION_V5",
    .arity = {.min_inputs = 6, .max_inputs = 6, .outputs = 3},
    .quant = kSuppressionRule,
    .infer = infer_selected,
    .lower = lower_selected,
};

}  // namespace narrow
