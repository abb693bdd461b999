/* Stands between a program and the network's run function: measures each call.
 *
 * The linker's --wrap sends each call of NAME_run that the program makes to __wrap_NAME_run below, which calls the
 * function itself as __real_NAME_run. So the project's own self-test runs unchanged. Compiled with
 * -DCHIP_HEADER="NAME.h", -DCHIP_RUN=NAME_run and -DCHIP_ARENA_BYTES=NAME_ARENA_BYTES.
 *
 * Lines written: 'arena BYTES' once; 'empty TICKS SLOW STACK ROOM' once, for a call of a function that only returns,
 * which is what the measurement itself costs; 'run TICKS SLOW STACK ROOM' for each call. SLOW are the ticks of the slow
 * counter, STACK the bytes below the caller's stack pointer that the call wrote to, ROOM those that are there. */
#include CHIP_HEADER
#include "chip.h"

#define JOINED(a, b) a##b
#define JOIN(a, b) JOINED(a, b)
#define REAL_RUN JOIN(__real_, CHIP_RUN)
#define WRAPPED_RUN JOIN(__wrap_, CHIP_RUN)

/* A network that keeps nothing between runs takes the arena alone: by the calling conventions of all chips here it does
 * not look at the second argument. */
typedef void run_function(void *arena, void *state);

typedef struct {
  unsigned long ticks; /* from before the call to after it */
  unsigned long slow_ticks;
  unsigned long stack, room; /* bytes */
} cost;

void REAL_RUN(void *arena, void *state);
void WRAPPED_RUN(void *arena, void *state);

#define PAINT 0xC5U
/* No network's stack comes near it, and painting more would take longer than running. */
#define MOST_PAINTED 32768UL

/* Volatile accesses keep the compiler from calling library functions, which would write to the stack being measured. */
static cost __attribute__((noinline, noclone)) measure(run_function *run, void *arena, void *state) {
  cost found;
  unsigned char volatile *const pointer = chip_stack_pointer();
  unsigned char volatile *bottom = chip_stack_limit();
  unsigned char volatile *lowest;
  unsigned long const slow_before = chip_slow_ticks();
  unsigned long before;
  found.room = (unsigned long)(pointer - bottom);
  if (found.room > MOST_PAINTED) bottom = pointer - MOST_PAINTED;
  for (lowest = bottom; lowest < pointer; ++lowest) *lowest = PAINT;
  before = chip_ticks();
  run(arena, state);
  found.ticks = (chip_ticks() - before) & 0xFFFFFFFFUL;
  found.slow_ticks = (chip_slow_ticks() - slow_before) & 0xFFFFFFFFUL;
  for (lowest = bottom; lowest < pointer && *lowest == PAINT; ++lowest) {
  }
  found.stack = (unsigned long)(pointer - lowest);
  return found;
}

static void __attribute__((noinline, noclone)) empty(void *arena, void *state) {
  __asm__ volatile("" : : "r"(arena), "r"(state));
}

static void write_number(unsigned long value, char after) {
  char text[24];
  char *first = text + sizeof(text) - 1;
  *first = 0;
  *--first = after;
  do {
    *--first = (char)('0' + (int)(value % 10UL));
    value /= 10UL;
  } while (value != 0);
  chip_write(first);
}

static void write_cost(char const *name, cost of) {
  chip_write(name);
  write_number(of.ticks, ' ');
  write_number(of.slow_ticks, ' ');
  write_number(of.stack, ' ');
  write_number(of.room, '\n');
}

void WRAPPED_RUN(void *arena, void *state) {
  static int begun = 0;
  if (!begun) {
    begun = 1;
    chip_write("arena ");
    write_number((unsigned long)CHIP_ARENA_BYTES, '\n');
    write_cost("empty ", measure(empty, arena, state));
  }
  write_cost("run ", measure(REAL_RUN, arena, state));
}
