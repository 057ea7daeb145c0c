/* An HTTP receiver for benches: one thread, epoll, keep-alive, always the same short answer.
 *
 * `receiver [RECORD]` prints its port and serves until its standard input closes. Each line that comes on
 * standard input is answered with the number of requests so far. With RECORD it remembers of each request when
 * its first byte came (CLOCK_MONOTONIC, nanoseconds) and its `webhook-id`, and writes one line of each at the
 * end. A request whose path begins with /hang is never answered.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEAD_CAP 16384
#define READ_SIZE 65536
#define ID_CAP 56
#define EVENTS 256
#define BURST 64

static const char answer[] =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";
#define ANSWER_SIZE (sizeof answer - 1)

struct connection {
    int fd;
    size_t held;         /* of a head that is not complete yet */
    uint64_t skip;       /* of a body that is not complete yet */
    int hangs;           /* the request under way is not to be answered */
    uint64_t first_byte; /* of the head that is held */
    char head[HEAD_CAP];
};

struct heard {
    uint64_t at;
    char id[ID_CAP];
};

static struct heard *kept;
static size_t kept_count, kept_room;
static uint64_t requests;
static int recording;
static char answers[BURST * ANSWER_SIZE];

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* The value of a header, or NULL; `size` becomes its length. */
static const char *header(const char *head, size_t length, const char *name, size_t *size) {
    size_t named = strlen(name);
    const char *line = head, *end = head + length;
    while ((line = memchr(line, '\n', (size_t)(end - line))) != NULL && ++line < end) {
        if ((size_t)(end - line) > named && line[named] == ':' && strncasecmp(line, name, named) == 0) {
            const char *value = line + named + 1, *stop;
            while (value < end && *value == ' ') value++;
            stop = memchr(value, '\r', (size_t)(end - value));
            *size = (size_t)((stop ? stop : end) - value);
            return value;
        }
    }
    return NULL;
}

static void remember(const char *head, size_t length, uint64_t at) {
    size_t size = 0;
    const char *id = header(head, length, "webhook-id", &size);
    if (kept_count == kept_room) {
        kept_room = kept_room ? kept_room * 2 : 65536;
        kept = realloc(kept, kept_room * sizeof *kept);
        if (kept == NULL) abort();
    }
    struct heard *one = &kept[kept_count++];
    if (size >= ID_CAP) size = ID_CAP - 1;
    one->at = at;
    memcpy(one->id, id ? id : "", id ? size : 0);
    one->id[id ? size : 0] = 0;
}

/* A whole head: counts it, and prepares for its body. */
static void begin(struct connection *c, const char *head, size_t length) {
    size_t size = 0;
    const char *digits = header(head, length, "content-length", &size);
    const char *path = memchr(head, ' ', length);
    c->skip = digits ? strtoull(digits, NULL, 10) : 0;
    c->hangs = path != NULL && strncmp(path + 1, "/hang", 5) == 0;
    requests++;
    if (recording) remember(head, length, c->first_byte);
}

static int send_answers(struct connection *c, size_t count) {
    size_t left = count * ANSWER_SIZE, sent = 0;
    while (left) {
        ssize_t n = send(c->fd, answers + sent, left, MSG_NOSIGNAL);
        if (n <= 0) return 0; /* a peer that does not read its answers is not of these benches */
        sent += (size_t)n;
        left -= (size_t)n;
    }
    return 1;
}

/* Takes what came; how many requests are complete now, or -1 for a peer that speaks no HTTP. */
static int take(struct connection *c, const char *data, size_t length, uint64_t at) {
    int complete = 0;
    while (length) {
        if (c->skip) {
            size_t some = length < c->skip ? length : (size_t)c->skip;
            c->skip -= some, data += some, length -= some;
        } else {
            size_t room = HEAD_CAP - 1 - c->held, had = c->held;
            size_t some = length < room ? length : room;
            if (!had) c->first_byte = at;
            memcpy(c->head + had, data, some);
            c->head[had + some] = 0;
            size_t from = had > 3 ? had - 3 : 0;
            char *end = memmem(c->head + from, had + some - from, "\r\n\r\n", 4);
            if (end == NULL) {
                c->held += some;
                return some == length ? complete : -1;
            }
            size_t size = (size_t)(end + 4 - c->head);
            c->head[size - 2] = 0;
            begin(c, c->head, size - 2);
            c->held = 0;
            data += size - had, length -= size - had;
        }
        if (!c->skip && !c->held) {
            if (!c->hangs) complete++;
            c->hangs = 0;
        }
    }
    return complete;
}

static int converse(struct connection *c, char *buffer) {
    ssize_t n = recv(c->fd, buffer, READ_SIZE, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
    if (n <= 0) return 0;
    int complete = take(c, buffer, (size_t)n, recording ? now() : 0);
    while (complete > 0) {
        int some = complete < BURST ? complete : BURST;
        if (!send_answers(c, (size_t)some)) return 0;
        complete -= some;
    }
    return complete == 0;
}

static void welcome(int listener, int poll) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        struct connection *c = calloc(1, sizeof *c);
        if (c == NULL) abort();
        c->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &wanted);
    }
}

/* Listens on a free port of loopback, and prints it. */
static int listening(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&place, sizeof place) || listen(fd, 4096)) {
        perror("listen");
        exit(1);
    }
    getsockname(fd, (struct sockaddr *)&place, &size);
    printf("%d\n", ntohs(place.sin_port));
    fflush(stdout);
    return fd;
}

static void more_files(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Standard input: a line asks for the count; its end ends the receiver. */
static int asked(void) {
    char line[64];
    ssize_t n = read(0, line, sizeof line);
    for (ssize_t i = 0; i < n; i++)
        if (line[i] == '\n') printf("%llu\n", (unsigned long long)requests);
    fflush(stdout);
    return n > 0;
}

static int write_record(const char *path) {
    FILE *file = fopen(path, "w");
    if (file == NULL) return 1;
    for (size_t i = 0; i < kept_count; i++)
        fprintf(file, "%llu %s\n", (unsigned long long)kept[i].at, kept[i].id);
    return fclose(file) != 0;
}

int main(int count, char **arguments) {
    static char buffer[READ_SIZE];
    struct epoll_event events[EVENTS];
    int open = 1;
    more_files();
    recording = count > 1;
    for (size_t i = 0; i < BURST; i++) memcpy(answers + i * ANSWER_SIZE, answer, ANSWER_SIZE);
    int poll = epoll_create1(EPOLL_CLOEXEC), listener = listening();
    struct epoll_event input = {.events = EPOLLIN, .data.ptr = &open};
    struct epoll_event visitors = {.events = EPOLLIN, .data.ptr = &listener};
    epoll_ctl(poll, EPOLL_CTL_ADD, 0, &input);
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &visitors);
    while (open) {
        int ready = epoll_wait(poll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            void *who = events[i].data.ptr;
            if (who == &open) {
                open = asked();
            } else if (who == &listener) {
                welcome(listener, poll);
            } else if (!converse(who, buffer)) {
                close(((struct connection *)who)->fd);
                free(who);
            }
        }
    }
    return recording ? write_record(arguments[1]) : 0;
}
