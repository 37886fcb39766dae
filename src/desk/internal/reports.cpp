// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/reports.h"

#include "forms/book.h"

#include <algorithm>

namespace valise::desk {

namespace {

constexpr std::size_t kPage = 256; // events

class Report : public ByteSource {
public:
    Report(const registry::Registry& registry, forms::BookKind kind, Time as_of,
           registry::Registry::Standing standing)
        : registry_(registry), kind_(kind),
          book_(kind, registry.terms(), as_of,
                {std::move(standing.state), std::move(standing.chronicle),
                 std::move(standing.order)}) {
        line(head());
    }

    Result<std::size_t> read(std::span<Byte> out) override {
        while (at_ == buffer_.size() && !ended_) {
            buffer_.clear();
            at_ = 0;
            TRY(more());
        }
        const auto count = std::min(out.size(), buffer_.size() - at_);
        std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(at_), count, out.begin());
        at_ += count;
        return count;
    }

private:
    void line(const Json& value) {
        append(buffer_, value.dump(-1, ' ', false, Json::error_handler_t::replace));
        append(buffer_, "\n");
    }

    Json head() const {
        Json columns = Json::array();
        for (const forms::Heading& heading : book_.headings())
            columns.push_back(
                {{"name", heading.name},
                 {"words", {{"en", heading.en}, {"ja", heading.ja}, {"uk", heading.uk}}}});
        const agreement::Terms& terms = registry_.terms();
        return {{"v", 1},
                {"report", std::string(to_string(kind_))},
                {"party", registry_.party()},
                {"agreement", {{"id", terms.id()}, {"version", terms.version()}}},
                {"as_of", book_.as_of().text()},
                {"banner", terms.banner()},
                {"columns", std::move(columns)}};
    }

    // Rows that are ready, else what the next page of events makes of them.
    Result<void> more() {
        constexpr std::size_t kLines = 256;
        for (std::size_t i = 0; i < kLines; ++i) {
            auto row = book_.row();
            if (!row)
                break;
            line(*row);
            ++rows_;
        }
        if (!buffer_.empty())
            return {};
        if (shown_all_) {
            line({{"v", 1}, {"rows", rows_}, {"events", book_.state().next_seq()}});
            ended_ = true;
            return {};
        }
        return show();
    }

    // The events that have rows of their own, then the rest.
    Result<void> show() {
        const auto wanted = [this](logbook::ActKind kind, logbook::Stage stage) {
            return forms::Book::wants(kind_, kind, stage);
        };
        std::vector<logbook::Skeleton> page;
        if (kind_ == forms::BookKind::access || kind_ == forms::BookKind::inspection) {
            TRY_ASSIGN(page, registry_.skeletons(shown_, book_.state().next_seq(), kPage, wanted));
        }
        for (const logbook::Skeleton& skeleton : page)
            book_.show(skeleton);
        shown_all_ = page.empty();
        if (shown_all_)
            book_.finish();
        else
            shown_ = page.back().seq() + 1;
        return {};
    }

    const registry::Registry& registry_;
    forms::BookKind kind_;
    std::uint64_t shown_ = 0; // events looked at
    forms::Book book_;
    Bytes buffer_;
    std::size_t at_ = 0;
    std::uint64_t rows_ = 0;
    bool shown_all_ = false;
    bool ended_ = false;
};

// A minute, or a date, which means its end. What is not past can still change.
Result<Time> moment(const std::string& text, Time now) {
    if (text.empty())
        return now;
    constexpr std::size_t kDate = 10;
    auto at = Time::parse(text);
    if (!at)
        return fail(Code::invalid, "desk.as_of", "as_of is a date or a time, as 2026-11-24");
    if (*at > now)
        return fail(Code::invalid, "desk.as_of",
                    text + " is not past: it is " + now.text() + " here");
    return text.size() == kDate ? std::min(at->plus_days(1).plus_seconds(-1), now) : *at;
}

} // namespace

Result<HttpResponse> report_response(const registry::Registry& registry, std::string_view book,
                                     const std::string& as_of) {
    TRY_ASSIGN(const auto kind, forms::parse_book(book));
    TRY_ASSIGN(const Time at, moment(as_of, registry.now()));
    HttpResponse response;
    response.content_type = "application/x-ndjson";
    response.headers["cache-control"] = "no-store";
    TRY_ASSIGN(auto standing, registry.standing(at));
    response.stream = std::make_shared<Report>(registry, kind, at, std::move(standing));
    return response;
}

} // namespace valise::desk
