/* Calls every function that the preloaded library wraps, each in a way that ends by itself, and checks what it returned.
 *
 * Run by valgrind.rs. What the log must then hold does not depend on time: a wait has a time-out counted from within the call,
 * or is ended by somebody who has seen it begin. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHECK(what) \
    do { \
        if (!(what)) { \
            dprintf(2, "%s:%d: %s (%s)\n", __FILE__, __LINE__, #what, strerror(errno)); \
            _exit(1); \
        } \
    } while (0)

/* What programs call that are compiled with checks of their buffers. */
ssize_t __read_chk(int, void *, size_t, size_t);
ssize_t __pread_chk(int, void *, size_t, off_t, size_t);
ssize_t __pread64_chk(int, void *, size_t, off64_t, size_t);
ssize_t __recv_chk(int, void *, size_t, size_t, int);
ssize_t __recvfrom_chk(int, void *, size_t, size_t, int, struct sockaddr *, socklen_t *);
int __poll_chk(struct pollfd *, nfds_t, int, size_t);
int __ppoll_chk(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *, size_t);

extern char **environ;

/* By this the library takes the program for a Python. */
int Py_IsInitialized(void) { return 1; }

/* What a hook is given is in memory of exactly its size, where valgrind sees a byte read or written too many. */
#define HEAP(value) memcpy(malloc(sizeof(value)), &(value), sizeof(value))

static const struct timespec SHORT = {0, 1000000}, NO_TIME = {0, 0};

static struct timespec soon(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    time.tv_sec += (time.tv_nsec + SHORT.tv_nsec) / 1000000000;
    time.tv_nsec = (time.tv_nsec + SHORT.tv_nsec) % 1000000000;
    return time;
}

static void mark(const char *what) {
    char *name = strdup("CONCUR_TUTOR_MARK"), *value = strdup(what);
    CHECK(setenv(name, value, 1) == 0);
    free(name);
    free(value);
}

static void name_thread(const char *name) {
    char text[64];
    snprintf(text, sizeof text, "T%ld:%s", syscall(SYS_gettid), name);
    mark(text);
}

static void environment(void) {
    const char *(*log_path)(void) = (const char *(*)(void))dlsym(RTLD_DEFAULT, "concur_tutor_log_path");
    CHECK(log_path && log_path());
    CHECK(!getenv("CONCUR_TUTOR_LOG") && !getenv("CONCUR_TUTOR_STARTUP") && !getenv("CONCUR_TUTOR_MARK"));
    CHECK(getenv("PYTHONPATH"));
    mark("X");
    CHECK(!getenv("PYTHONPATH"));
    mark("");
    mark("T99999999999:nobody");
    CHECK(setenv("MINE", "1", 0) == 0 && setenv("MINE", "2", 0) == 0 && strcmp(getenv("MINE"), "1") == 0);
}

static void files(void) {
    char to[16];
    struct iovec parts[2] = {{to, 2}, {to + 2, 2}};
    int fd = fileno(tmpfile());
    CHECK(pwrite(fd, "01", 2, 0) == 2 && pwrite64(fd, "23", 2, 2) == 2);
    CHECK(lseek(fd, 4, SEEK_SET) == 4 && write(fd, "45", 2) == 2);
    CHECK(pread(fd, to, 2, 0) == 2 && pread64(fd, to + 2, 2, 2) == 2 && memcmp(to, "0123", 4) == 0);
    CHECK(writev(fd, parts, 2) == 4 && fsync(fd) == 0 && fdatasync(fd) == 0);
    CHECK(__pread_chk(fd, to, 2, 8, sizeof to) == 2 && __pread64_chk(fd, to + 2, 2, 4, sizeof to) == 2);
    CHECK(memcmp(to, "2345", 4) == 0 && lseek(fd, 0, SEEK_SET) == 0);
    CHECK(readv(fd, parts, 2) == 4 && read(fd, to + 4, 2) == 2 && __read_chk(fd, to + 6, 4, 10) == 4);
    CHECK(memcmp(to, "0123450123", 10) == 0 && read(fd, to, 1) == 0);
    CHECK(flock(fd, LOCK_EX | LOCK_NB) == 0 && close(fd) == 0);
    CHECK(read(fd, to, 1) == -1 && errno == EBADF);
    FILE *lines = tmpfile();
    CHECK(fputs("a\nb\n", lines) >= 0 && fseek(lines, 0, SEEK_SET) == 0);
    CHECK(fgets(to, sizeof to, lines) == to && strcmp(to, "a\n") == 0 && fclose(lines) == 0);
}

