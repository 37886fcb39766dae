// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/http/internal/channel.h"

#include <boost/beast/http/basic_parser.hpp>

#include <functional>
#include <map>

namespace valise::adapters {

inline constexpr std::size_t kHeaderLimit = std::size_t{16} * 1024;
inline constexpr std::size_t kReadBuffer = std::size_t{64} * 1024;

// Takes the body piece by piece; an error stops the reading and is what the reader returns.
using BodyTaker = std::function<Result<void>(ByteView)>;

// One message as Beast's parser finds it. Names in lower case; a name that is repeated has its
// values joined by ", " (RFC 9110 5.3).
template<bool isRequest> class Message final : public boost::beast::http::basic_parser<isRequest> {
public:
    using Base = boost::beast::http::basic_parser<isRequest>;
    using View = boost::beast::string_view;
    using ErrorCode = boost::beast::error_code;

    Message() {
        this->header_limit(kHeaderLimit);
        this->body_limit(boost::none); // the taker's business
    }

    std::string method;
    std::string target;
    unsigned status = 0;
    std::map<std::string, std::string> headers;
    BodyTaker take;
    std::optional<Error> refused; // by the taker

    const std::string* header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? nullptr : &found->second;
    }

private:
    void on_request_impl(boost::beast::http::verb, View name, View path, int, ErrorCode&) override {
        method = std::string(name);
        target = std::string(path);
    }
    void on_response_impl(int code, View, int, ErrorCode&) override {
        status = static_cast<unsigned>(code);
    }
    void on_field_impl(boost::beast::http::field, View name, View value, ErrorCode&) override {
        if (this->is_header_done())
            return; // trailers mean nothing here
        std::string lower(name);
        for (char& c : lower)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        std::string& slot = headers[lower];
        if (!slot.empty())
            slot += ", ";
        slot += std::string_view(value.data(), value.size());
    }
    void on_header_impl(ErrorCode&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
    void on_chunk_header_impl(std::uint64_t, View, ErrorCode&) override {}
    void on_finish_impl(ErrorCode&) override {}
    std::size_t on_body_impl(View body, ErrorCode& ec) override { return give(body, ec); }
    std::size_t on_chunk_body_impl(std::uint64_t, View body, ErrorCode& ec) override {
        return give(body, ec);
    }

    std::size_t give(View body, ErrorCode& ec) {
        if (take && !body.empty()) {
            auto taken = take(view(std::string_view(body.data(), body.size())));
            if (!taken) {
                refused = std::move(taken).error();
                ec = boost::system::errc::make_error_code(boost::system::errc::operation_canceled);
            }
        }
        return body.size();
    }
};

// Feeds messages from a channel, one after another; what was read too far waits for the next.
// Errors: those of the channel; invalid adapters.http_syntax, limit adapters.http_header,
// unavailable adapters.http_broken where the channel ends inside a message.
class MessageReader {
public:
    explicit MessageReader(Channel& channel) : channel_(channel), buffer_(kReadBuffer) {}

    // False when the other end closes before a first byte.
    Result<bool> begins(Deadline deadline);
    template<bool isRequest> Result<void> header(Message<isRequest>& message, Deadline deadline);
    // `stall` bounds the time without progress, `last` the whole.
    template<bool isRequest>
    Result<void> body(Message<isRequest>& message, std::chrono::milliseconds stall,
                      Deadline last = Deadline::max());
    // Nothing lies here that nobody asked for.
    bool empty() const { return begin_ == end_; }

private:
    // Reads more behind what is there. False at the orderly end.
    Result<bool> fill(Deadline deadline);
    template<bool isRequest> Result<bool> put(Message<isRequest>& message); // false: needs more

    Channel& channel_;
    Bytes buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace valise::adapters
