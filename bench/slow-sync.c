/*
 * Stands between a program and the C library (LD_PRELOAD), and makes the disk as slow as a test wants: each sync takes
 * SYNC_MILLISECONDS longer. With SYNC_MILLISECONDS=-1 a sync does nothing, so that only the work of the processor is left.
 *
 *   gcc -shared -fPIC -O2 -o slow-sync.so slow-sync.c
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

typedef int (*sync_function)(int);

static long milliseconds(void) {
  const char *text = getenv("SYNC_MILLISECONDS");
  return text == NULL ? 0 : strtol(text, NULL, 10);
}

static int slowly(int file, const char *name) {
  const long more = milliseconds();
  if (more < 0) return 0;
  const struct timespec time = {more / 1000, (more % 1000) * 1000000};
  nanosleep(&time, NULL);
  return ((sync_function)dlsym(RTLD_NEXT, name))(file);
}

int fsync(int file) { return slowly(file, "fsync"); }

int fdatasync(int file) { return slowly(file, "fdatasync"); }
