/* Every flush to the disk takes POLL_FLUSH_MS longer: cc -shared -fPIC -o slow_flush.so slow_flush.c */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_a_while(void)
{
    const char *ms = getenv("POLL_FLUSH_MS");
    long ns = (ms ? atol(ms) : 2) * 1000000L;
    struct timespec pause = {ns / 1000000000L, ns % 1000000000L};
    nanosleep(&pause, NULL);
}

int fsync(int file)
{
    static int (*next)(int);
    if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_a_while();
    return next(file);
}

int fdatasync(int file)
{
    static int (*next)(int);
    if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_a_while();
    return next(file);
}
