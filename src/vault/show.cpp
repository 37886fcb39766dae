// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "envelope/open.h"
#include "vault/vault.h"

#include <charconv>

// The Reading desk: this process opens the document and hands it to the renderer alone. What is
// written over its pages is said here, from the book: a daemon that was taken over gets no page
// without it.
namespace valise::vault {
namespace {

std::unexpected<Error> refused(const char* reason, const char* text) {
    return fail(Code::refused, reason, text);
}

constexpr unsigned kMostDrawn = 3; // [own proposal]
constexpr std::int64_t kPrintSeconds =
    std::int64_t{24} * 3600; // as the daemon waits for its outcome

// One line of a watermark. Names come from people: one that turns the line around, or breaks it,
// stands there as what it is.
std::string line(const std::string& from) {
    std::string text = printable(from, rendering::kMaxMarkBytes);
    if (text.size() > rendering::kMaxMarkBytes) {
        std::size_t end = rendering::kMaxMarkBytes;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            --end; // not inside of a letter
        text.resize(end);
    }
    return text;
}

std::string level_words(const agreement::Terms& terms, const std::string& party,
                        const std::string& code) {
    const auto* scheme = terms.scheme(party);
    const auto* level = scheme == nullptr ? nullptr : scheme->by_code(code);
    if (level == nullptr)
        return code;
    const auto english = level->names.find("en");
    const bool twice = english == level->names.end() || english->second == level->native;
    return level->native + (twice ? "" : " · " + english->second);
}

// The copy that the pages are of: the one that is read, or the one that they become on paper.
struct Marked {
    std::uint32_t number = 0;
    CopyId id;
    std::string due; // back by then; empty: it goes nowhere
};

rendering::Job job_of(const Book& book, const logbook::Item& item, const Marked& copy,
                      const PersonId& reader, std::uint64_t permit, Time minute) {
    const agreement::Terms& terms = book.terms();
    const std::string& party = book.state().party();
    const std::string& code = protected_level(item);
    rendering::Job job;
    job.banner = line(level_words(terms, party, code));
    // The originator's own marking stays beside ours.
    if (item.direction == logbook::Direction::in)
        job.banner = line(job.banner + " / " + level_words(terms, item.origin, item.level) + " (" +
                          item.origin + ")");
    const auto* scheme = terms.scheme(party);
    const auto* level = scheme == nullptr ? nullptr : scheme->by_code(code);
    job.color = level == nullptr ? "" : level->color;
    const std::string name = line(book.name_of(reader));
    if (!name.empty())
        job.marks.push_back(name);
    job.marks.push_back(line(reader.text()));
    job.marks.push_back(line(item.number + " · " + std::to_string(copy.number) + "/" +
                             std::to_string(item.copies_made) + " · " + copy.id.text()));
    const std::string until = copy.due.empty() ? "" : " → " + copy.due.substr(0, 10);
    job.marks.push_back(line(minute.text().substr(0, 16) + "Z" + until + " · " + party + " · #" +
                             std::to_string(permit)));
    return job;
}

// "VALISE-PRINT:1:PARTY:EVENT:" and the digest of the signed act in capital hexadecimal digits, as
// the forms have theirs: whoever finds a sheet finds the act that made it, and nobody else does.
std::string print_code(const std::string& party, std::uint64_t permit, const Hash32& act) {
    std::string out = "VALISE-PRINT:1:" + party + ":" + std::to_string(permit) + ":" + to_hex(act);
    for (char& c : out)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

Result<Marked> marked_copy(const logbook::Act& act, const logbook::OpenPermit& permit,
                           const logbook::CopyHolding& read) {
    if (act.kind() != logbook::ActKind::print)
        return Marked{read.number, read.id, {}};
    TRY_ASSIGN(const auto print, act.id_field<CopyId>("print"));
    TRY_ASSIGN(const std::string due, act.field("due"));
    const std::string& number = permit.facts.at("copy_number");
    Marked out{0, print, due};
    std::from_chars(number.data(), number.data() + number.size(), out.number);
    return out;
}

} // namespace

Result<Vault::Showing> Vault::showing(std::uint64_t permit, const envelope::Manifest& manifest) {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(const Book* known, book());
    TRY_ASSIGN(const auto act, known->open_reading(permit));
    TRY(in_signed_tree(permit));
    TRY_ASSIGN(const Reading reading, still_permitted(*known, act.act()));
    TRY(still_drawn(permit));
    // Who signed for a machine of their own did not sign to be shown it by this house.
    if (!reading.session_key.empty())
        return refused("vault.reading_place", "signed for a machine, not for the Reading desk");
    TRY_ASSIGN(const auto item_id, act.act().id_field<ItemId>("item"));
    TRY_ASSIGN(const auto copy_id, act.act().id_field<CopyId>("copy"));
    const auto& open = known->state().open_permits().at(permit);
    const logbook::Item* item = known->state().item(item_id);
    const auto* copy = known->state().copy(copy_id);
    const auto reader = PersonId::parse(open.actor);
    if (item == nullptr || copy == nullptr || !reader)
        return refused("vault.reader", "no item, copy or reader of that permit");
    Showing out;
    out.payload_root = reading.payload_root;
    TRY_ASSIGN(const Marked marked, marked_copy(act.act(), open, *copy));
    out.job = job_of(*known, *item, marked, *reader, permit, open.minute);
    // Images or sheets, as the reader signed for; the daemon chooses neither.
    if (act.act().kind() == logbook::ActKind::print) {
        out.job.output = rendering::Job::Output::print;
        out.job.code = print_code(known->state().party(), permit, act.digest());
    }
    //= O-20
    if (known->state().controlled(*item)) {
        std::erase_if(leased_, [&](const auto& entry) { return now() > entry.second.until; });
        TRY_ASSIGN(const auto controlled, controlled_reading(permit, manifest));
        std::optional<Time> lease;
        TRY_ASSIGN(out.originators, originators_share(permit, controlled, lease));
    }
    return out;
}

//= O-32
// A print is drawn for one sheet. Who has the daemon can draw it and record that it failed, but not
// as often as they like, nor for as long: a renderer that dies is tried again, and no more. Where
// the clock was set back `now()` is the newest event's minute.
Result<void> Vault::still_drawn(std::uint64_t permit) const {
    const auto& open = book_->state().open_permits().at(permit);
    if (open.kind != logbook::ActKind::print)
        return {};
    const auto found = drawn_.find(permit);
    if (found != drawn_.end() && found->second >= kMostDrawn)
        return refused("vault.drawn", "this print was drawn as often as one is");
    if (now() > open.minute.plus_seconds(kPrintSeconds))
        return refused("vault.drawn", "permitted too long ago to be drawn now");
    return {};
}

Result<void> Vault::draws(std::uint64_t permit) {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(const Book* known, book());
    TRY(known->open_reading(permit)); // its outcome may have come meanwhile
    TRY(still_drawn(permit));
    std::erase_if(drawn_, [&](const auto& entry) {
        return !known->state().open_permits().contains(entry.first);
    });
    if (known->state().open_permits().at(permit).kind == logbook::ActKind::print)
        ++drawn_[permit];
    return {};
}

Result<std::uint64_t> Vault::show(std::uint64_t permit, const RandomSource& in, int pages) {
    if (renderer_ == nullptr)
        return fail(Code::unavailable, "vault.no_renderer",
                    "valise-keys was started without a renderer");
    TRY_ASSIGN(const auto container, envelope::Container::open(in));
    TRY_ASSIGN(const Showing showing, this->showing(permit, container.manifest()));
    // From here on without the lock: a document takes as long as it takes.
    TRY_ASSIGN(const auto drawing, renderer_->begin(showing.job, pages));
    TRY(draws(permit)); // a renderer that was away drew nothing
    envelope::Expectation expectation;
    expectation.payload_root = showing.payload_root;
    TRY_ASSIGN(const auto opened,
               envelope::open(
                   in, *drawing,
                   [&](const envelope::KeyAccess& access) -> Result<SecretBytes> {
                       if (access.sid == envelope::kOriginatorSid && showing.originators)
                           return showing.originators->clone(
                               SecretAccess::because("both shares of a controlled item"));
                       return envelope::unwrap_share(keystore_.unwrapping, access);
                   },
                   expectation));
    TRY(drawing->finish());
    {
        const std::scoped_lock lock(mutex_);
        asking_.erase(permit); //= O-20 once, and not before it was drawn
    }
    return opened.payload.plain_bytes();
}

} // namespace valise::vault
