#include <narrow/narrow.h>

#include <iostream>

int main(int, char** argv) {
  auto model = narrow::load(argv[1]);
  if (model) std::cout << narrow::summarize(**model).parameters << " parameters\n";
  return model ? 0 : 1;
}
