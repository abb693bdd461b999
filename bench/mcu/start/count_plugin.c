/* A QEMU plugin (7.2) that counts executions of each instruction, and of the jump behind it where the next one executed
 * is another than the next in memory. Argument: out=FILE, which gets lines "ADDRESS EXECUTED TAKEN". Addresses of code
 * in the emulated boards differ in their lower 20 bits. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of qemu-plugin.h, which Debian does not ship. */
typedef uint64_t plugin_id;
struct block;
struct instruction;
extern void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct block *));
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct block *, void (*)(unsigned, void *), int flags, void *);
extern void qemu_plugin_register_vcpu_insn_exec_inline(struct instruction *, int operation, void *, uint64_t);
extern void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);
extern size_t qemu_plugin_tb_n_insns(const struct block *);
extern struct instruction *qemu_plugin_tb_get_insn(const struct block *, size_t);
extern uint64_t qemu_plugin_insn_vaddr(const struct instruction *);
extern size_t qemu_plugin_insn_size(const struct instruction *);

#define EXPORTED __attribute__((visibility("default")))
EXPORTED int qemu_plugin_version = 1;

enum { PLACES = 1 << 19, NO_FLAGS = 0, ADD = 0 };
static uint64_t executed[PLACES], taken[PLACES];
static const char *path;

/* Instructions that are executed one after the other. */
struct run {
  uint32_t start, last, end;
};
static struct run *before;

static uint32_t place(uint32_t address) {
  return address / 2 % PLACES;
}

static void begins(unsigned cpu, void *data) {
  struct run *now = data;
  (void)cpu;
  if (before != NULL && before->end != now->start) ++taken[place(before->last)];
  before = now;
}

static void translated(plugin_id id, struct block *block) {
  size_t const count = qemu_plugin_tb_n_insns(block);
  struct run *r = calloc(1, sizeof *r);
  (void)id;
  if (r == NULL) abort();
  for (size_t i = 0; i < count; ++i) {
    struct instruction *at = qemu_plugin_tb_get_insn(block, i);
    r->last = (uint32_t)qemu_plugin_insn_vaddr(at);
    r->end = r->last + (uint32_t)qemu_plugin_insn_size(at);
    if (i == 0) r->start = r->last;
    qemu_plugin_register_vcpu_insn_exec_inline(at, ADD, &executed[place(r->last)], 1);
  }
  qemu_plugin_register_vcpu_tb_exec_cb(block, begins, NO_FLAGS, r);
}

static void ends(plugin_id id, void *data) {
  FILE *file = fopen(path, "w");
  (void)id;
  (void)data;
  if (file == NULL) return;
  for (uint32_t i = 0; i < PLACES; ++i)
    if (executed[i] != 0) fprintf(file, "%" PRIx32 " %" PRIu64 " %" PRIu64 "\n", 2 * i, executed[i], taken[i]);
  fclose(file);
}

EXPORTED int qemu_plugin_install(plugin_id id, const void *info, int count, char **arguments) {
  (void)info;
  if (count != 1 || strncmp(arguments[0], "out=", 4) != 0) return 1;
  path = arguments[0] + 4;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_atexit_cb(id, ends, NULL);
  return 0;
}
