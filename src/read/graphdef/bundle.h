// Bundle: the variables beside a SavedModel or in a checkpoint (variables.index, variables.data-00000-of-00001).
#pragma once

#include <map>
#include <string>

#include "base/bytes.h"
#include "base/limits.h"
#include "read/graphdef/constant.h"

namespace narrow::graphdef {

class Bundle {
 public:
  /// The entries of an index, a table of names in the format of LevelDB; the values stay in their files until asked
  /// for. `prefix` is the path before ".index". bad_file for bytes that are no such table, unsupported for compressed
  /// ones.
  static Result<Bundle> read(const SharedBytes& index, const std::string& prefix, const Limits& limits);

  /// The values under a name. Errors: io, bad_file where sizes, places or checksums do not fit.
  Result<Constant> value(const std::string& name);

  const std::map<std::string, tf_format::BundleEntryProto>& entries() const { return entries_; }

 private:
  Result<SharedBytes> shard(int number);

  std::string prefix_;
  const Limits* limits_ = nullptr;
  int shards_ = 0;
  std::map<std::string, tf_format::BundleEntryProto> entries_;
  std::map<int, SharedBytes> files_;
};

}  // namespace narrow::graphdef
