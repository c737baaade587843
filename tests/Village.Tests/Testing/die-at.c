// Kills a program just before its Nth step on files or processes.
//
//   die-at N LOG DIRECTORY PROGRAM WORD -- COMMAND...
//
// Runs COMMAND and follows all that comes of it until the first process that runs PROGRAM with WORD as its first argument
// has ended. That process's steps are counted over all its threads, in the order in which the kernel sees them: every
// call that changes a file below DIRECTORY, forces it to the disk or locks it, and every start of a program. Each is a
// line in LOG. Before the Nth the process gets SIGKILL, so the step does not happen; 0 only counts. Exits with the
// process's own exit code, or 137. strace counts each thread by itself, and a managed program changes threads at will.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_ID = 4 << 20 };
// How the argument that says what a call is about reads: a path, a directory and a path, a descriptor.
enum kind { PATH, AT, FD, OPENAT, SPAWN };
static const struct { long number; const char *name; enum kind kind; } steps[] = {
#ifdef SYS_rename
  {SYS_rename, "rename", PATH}, {SYS_link, "link", PATH}, {SYS_unlink, "unlink", PATH}, {SYS_mkdir, "mkdir", PATH},
  {SYS_rmdir, "rmdir", PATH}, {SYS_vfork, "spawn", SPAWN}, {SYS_fork, "spawn", SPAWN},
#endif
  {SYS_renameat2, "rename", AT}, {SYS_linkat, "link", AT}, {SYS_unlinkat, "unlink", AT}, {SYS_mkdirat, "mkdir", AT},
#ifdef SYS_renameat
  {SYS_renameat, "rename", AT},
#endif
  {SYS_openat, "create", OPENAT}, {SYS_write, "write", FD}, {SYS_pwrite64, "write", FD}, {SYS_ftruncate, "truncate", FD},
  {SYS_copy_file_range, "copy", FD}, {SYS_sendfile, "copy", FD}, {SYS_fsync, "fsync", FD}, {SYS_fdatasync, "fsync", FD},
  {SYS_flock, "flock", FD}, {SYS_fcntl, "lock", FD}, {SYS_clone, "spawn", SPAWN}, {SYS_clone3, "spawn", SPAWN},
};

static const char *directory, *program, *word;
static pid_t victim;              // its process id, once it runs
static pid_t *process_of;         // the process of each thread; 0 is unknown

static void die(const char *what) { perror(what); exit(125); }

static void text_at(pid_t id, unsigned long address, char *text, size_t size) {
  struct iovec to = {text, size - 1}, from = {(void *)address, size - 1};
  ssize_t n = process_vm_readv(id, &to, 1, &from, 1, 0);
  if (n < 0) { // The text may end just before memory that is not there.
    to.iov_len = from.iov_len = 4096 - address % 4096 < size ? 4096 - address % 4096 : size - 1;
    n = process_vm_readv(id, &to, 1, &from, 1, 0);
  }
  text[n > 0 ? n : 0] = 0;
}

static void link_of(char *text, size_t size, const char *format, ...) {
  char path[64];
  va_list more;
  va_start(more, format);
  vsnprintf(path, sizeof path, format, more);
  va_end(more);
  ssize_t n = readlink(path, text, size - 1);
  text[n > 0 ? n : 0] = 0;
}

static pid_t process_id(pid_t thread) {
  if (thread < MAX_ID && process_of[thread]) return process_of[thread];
  char path[64], line[256];
  pid_t id = thread;
  snprintf(path, sizeof path, "/proc/%d/status", thread);
  FILE *file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file)) if (sscanf(line, "Tgid: %d", &id) == 1) break;
  if (file) fclose(file);
  return process_of[thread] = id;
}

