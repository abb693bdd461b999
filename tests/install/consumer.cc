#include <narrow/narrow.h>

#include <iostream>

static_assert(NARROW_VERSION_MAJOR == 0 && NARROW_VERSION_MINOR >= 1);

int main(int, char** argv) {
  auto model = narrow::load(argv[1]);
  if (!model) return 1;
  auto session = narrow::Session::create(*model);
  if (session && !session->run()) return 1;
  if (session) std::cout << narrow::summarize(**model)->parameters << " " << session->output(0).size() << "\n";
}