static void sockets(void) {
    char to[16];
    struct iovec part = {to, 2};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    struct sockaddr_un address = {.sun_family = AF_UNIX}; /* with no name, the system gives one */
    socklen_t length = sizeof address;
    int server = socket(AF_UNIX, SOCK_STREAM, 0), ends[4], fd = fileno(tmpfile());
    CHECK(bind(server, (struct sockaddr *)&address, sizeof address.sun_family) == 0 && listen(server, 2) == 0);
    CHECK(getsockname(server, (struct sockaddr *)&address, &length) == 0);
    for (int n = 0; n < 2; n++) {
        CHECK((ends[2 * n] = socket(AF_UNIX, SOCK_STREAM, 0)) >= 0);
        CHECK(connect(ends[2 * n], (struct sockaddr *)&address, length) == 0);
    }
    CHECK((ends[1] = accept(server, NULL, NULL)) >= 0 && (ends[3] = accept4(server, NULL, NULL, SOCK_CLOEXEC)) >= 0);
    CHECK(send(ends[0], "01", 2, 0) == 2 && sendto(ends[0], "23", 2, 0, NULL, 0) == 2);
    CHECK(recv(ends[1], to, 2, 0) == 2 && __recv_chk(ends[1], to + 2, 2, 14, 0) == 2 && memcmp(to, "0123", 4) == 0);
    CHECK(sendmsg(ends[0], &message, 0) == 2 && recvmsg(ends[1], &message, 0) == 2 && memcmp(to, "01", 2) == 0);
    CHECK(pwrite(fd, "4567", 4, 0) == 4 && sendfile(ends[0], fd, NULL, 2) == 2 && sendfile64(ends[0], fd, NULL, 2) == 2);
    CHECK(recvfrom(ends[1], to, 2, 0, NULL, NULL) == 2);
    CHECK(__recvfrom_chk(ends[1], to + 2, 2, 14, 0, NULL, NULL) == 2 && memcmp(to, "4567", 4) == 0);
    struct timeval timeout = {0, 1000};
    CHECK(setsockopt(ends[3], SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0);
    CHECK(recv(ends[3], to, 1, 0) == -1 && errno == EAGAIN);
}

static void selections(void) {
    int ends[2], epoll = epoll_create1(0);
    fd_set set;
    struct timeval timeout = {0, 1000};
    CHECK(pipe(ends) == 0);
    struct pollfd first = {ends[0], POLLIN, 0}, *one = HEAP(first);
    const struct timespec *instant = HEAP(NO_TIME), *some = HEAP(SHORT);
    struct epoll_event event = {EPOLLIN, {.fd = ends[0]}};
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) == 0);
    CHECK(poll(one, 1, 1) == 0 && __poll_chk(one, 1, 0, sizeof first) == 0 && poll(NULL, 0, 1) == 0);
    CHECK(ppoll(one, 1, instant, NULL) == 0 && __ppoll_chk(one, 1, some, NULL, sizeof first) == 0);
    CHECK(epoll_wait(epoll, &event, 1, 1) == 0 && epoll_pwait(epoll, &event, 1, 0, NULL) == 0);
    CHECK(select(0, NULL, NULL, NULL, &timeout) == 0);
    CHECK(write(ends[1], "x", 1) == 1);
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    CHECK(select(ends[0] + 1, &set, NULL, NULL, NULL) == 1);
    CHECK(pselect(ends[0] + 1, &set, NULL, NULL, NULL, NULL) == 1);
    CHECK(epoll_wait(epoll, &event, 1, -1) == 1 && event.data.fd == ends[0]);
#if __GLIBC_PREREQ(2, 35)
    CHECK(epoll_pwait2(epoll, &event, 1, some, NULL) == 1 || errno == ENOSYS);
#endif
}

static void sleeps(void) {
    CHECK(nanosleep(&SHORT, NULL) == 0 && clock_nanosleep(CLOCK_MONOTONIC, 0, &SHORT, NULL) == 0);
    CHECK(usleep(1000) == 0 && sleep(0) == 0);
}

