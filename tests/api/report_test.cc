// Reports of the digits network, made through the public interface.
#include "narrow/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "narrow/quantize.h"

namespace narrow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kRows = 20;
constexpr int64_t kPixels = 64;

class ReportOfDigits : public ::testing::Test {
 protected:
  void SetUp() override {
    auto loaded = load(std::string(NARROW_SOURCE_FOLDER) + "/examples/digits/float.tflite");
    ASSERT_TRUE(loaded) << loaded.error().what;
    model_ = *loaded;
    std::mt19937 random(5);
    for (int64_t i = 0; i < kRows * kPixels; ++i) values_.push_back(static_cast<float>(random() % 17) / 16);
  }

  DataSource data() const {
    DataSource out;
    out.arrays.push_back({"", DType::float32, {kRows, 8, 8, 1}, std::as_bytes(std::span(values_))});
    return out;
  }

  ReportRequest request(Quality quality = Quality::fast) const {
    QuantizeRequest how;
    how.data = data();
    how.quality = quality;
    auto made = quantize(model_, how);
    EXPECT_TRUE(made) << made.error().what;
    ReportRequest out;
    out.models.push_back({.name = "digits.tflite", .model = made->model, .made = *made});
    out.reference = made->prepared;
    out.given = model_;
    out.data = data();
    return out;
  }

  ModelPtr model_;
  std::vector<float> values_;
};

TEST_F(ReportOfDigits, RefusesWhatIsNoRequest) {
  auto field = [](const ReportRequest& r) {
    auto const report = make_report(r);
    EXPECT_FALSE(report);
    return report ? "" : report.error().field;
  };
  EXPECT_EQ(field({}), "models");
  ReportRequest r = request();
  r.detail = 1;
  EXPECT_EQ(field(r), "detail");
  r = request();
  r.samples = 0;
  EXPECT_EQ(field(r), "samples");
  r = request();
  r.models.push_back({.name = "nothing", .model = nullptr});
  EXPECT_EQ(field(r), "models");
}

TEST_F(ReportOfDigits, ErrorsAreThoseOfEvaluate) {
  ReportRequest const r = request(Quality::best);
  auto const report = make_report(r);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->measured, kRows);
  EvaluateRequest how;
  how.data = data();
  how.reference = r.reference;
  how.per_op = true;
  auto const evaluated = evaluate(std::span(&r.models[0].model, 1), how);
  ASSERT_TRUE(evaluated) << evaluated.error().what;
  ASSERT_EQ(report->ops.size(), evaluated->front().ops.size());
  for (size_t k = 0; k < report->ops.size(); ++k) {
    ASSERT_TRUE(report->ops[k].accumulated && report->ops[k].isolated);
    const ErrorSums& theirs = evaluated->front().ops[k].error;
    EXPECT_NEAR(report->ops[k].accumulated->noise / theirs.noise, 1, 1e-9);
    EXPECT_EQ(report->ops[k].accumulated->values, theirs.values);
  }
  // The first layer has no error before it: the float model's input, quantized, is what it reads.
  EXPECT_EQ(report->ops[0].accumulated->noise, report->ops[0].isolated->noise);
}

TEST_F(ReportOfDigits, CountsAndCostsAddUp) {
  auto const report = make_report(request());
  ASSERT_TRUE(report) << report.error().what;
  for (const ReportTensor& t : report->tensors) {
    int64_t counted = 0;
    for (int64_t const n : t.counts) counted += n;
    EXPECT_EQ(counted, t.values) << t.name;
    EXPECT_LE(t.effective_bits, std::log2(static_cast<double>(t.codes_used)) + 1e-9) << t.name;
    EXPECT_LE(t.histogram_lo, t.min);
    EXPECT_GE(t.histogram_hi, t.max);
  }
  ASSERT_TRUE(report->project);
  int64_t constants = 0, cycles = 0, macs = 0;
  for (const ReportStep& s : report->project->steps) {
    constants += s.flash, cycles += s.cycles, macs += s.macs;
    EXPECT_LE(s.ram, report->project->arena);
  }
  EXPECT_EQ(constants, report->project->constants);
  EXPECT_EQ(cycles, report->project->cycles);
  EXPECT_EQ(macs, report->macs);
}

TEST_F(ReportOfDigits, WithoutReferenceAndSamples) {
  ReportRequest r = request();
  r.reference = nullptr;
  r.given = nullptr;
  r.models[0].made.reset();
  auto const report = make_report(r);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->measured, 0);
  EXPECT_TRUE(report->tensors.empty());
  EXPECT_FALSE(report->ops[0].accumulated);
  EXPECT_EQ(report->ops[0].outcome, "integer");
  EXPECT_THAT(report_html(*report), AllOf(HasSubstr("id=memory"), Not(HasSubstr("id=errors"))));
  std::vector<std::string> names;
  for (const NodeData& n : node_data(*report)) names.push_back(n.name);
  EXPECT_THAT(names, testing::ElementsAre("bits", "weight_bits"));
}

TEST_F(ReportOfDigits, TextsAreForFrontEndsToChange) {
  ReportRequest r = request();
  r.flash = 10;
  auto report = make_report(r);
  ASSERT_TRUE(report) << report.error().what;
  ASSERT_FALSE(report->advice.empty());
  EXPECT_THAT(report->advice[0], HasSubstr("`flash` allows 10"));
  EXPECT_THAT(report_html(*report), HasSubstr("<code>flash</code>"));
  change_texts(*report, [](const std::string& text) { return text.empty() ? text : "changed"; });
  EXPECT_EQ(report->advice[0], "changed");
  EXPECT_EQ(report->ops[0].reason, "changed");
}

TEST(Report, AnEmptyOneIsAPageToo) {
  Report const empty;
  EXPECT_THAT(report_html(empty), AllOf(testing::StartsWith("<!doctype html>"), testing::EndsWith("</html>\n")));
  EXPECT_THAT(report_json(empty), testing::EndsWith("}"));
  EXPECT_TRUE(node_data(empty).empty());
}

TEST(Report, NamesFromFilesAreText) {
  Report odd;
  odd.title = "<script>alert(1)</script>";
  odd.warnings = {"</script><b>`x`"};
  odd.ops.push_back({.name = "a\"><img src=x>", .op = "<i>", .outcome = "integer"});
  std::string const page = report_html(odd);
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script>alert")), Not(HasSubstr("<img")), Not(HasSubstr("<i>,"))));
  EXPECT_THAT(page, HasSubstr("&lt;/script&gt;&lt;b&gt;<code>x</code>"));
}

}  // namespace
}  // namespace narrow
