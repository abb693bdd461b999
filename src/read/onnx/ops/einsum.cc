// Einsum: sums of products over letters that name dimensions.
#include <algorithm>
#include <map>

#include "ops/layers/layers.h"
#include "ops/layout/layout.h"
#include "ops/reductions/reductions.h"
#include "read/onnx/op_table.h"

namespace narrow::onnx {
namespace {

struct Equation {
  std::vector<std::string> terms;  // letters of each operand's dimensions
  std::string result;
};

bool has(const std::string& letters, char c) {
  return letters.find(c) != std::string::npos;
}

Result<Equation> equation_of(Node& n) {
  std::string text = n.text("equation", "");
  std::erase(text, ' ');
  if (has(text, '.')) return not_here("an Einsum with an ellipsis");
  Equation out;
  size_t const arrow = text.find("->");
  std::string const left = text.substr(0, arrow);
  for (size_t from = 0; from <= left.size();) {
    size_t const end = std::min(left.find(',', from), left.size());
    out.terms.push_back(left.substr(from, end - from));
    from = end + 1;
  }
  if (arrow != std::string::npos) {
    out.result = text.substr(arrow + 2);
  } else {  // letters that occur once, in the order of the alphabet
    for (char c : left)
      if (c != ',' && std::count(left.begin(), left.end(), c) == 1) out.result += c;
    std::sort(out.result.begin(), out.result.end());
  }
  if (out.terms.size() != n.inputs()) return fail(ErrorKind::bad_file, "the equation has another number of operands");
  for (const std::string& term : out.terms)
    for (char c : term)
      if (std::count(term.begin(), term.end(), c) > 1) return not_here("an Einsum over a diagonal");
  for (char c : out.result)
    if (std::count(out.result.begin(), out.result.end(), c) > 1 || !has(left, c))
      return fail(ErrorKind::bad_file, "the equation's result does not go with its operands");
  return out;
}

/// An operand and the letters of its dimensions, as it is stored.
struct Term {
  int tensor;
  std::string letters;
};

/// The term with its dimensions in this order.
Result<int> ordered(Node& n, const Term& t, const std::string& letters) {
  Order order;
  for (char c : letters) order.push_back(static_cast<int>(t.letters.find(c)));
  return n.net.stored({t.tensor, plain(static_cast<int>(t.letters.size()))}, order);
}

/// The term summed up over letters that are not in `kept`.
Result<Term> reduced(Node& n, Term t, const std::string& kept) {
  std::vector<int32_t> axes;
  std::string left;
  for (size_t d = 0; d < t.letters.size(); ++d) {
    if (has(kept, t.letters[d]))
      left += t.letters[d];
    else
      axes.push_back(static_cast<int32_t>(d));
  }
  if (axes.empty()) return t;
  NARROW_TRY(int const sum, n.net.add(kSum, ReduceAttributes{false}, {t.tensor, n.net.builder().indices(axes)},
                                      n.net.at(t.tensor).name + "/summed"));
  return Term{sum, left};
}

/// The product of two terms, summed up over letters that both have and `kept` has not.
Result<Term> product(Node& n, Term a, Term b, const std::string& kept) {
  NARROW_TRY(a, reduced(n, a, kept + b.letters));
  NARROW_TRY(b, reduced(n, b, kept + a.letters));
  std::string both, rows, columns, summed;
  for (char c : a.letters) (!has(b.letters, c) ? rows : has(kept, c) ? both : summed) += c;
  for (char c : b.letters)
    if (!has(a.letters, c)) columns += c;
  std::map<char, int32_t> size;
  for (const Term& t : {a, b})
    for (size_t d = 0; d < t.letters.size(); ++d) {
      int32_t const length = n.net.at(t.tensor).shape[static_cast<int>(d)];
      if (size.try_emplace(t.letters[d], length).first->second != length)
        return fail(ErrorKind::bad_file, std::string("dimensions '") + t.letters[d] + "' have different sizes");
    }
  auto const lengths = [&](const std::string& letters) {
    std::vector<int32_t> out;
    for (char c : letters) out.push_back(size[c]);
    return out;
  };
  auto const total = [&](const std::string& letters) {
    int32_t out = 1;
    for (char c : letters) out *= size[c];
    return out;
  };
  NARROW_TRY(int x, ordered(n, a, both + rows + summed));
  NARROW_TRY(int y, ordered(n, b, both + columns + summed));
  NARROW_TRY(x, n.net.reshaped(x, {total(both), total(rows), total(summed)}, n.net.at(x).name + "/rows"));
  NARROW_TRY(y, n.net.reshaped(y, {total(both), total(columns), total(summed)}, n.net.at(y).name + "/columns"));
  NARROW_TRY(int const out,
             n.net.add(kBatchMatmul, BatchMatmulAttributes{.adjoint_b = true}, {x, y}, n.name() + "/product"));
  NARROW_TRY(int const apart, n.net.reshaped(out, lengths(both + rows + columns), n.name() + "/apart"));
  return Term{apart, both + rows + columns};
}

Status read_einsum(Node& n) {
  NARROW_TRY(Equation const e, equation_of(n));
  std::vector<Term> terms;
  for (size_t i = 0; i < n.inputs(); ++i) {
    if (n.tensor(i).dtype != DType::float32) return not_here("Einsum of integers");
    if (n.net.rank(n.in(i)) != static_cast<int>(e.terms[i].size()))
      return fail(ErrorKind::bad_file, "term '" + e.terms[i] + "' does not go with data " + n.shape(i).text());
    NARROW_TRY(int const x, n.net.plain_tensor(n.in(i)));
    terms.push_back({x, e.terms[i]});
  }
  Term all = terms[0];
  for (size_t i = 1; i < terms.size(); ++i) {
    std::string kept = e.result;
    for (size_t k = i + 1; k < terms.size(); ++k) kept += terms[k].letters;
    NARROW_TRY(all, product(n, all, terms[i], kept));
  }
  NARROW_TRY(all, reduced(n, all, e.result));
  // Dimension d of the result is the one that has its letter.
  Order order;
  for (char c : all.letters) order.push_back(static_cast<int>(e.result.find(c)));
  return n.give({all.tensor, order});
}

constexpr OpRow kRowsEinsum[] = {
    {"Einsum", read_einsum, 1, kAnyInputs},
};

}  // namespace

std::span<const OpRow> einsum_rows() {
  return kRowsEinsum;
}

}  // namespace narrow::onnx