/* A child that ends at once, and has marked something before. */
static pid_t child(void) {
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        name_thread("forked");
        _exit(nanosleep(&SHORT, NULL) == 0 ? 7 : 1);
    }
    return pid;
}

static int was_seven(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == 7; }

static void children(void) {
    int status = 0;
    siginfo_t info;
    pid_t pid = child();
    CHECK(wait(&status) == pid && was_seven(status));
    pid = child();
    CHECK(waitpid(pid, &status, 0) == pid && was_seven(status));
    pid = child();
    CHECK(wait3(&status, 0, NULL) == pid && was_seven(status));
    pid = child();
    CHECK(wait4(pid, &status, 0, NULL) == pid && was_seven(status));
    pid = child();
    CHECK(waitid(P_PID, pid, &info, WEXITED) == 0 && info.si_status == 7);
    CHECK(waitpid(-1, &status, WNOHANG) == -1 && errno == ECHILD);
}

static void outside(void) {
    int got = 0;
    sigset_t set;
    siginfo_t info;
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST}, *found;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
    CHECK(raise(SIGUSR1) == 0 && sigwait(&set, &got) == 0 && got == SIGUSR1);
    CHECK(raise(SIGUSR1) == 0 && sigwaitinfo(&set, &info) == SIGUSR1);
    CHECK(sigtimedwait(&set, &info, &SHORT) == -1 && errno == EAGAIN);
    CHECK(getaddrinfo("127.0.0.1", "80", &hints, &found) == 0);
    freeaddrinfo(found);
    CHECK(prctl(PR_SET_NAME, "a title", 0, 0, 0) == 0);
}

static void semaphores(void) {
    sem_t *semaphore = malloc(sizeof *semaphore);
    struct timespec until = soon(CLOCK_REALTIME);
    CHECK(sem_init(semaphore, 0, 1) == 0 && sem_wait(semaphore) == 0);
    CHECK(sem_timedwait(semaphore, &until) == -1 && errno == ETIMEDOUT);
    until = soon(CLOCK_MONOTONIC);
    CHECK(sem_clockwait(semaphore, CLOCK_MONOTONIC, &until) == -1 && errno == ETIMEDOUT);
    CHECK(sem_trywait(semaphore) == -1 && errno == EAGAIN);
    CHECK(sem_post(semaphore) == 0 && sem_trywait(semaphore) == 0);
    CHECK(sem_destroy(semaphore) == 0);
    /* What was a lock may be something else the next time. */
    CHECK(sem_init(semaphore, 0, 2) == 0 && sem_trywait(semaphore) == 0 && sem_post(semaphore) == 0);
    CHECK(sem_destroy(semaphore) == 0);
}

struct meeting {
    const char *name;
    pthread_cond_t *cond;
    pthread_mutex_t *mutex;
    int waiting;
};

static void *waiter(void *argument) {
    struct meeting *meeting = argument;
    name_thread(meeting->name);
    CHECK(pthread_mutex_lock(meeting->mutex) == 0);
    meeting->waiting = 1;
    while (meeting->waiting) CHECK(pthread_cond_wait(meeting->cond, meeting->mutex) == 0);
    CHECK(pthread_mutex_unlock(meeting->mutex) == 0);
    return NULL;
}

/* A thread waits on the condition; it is signalled once it has waited for some time. */
static void meet(const char *name, pthread_cond_t *cond, pthread_mutex_t *mutex) {
    struct meeting meeting = {name, cond, mutex, 0};
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, waiter, &meeting) == 0);
    for (int met = 0; !met; sched_yield()) {
        CHECK(pthread_mutex_lock(mutex) == 0);
        if (meeting.waiting) { /* and the mutex is free: it is inside the wait */
            nanosleep(&SHORT, NULL);
            meeting.waiting = 0;
            met = 1;
            CHECK(pthread_cond_signal(cond) == 0);
        }
        CHECK(pthread_mutex_unlock(mutex) == 0);
    }
    CHECK(pthread_join(thread, NULL) == 0);
}

