#include "ops/def/step.h"

namespace narrow {

Step call_step(KernelCall call) {
  Step step;
  step.host_only = call.kernel->host_only();
  step.calls.push_back(std::move(call));
  return step;
}

Step control_step(ControlFlow control, StepFunction run, const char* name, bool host_only) {
  Step step;
  step.control = std::move(control);
  step.run = std::move(run);
  step.kernel = name;
  step.host_only = host_only;
  return step;
}

std::string kernel_names(const Step& step) {
  if (step.calls.empty()) return step.kernel;
  std::string out = step.calls.front().kernel->name;
  size_t const more = step.calls.size() - 1;
  return more ? out + " and " + std::to_string(more) + " more" : out;
}

}  // namespace narrow
