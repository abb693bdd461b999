/* Runs a command and writes what it took into a file: wall seconds, processor seconds, peak resident bytes, exit code.
 *
 * Linux carries a process's peak over fork and exec, so a command started by a big process seems as big. This one is
 * small. */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double seconds(struct timeval t) {
  return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: narrow_spawn REPORT COMMAND [ARGUMENT...]\n");
    return 2;
  }
  double const start = now();
  pid_t const child = fork();
  if (child < 0) return 1;
  if (child == 0) {
    execvp(arguments[2], arguments + 2);
    perror(arguments[2]);
    _exit(127);
  }
  int status = 0;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child) return 1;
  double const wall = now() - start;
  FILE *report = fopen(arguments[1], "w");
  if (!report) return 1;
  fprintf(report, "%.9f %.6f %lld %d\n", wall, seconds(usage.ru_utime) + seconds(usage.ru_stime),
          (long long)usage.ru_maxrss * 1024, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return fclose(report) ? 1 : 0;
}
