// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/internal/message.h"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/impl/basic_parser.ipp>

#include <algorithm>

namespace valise::adapters {

namespace http = boost::beast::http;

Result<bool> MessageReader::fill(Deadline deadline) {
    if (begin_ == end_)
        begin_ = end_ = 0;
    if (end_ == buffer_.size()) {
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.end(),
                  buffer_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    // A line of a chunked body or a header that fills the whole buffer.
    if (end_ == buffer_.size())
        return fail(Code::limit, "adapters.http_header", "a line is too long");
    TRY_ASSIGN(const std::size_t count, channel_.read(std::span(buffer_).subspan(end_), deadline));
    end_ += count;
    return count != 0;
}

template<bool isRequest> Result<bool> MessageReader::put(Message<isRequest>& message) {
    boost::beast::error_code ec;
    const std::size_t used =
        message.put(boost::asio::const_buffer(buffer_.data() + begin_, end_ - begin_), ec);
    begin_ += used;
    if (message.refused)
        return fail(*message.refused);
    if (ec == http::error::need_more)
        return false;
    if (ec == http::error::header_limit)
        return fail(Code::limit, "adapters.http_header", "over 16 KiB");
    if (ec)
        return fail(Code::invalid, "adapters.http_syntax", ec.message());
    return true;
}

Result<bool> MessageReader::begins(Deadline deadline) {
    if (!empty())
        return true;
    return fill(deadline);
}

template<bool isRequest>
Result<void> MessageReader::header(Message<isRequest>& message, Deadline deadline) {
    // The parser's own limit starts anew at each field that is whole, so the sum is kept here.
    std::size_t total = 0;
    message.eager(false);
    for (;;) {
        if (!empty()) {
            const std::size_t before = begin_;
            TRY_ASSIGN(const bool enough, put(message));
            total += begin_ - before;
            const bool done = enough && message.is_header_done();
            if (total + (done ? 0 : end_ - begin_) > kHeaderLimit)
                return fail(Code::limit, "adapters.http_header", "over 16 KiB");
            if (done)
                return {};
            if (enough)
                continue;
        }
        TRY_ASSIGN(const bool more, fill(deadline));
        if (!more)
            return fail(Code::unavailable, "adapters.http_broken", "closed inside a header");
    }
}

template<bool isRequest>
Result<void> MessageReader::body(Message<isRequest>& message, std::chrono::milliseconds stall,
                                 Deadline last) {
    message.eager(true);
    // Beast 1.81 ends the process (an assertion) when "0\r\n\r" arrives without the last byte. No
    // chunked body is ever less than "0\r\n\r\n" away from its end, so wait for as much.
    const std::size_t enough_to_go_on = message.chunked() ? 5 : 1;
    while (!message.is_done()) {
        if (end_ - begin_ >= enough_to_go_on) {
            TRY_ASSIGN(const bool enough, put(message));
            if (message.is_done())
                return {};
            if (enough && end_ - begin_ >= enough_to_go_on)
                continue;
        }
        TRY_ASSIGN(const bool more, fill(std::min(after(stall), last)));
        if (more)
            continue;
        boost::beast::error_code ec;
        message.put_eof(ec);
        if (ec || !message.is_done())
            return fail(Code::unavailable, "adapters.http_broken", "closed inside a body");
    }
    return {};
}

template Result<void> MessageReader::header(Message<true>&, Deadline);
template Result<void> MessageReader::header(Message<false>&, Deadline);
template Result<void> MessageReader::body(Message<true>&, std::chrono::milliseconds, Deadline);
template Result<void> MessageReader::body(Message<false>&, std::chrono::milliseconds, Deadline);

} // namespace valise::adapters
