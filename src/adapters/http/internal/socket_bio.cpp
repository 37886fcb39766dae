// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/internal/socket_bio.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

namespace valise::adapters {
namespace {

int fd_of(BIO* bio) {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

// 1 and the count, or 0 with the retry flags that SSL_get_error() reads.
int settle(BIO* bio, ssize_t count, int retry, std::size_t* done) {
    BIO_clear_retry_flags(bio);
    if (count > 0) {
        *done = static_cast<std::size_t>(count);
        return 1;
    }
    *done = 0;
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_flags(bio, retry | BIO_FLAGS_SHOULD_RETRY);
    return 0;
}

int send_some(BIO* bio, const char* bytes, std::size_t size, std::size_t* done) {
    return settle(bio, ::send(fd_of(bio), bytes, size, MSG_NOSIGNAL), BIO_FLAGS_WRITE, done);
}

int receive_some(BIO* bio, char* out, std::size_t size, std::size_t* done) {
    const ssize_t count = ::recv(fd_of(bio), out, size, 0);
    if (count == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return settle(bio, count, BIO_FLAGS_READ, done);
}

long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_EOF)
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* method() {
    static BIO_METHOD* const made = [] {
        BIO_METHOD* one =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals");
        if (one != nullptr) {
            BIO_meth_set_write_ex(one, send_some);
            BIO_meth_set_read_ex(one, receive_some);
            BIO_meth_set_ctrl(one, control);
        }
        return one;
    }();
    return made;
}

} // namespace

BIO* new_socket_bio(int fd) {
    BIO* bio = method() == nullptr ? nullptr : BIO_new(method());
    if (bio != nullptr) {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the one word that a BIO keeps for us
        BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
        BIO_set_init(bio, 1);
    }
    return bio;
}

} // namespace valise::adapters
