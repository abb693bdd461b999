#include "isa_table.h"
#include "lanes_plain.h"

namespace narrow::host {

constexpr Isa kIsaPlain = isa_of<Plain>("plain");

}  // namespace narrow::host