static int is_victim(pid_t id) {
  char path[64], text[4096];
  link_of(text, sizeof text, "/proc/%d/exe", id);
  if (strcmp(text, program)) return 0;
  snprintf(path, sizeof path, "/proc/%d/cmdline", id);
  int fd = open(path, O_RDONLY);
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  if (n < 0) return 0;
  text[n] = 0;
  return !strcmp(text + strlen(text) + 1, word);
}

// Names the step that a call is, or returns 0: it changes nothing of ours.
static int step(pid_t thread, const struct __ptrace_syscall_info *info, char *text, size_t size) {
  const unsigned long *a = (const unsigned long *)info->entry.args;
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    if (steps[i].number != (long)info->entry.nr) continue;
    char what[4096] = "";
    unsigned long flags = 0;
    switch (steps[i].kind) {
      case SPAWN:
        if (info->entry.nr == SYS_clone) flags = a[0];
        if (info->entry.nr == SYS_clone3) {
          struct iovec to = {&flags, sizeof flags}, from = {(void *)a[0], sizeof flags};
          if (process_vm_readv(thread, &to, 1, &from, 1, 0) < 0) die("process_vm_readv");
        }
        if (flags & CLONE_THREAD) return 0;
        snprintf(text, size, "spawn");
        return 1;
      case PATH: text_at(thread, a[0], what, sizeof what); break;
      case OPENAT: if (!(a[2] & O_CREAT)) return 0; // fall through
      case AT: text_at(thread, a[1], what, sizeof what); break;
      case FD:
        // 37 and 38: the locks of an open file description.
        if (info->entry.nr == SYS_fcntl && a[1] != 37 && a[1] != 38) return 0;
        // 2: exclusive. The framework locks what it reads as shared, and that protects nothing.
        if (info->entry.nr == SYS_flock && !(a[1] & 2)) return 0;
        link_of(what, sizeof what, "/proc/%d/fd/%d", thread, (int)a[0]);
        break;
    }
    size_t length = strlen(directory);
    if (strncmp(what, directory, length)) return 0;
    snprintf(text, size, "%s %s", steps[i].name, what + length);
    return 1;
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 8) return 125;
  long wanted = atol(argv[1]), count = 0;
  FILE *log = fopen(argv[2], "w");
  directory = argv[3], program = argv[4], word = argv[5];
  process_of = calloc(MAX_ID, sizeof *process_of);
  if (!log || !process_of) die(argv[2]);
  pid_t first = fork();
  if (first == 0) {
    raise(SIGSTOP);
    execvp(argv[7], argv + 7);
    die(argv[7]);
  }
  int status;
  waitpid(first, &status, WUNTRACED);
  if (ptrace(PTRACE_SEIZE, first, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC)) die("ptrace");
  kill(first, SIGCONT);
  for (;;) {
    pid_t id = waitpid(-1, &status, __WALL);
    if (id < 0) return errno == ECHILD ? 126 : 125; // Everything ended, and the process never came.
    if (!WIFSTOPPED(status)) {
      process_of[id] = 0;
      if (id != victim) continue;
      fflush(log);
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    int signal = WSTOPSIG(status), event = status >> 16, pass = 0;
    if (event == PTRACE_EVENT_EXEC) {
      process_of[id] = 0;
      if (!victim && is_victim(id)) victim = id;
    } else if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {
      ptrace(PTRACE_LISTEN, id, 0, 0);
      continue;
    } else if (signal == (SIGTRAP | 0x80)) {
      struct __ptrace_syscall_info info;
      char text[8192];
      if (ptrace(PTRACE_GET_SYSCALL_INFO, id, sizeof info, &info) > 0 && info.op == PTRACE_SYSCALL_INFO_ENTRY && step(id, &info, text, sizeof text)) {
        fprintf(log, "%ld %s\n", ++count, text);
        fflush(log);
        if (count == wanted) kill(victim, SIGKILL);
      }
    } else if (!event) {
      pass = signal;
    }
    ptrace(victim && process_id(id) == victim ? PTRACE_SYSCALL : PTRACE_CONT, id, 0, pass);
  }
}