static void *locker(void *mutex) {
    name_thread("locker");
    CHECK(pthread_mutex_lock(mutex) == 0 && pthread_mutex_unlock(mutex) == 0);
    return NULL;
}

static void locks(void) {
    pthread_mutex_t *mutex = malloc(sizeof *mutex);
    pthread_cond_t *cond = malloc(sizeof *cond);
    pthread_t thread;
    struct timespec until = soon(CLOCK_REALTIME);
    CHECK(pthread_mutex_init(mutex, NULL) == 0 && pthread_cond_init(cond, NULL) == 0);
    meet("waiter", cond, mutex);
    CHECK(pthread_mutex_lock(mutex) == 0 && pthread_create(&thread, NULL, locker, mutex) == 0);
    /* 2 in a mutex: somebody waits for it. */
    while (__atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) != 2) sched_yield();
    nanosleep(&SHORT, NULL);
    CHECK(pthread_mutex_unlock(mutex) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(pthread_mutex_lock(mutex) == 0 && pthread_cond_timedwait(cond, mutex, &until) == ETIMEDOUT);
    until = soon(CLOCK_MONOTONIC);
    CHECK(pthread_cond_clockwait(cond, mutex, CLOCK_MONOTONIC, &until) == ETIMEDOUT);
    CHECK(pthread_mutex_unlock(mutex) == 0 && pthread_cond_destroy(cond) == 0 && pthread_mutex_destroy(mutex) == 0);
}

/* As CPython lays it out and uses it. */
static void gil(void) {
    struct {
        pthread_cond_t cond;
        pthread_mutex_t mutex;
        pthread_cond_t switch_cond;
        pthread_mutex_t switch_mutex;
    } *gil = malloc(sizeof *gil);
    CHECK(pthread_mutex_init(&gil->mutex, NULL) == 0 && pthread_mutex_init(&gil->switch_mutex, NULL) == 0);
    CHECK(pthread_cond_init(&gil->cond, NULL) == 0 && pthread_cond_init(&gil->switch_cond, NULL) == 0);
    mark("G");
    CHECK(pthread_cond_signal(&gil->switch_cond) == 0);
    meet("GIL waiter", &gil->cond, &gil->mutex);
    CHECK(pthread_cond_destroy(&gil->cond) == 0 && pthread_cond_signal(&gil->switch_cond) == 0);
}

/* The environment, and one variable more. */
static char **copied(const char *another) {
    int count = 0;
    while (environ[count]) count++;
    char **copy = calloc(count + 2, sizeof *copy);
    for (int n = 0; n < count; n++) copy[n] = strdup(environ[n]);
    copy[count] = strdup(another);
    return copy;
}

/* Each starts this program again, to say how it was started. */
static void programs(char *self) {
    char **none = calloc(1, sizeof *none), **list = copied("PYTHONPATH=/theirs");
    int status = 0, fd = open(self, O_RDONLY | O_CLOEXEC);
    environ = copied("LD_PRELOAD=");
    for (int way = 0; way < 7; way++) {
        static const char *const names[] =
            {"execve", "execv", "execvpe", "execvp", "fexecve", "posix_spawn", "posix_spawnp"};
        char *args[] = {self, (char *)names[way], NULL};
        pid_t pid;
        if (way == 5) CHECK(posix_spawn(&pid, self, NULL, NULL, args, none) == 0);
        else if (way == 6) CHECK(posix_spawnp(&pid, self, NULL, NULL, args, list) == 0);
        else CHECK((pid = fork()) >= 0);
        if (pid == 0) {
            if (way == 0) execve(self, args, none);
            if (way == 1) execv(self, args);
            if (way == 2) execvpe(self, args, list);
            if (way == 3) execvp(self, args);
            if (way == 4) fexecve(fd, args, list);
            CHECK(!"started");
        }
        CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    char command[4096];
    snprintf(command, sizeof command, "'%s' system && exit 5", self);
    status = system(command);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 5);
}

int main(int count, char **args) {
    if (count > 1) {
        name_thread(args[1]);
        return 0;
    }
    mark("S");
    name_thread("main");
    environment();
    files();
    sockets();
    selections();
    sleeps();
    children();
    outside();
    semaphores();
    locks();
    gil();
    programs(args[0]);
    mark("Pa program");
    mark("H");
    mark("E");
    return 0;
}
