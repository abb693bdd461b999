/* Runs the layers of layers.bin on a chip, for emulated_layers_test.py; says which results differ, and how many layers
 * there were.
 *
 * layers.bin is words: of each layer the number of its kernel and of its arguments; then the parameters and the
 * arguments, each as what it is (enum kind), its bytes, and unless it is scratch memory these bytes, up to a word. Of
 * results they are what is wanted; of states what is there before, and then what is wanted. Parameters with pointers
 * are of kind POINTERS; behind their bytes is how many are not null, and of each its word, and what it points to as
 * another argument. */
#include <stdint.h>
#include <string.h>

#include "chip.h"
#include "headers.inc"

typedef void (*function)(void);
typedef void (*with_three)(const void *, const void *, const void *, void *);
typedef void (*with_five)(const void *, const void *, const void *, const void *, void *, void *);
typedef void (*with_seven)(const void *, const void *, const void *, const void *, void *, void *, void *, void *);
typedef void (*with_eight)(const void *, const void *, const void *, const void *, const void *, void *, void *, void *,
                           void *);

static const function kernels[] = {
#include "kernels.inc"
};

enum kind { READ, RESULT, SCRATCH, NONE, STATE, POINTERS };
enum { MOST_ARGUMENTS = 9, MOST_STATES = 2, MARK = 0x5A, MARKED = 32 };

__asm(
    ".section .rodata\n .balign 8\n .global layers, layers_end\nlayers: .incbin \"layers.bin\"\nlayers_end:\n .text\n");
extern const unsigned char layers[], layers_end[];

static uint64_t results[2048], scratch[4096], states[MOST_STATES][160];
static const void *params[64];

static void write_number(uint32_t n) {
  char text[12];
  char *at = text + sizeof text - 1;
  *at = 0;
  do *--at = (char)('0' + n % 10);
  while (n /= 10);
  chip_write(at);
}

static uint32_t next_word(const unsigned char **at) {
  uint32_t word;
  memcpy(&word, *at, 4);
  *at += 4;
  return word;
}

static uint32_t up_to_word(uint32_t bytes) {
  return (bytes + 3) / 4 * 4;
}

/* Whether the MARKED bytes at `at` are as they were. */
static int untouched(const unsigned char *at) {
  for (int i = 0; i < MARKED; ++i)
    if (at[i] != MARK) return 0;
  return 1;
}

int main(void) {
  const unsigned char *at = layers;
  uint32_t count = 0, wrong = 0;
  for (; at < layers_end; ++count) {
    uint32_t const kernel = next_word(&at), arguments = next_word(&at) + 1;
    const void *read[MOST_ARGUMENTS] = {0};
    void *written[MOST_ARGUMENTS] = {0};
    const unsigned char *wanted = 0;
    const unsigned char *wanted_state[MOST_STATES] = {0};
    uint32_t result_bytes = 0, scratch_bytes = 0, state_bytes[MOST_STATES] = {0}, state_count = 0;
    unsigned char *const result = (unsigned char *)results + MARKED;
    memset(states, MARK, sizeof states);
    for (uint32_t i = 0; i < arguments; ++i) {
      uint32_t const kind = next_word(&at), bytes = next_word(&at);
      if (kind == READ) written[i] = (void *)(uintptr_t)(read[i] = at);
      if (kind == POINTERS) {
        if (bytes > sizeof params) {
          chip_write("parameters need more memory than there is\n");
          return 1;
        }
        read[i] = memcpy(params, at, bytes);
        at += bytes;
        for (uint32_t left = next_word(&at); left > 0; --left) {
          uint32_t const word = next_word(&at);
          next_word(&at);
          uint32_t const pointed = next_word(&at);
          params[word] = at;
          at += up_to_word(pointed);
        }
        continue;
      }
      if (kind == RESULT) written[i] = result;
      if (kind == RESULT) wanted = at, result_bytes = bytes;
      if (kind == SCRATCH) written[i] = scratch;
      if (kind == STATE) {
        if (state_count == MOST_STATES || bytes + MARKED > sizeof states[0]) {
          chip_write("a state needs more memory than there is\n");
          return 1;
        }
        written[i] = memcpy(states[state_count], at, bytes);
        at += up_to_word(bytes);
        wanted_state[state_count] = at;
        state_bytes[state_count++] = bytes;
      }
      if (kind == SCRATCH)
        scratch_bytes = bytes;
      else
        at += up_to_word(bytes);
    }
    if (result_bytes + 2 * MARKED + 8 > sizeof results || scratch_bytes + MARKED + 8 > sizeof scratch) {
      chip_write("a layer needs more memory than there is\n");
      return 1;
    }
    memset(results, MARK, sizeof results);
    memset(scratch, MARK, sizeof scratch);
    if (arguments == 4)
      ((with_three)kernels[kernel])(read[0], read[1], read[2], written[3]);
    else if (arguments == 6)
      ((with_five)kernels[kernel])(read[0], read[1], read[2], read[3], written[4], written[5]);
    else if (arguments == 9)
      ((with_eight)kernels[kernel])(read[0], read[1], read[2], read[3], read[4], written[5], written[6], written[7],
                                    written[8]);
    else
      ((with_seven)kernels[kernel])(read[0], read[1], read[2], read[3], written[4], written[5], written[6], written[7]);
    int right = 1;
    for (uint32_t i = 0; i < state_count; ++i)
      right = right && memcmp(states[i], wanted_state[i], state_bytes[i]) == 0 &&
              untouched((unsigned char *)states[i] + state_bytes[i]);
    if (!right || memcmp(result, wanted, result_bytes) != 0 || !untouched(result - MARKED) ||
        !untouched(result + result_bytes) || !untouched((unsigned char *)scratch + (scratch_bytes + 7) / 8 * 8)) {
      ++wrong;
      chip_write("layer ");
      write_number(count);
      chip_write(" of kernel ");
      write_number(kernel);
      chip_write(" is wrong\n");
    }
  }
  write_number(count);
  chip_write(" layers, ");
  write_number(wrong);
  chip_write(" wrong\n");
  return wrong != 0;
}
