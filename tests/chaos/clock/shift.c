/*
 * The time of day, shifted for one process. Loaded ahead of libc (LD_PRELOAD) into everything that a system starts; by how many seconds each process is off is a number
 * in a file of its own, which may change while it runs: a jump of its clock. The machine's clock is never touched, and what measures durations (CLOCK_MONOTONIC)
 * goes on as it does when a clock is set.
 *
 *   cc -shared -fPIC -O2 -o shift.so shift.c
 *
 * CHAOS_CLOCKS names the folder. The file is called as the process is: the copy of a service (leads-1), the service (leads), or the program (postgres, beam.smp).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t none = 0;
static const volatile int64_t *offset = &none;
static int (*real_clock_gettime)(clockid_t, struct timespec *);

static void name_of_process(char *name, size_t size)
{
    const char *is = "service.instance.id=";
    const char *attributes = getenv("OTEL_RESOURCE_ATTRIBUTES"), *service = getenv("OTEL_SERVICE_NAME");
    const char *copy = attributes ? strstr(attributes, is) : NULL;
    if (copy) {
        snprintf(name, size, "%s", copy + strlen(is));
        name[strcspn(name, ",")] = 0;
    } else {
        snprintf(name, size, "%s", service ? service : program_invocation_short_name);
    }
}

__attribute__((constructor)) static void begin(void)
{
    char name[128], path[512];
    const char *folder = getenv("CHAOS_CLOCKS");
    int saved = errno;
    real_clock_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    if (!folder) return;
    name_of_process(name, sizeof name);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        struct stat is;
        void *mapped = fstat(file, &is) == 0 && is.st_size >= (off_t)sizeof(int64_t) ? mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0) : MAP_FAILED;
        if (mapped != MAP_FAILED) offset = mapped;
        close(file);
    }
    errno = saved;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (!real_clock_gettime) real_clock_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real_clock_gettime(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += *offset;
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec t;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &t) != 0) return -1;
    now->tv_sec = t.tv_sec;
    now->tv_usec = t.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (now) *now = t.tv_sec;
    return t.tv_sec;
}
