// Files that are given in the place of a model.
#include "read/foreign.h"

#include <graphdef.pb.h>
#include <gtest/gtest.h>

#include "data_files.h"
#include "graphdef/graph_writer.h"
#include "onnx_file.h"
#include "read/read.h"

namespace narrow {
namespace {

using namespace std::string_literals;

std::string refusal(const std::string& bytes) {
  auto const model = read_model(SharedBytes::copy_of(std::span<const char>(bytes)), "m");
  if (model) return "";
  return std::string(to_string(model.error().kind)) + ": " + model.error().what + "; " + model.error().remedy;
}

tf_format::MetaGraphDef meta_graph() {
  GraphWriter w;
  w.placeholder("x", {1, 2});
  w.node("y", "Relu", {"x"});
  tf_format::MetaGraphDef meta;
  *meta.mutable_graph_def() = w.graph;
  return meta;
}

TEST(Foreign, TheGraphOfASavedModelFolder) {
  tf_format::SavedModel saved;
  *saved.add_meta_graphs() = meta_graph();
  saved.mutable_meta_graphs(0)->mutable_meta_info_def()->add_tags("serve");
  std::string const bytes = "\x08\x01"s + saved.SerializeAsString();
  EXPECT_EQ(refusal(bytes),
            "unsupported: this is the graph of a SavedModel folder; give the folder, which holds the variables, too");
}

TEST(Foreign, TheGraphAndTheVariablesOfACheckpoint) {
  std::string const ops_used = "\x0a\x08\x12\x06\x0a\x04\x0a\x02No"s;  // what .meta files begin with
  EXPECT_NE(refusal(ops_used + meta_graph().SerializeAsString()).find("path of the .meta file"), std::string::npos);
  EXPECT_NE(refusal(std::string(40, 'v') + "\x57\xfb\x80\x8b\x24\x75\x47\xdb").find("path of the .meta file"),
            std::string::npos);
}

TEST(Foreign, FilesOfPyTorch) {
  EXPECT_NE(refusal(zip({{"net/data.pkl", "\x80\x02."}, {"net/version", "3"}})).find("torch.onnx.export"),
            std::string::npos);
  EXPECT_NE(refusal(zip({{"data.csv", "1"}})).find("no Keras model"), std::string::npos);
}

TEST(Foreign, OnnxModelsNeedNotNameTheirProducer) {
  OnnxFile file;
  file.input("x", {1, 2}).output("y");
  file.node("Relu", {"x"}, "y");
  std::string const whole = file.bytes();
  ASSERT_EQ(whole.substr(2, 2), "\x12\x04");  // the producer: "test"
  std::string const rest = whole.substr(0, 2) + whole.substr(8);
  EXPECT_EQ(refusal(rest), "");
  for (const char* field : {"\x1a\x01v",
                            "\x22\x01"
                            "d",
                            "\x28\x07", "\x32\x01w"})  // version, domain, number, text
    EXPECT_EQ(refusal(rest.substr(0, 2) + field + rest.substr(2)), "") << field;
}

}  // namespace
}  // namespace narrow
