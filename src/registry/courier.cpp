// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/kem.h"
#include "crypto/random.h"
#include "envelope/bag_key.h"
#include "exchange/bag.h"
#include "registry/internal/impl.h"
#include "tlog/witness.h"
#include "vault/vault.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

// The other carrier: the very same requests and answers as files on media. What would be asked over
// the wire is packed, with what is presumed to be answered; what the other registry really answered
// comes back in its own bag, and is then taken as if the wire had brought it.
namespace valise::registry {

using exchange::Frame;

namespace {

constexpr const char* kVolumes =
    "courier/volumes"; // blobs of bags that were packed and not fetched
constexpr const char* kAnswers = "courier/answers"; // to requests of the peer's bags, by their keys
constexpr const char* kTold = "courier/told";       // its answers to requests of our bags
constexpr const char* kAnswerType = "answer";
constexpr const char* kMirrorKey = "mirror";
constexpr std::size_t kMostAnswers = 4096;
constexpr std::size_t kLongestAnswer = 32 << 10;
constexpr std::size_t kLongestKey = 128;

std::string digest_key(std::string_view type, ByteView bytes) {
    return std::string(type) + "/" + to_base64(crypto::sha256(bytes));
}

// Which requests have one answer: those of one dispatch, and else each its own. A signature is made
// anew each time, so it does not count.
Result<std::string> key_of(const Frame& request) {
    if (request.type == "offer" || request.type == "segment" || request.type == "complete") {
        TRY_ASSIGN(auto reader, ObjectReader::over(request.fields, "request"));
        TRY_ASSIGN(const std::string dispatch, reader.text("dispatch", 64));
        return "dispatch/" + dispatch;
    }
    if (request.type == "hello")
        return std::string("hello");
    if (request.type == "receipt") {
        TRY_ASSIGN(const auto receipt, exchange::Receipt::parse(request));
        return digest_key(request.type, receipt.receipt);
    }
    if (request.type == "notice") {
        TRY_ASSIGN(const auto notice, exchange::Notice::parse(request));
        return digest_key(request.type, notice.notice);
    }
    // Of a mirrored log the newest answer says all that the ones before it said.
    if (request.type == "mirror")
        return kMirrorKey + digest_key("", request.body);
    // Of each of the two logs the newest as well: by its origin, which tells them apart.
    if (request.type == "witness") {
        TRY_ASSIGN(const auto asked, tlog::WitnessRequest::parse(request.body));
        return digest_key(request.type, view(asked.checkpoint().claimed_origin())) +
               digest_key("", request.body);
    }
    return digest_key(request.type, request.body.empty()
                                        ? ByteView(to_bytes(canonical_json(request.fields)))
                                        : ByteView(request.body));
}

using Answers = std::map<std::string, Bytes>;

// Our own answers are kept by age: before the key stands the number of the book's next event when
// it was given. Of a dispatch nothing else is kept: how far it is, the book says.
constexpr std::size_t kAge = 17;

// What a newer answer takes the place of, beside one to the same: the part of its key that names
// the log; empty: nothing.
std::string_view of_one_log(std::string_view key) {
    if (key.starts_with(kMirrorKey))
        return kMirrorKey;
    return key.starts_with("witness/") ? key.substr(0, key.rfind('/')) : std::string_view();
}

// A refusal may have been a moment's; a cosignature is for good.
bool cosigned(const Answers& answers, const std::string& key) {
    return std::ranges::any_of(answers, [&](const auto& one) {
        if (one.first.substr(kAge) != key)
            return false;
        const auto frame = exchange::parse_frame(one.second);
        const auto said = frame ? exchange::WitnessAnswer::parse(*frame)
                                : Result<exchange::WitnessAnswer>(std::unexpected(frame.error()));
        return said && said->status == 200;
    });
}

void keep_answer(Answers& answers, std::uint64_t age, const std::string& key, Bytes answer) {
    const std::string_view log = of_one_log(key);
    std::erase_if(answers, [&](const auto& one) {
        const std::string known = one.first.substr(kAge);
        return known == key || (!log.empty() && known.starts_with(log));
    });
    answers[fmt::format("{:016}/{}", age, key)] = std::move(answer);
    while (answers.size() > kMostAnswers)
        answers.erase(answers.begin());
}

std::unexpected<Error> in_bag() {
    return fail(Code::unavailable, exchange::kInBag,
                "it travels in a bag; the answer comes in another");
}

class BagCarrier : public exchange::Carrier {
public:
    using Add = std::function<Result<void>(ByteView frame)>;
    BagCarrier(Answers told, Add add, bool documents)
        : told_(std::move(told)), add_(std::move(add)), documents_(documents) {}

    bool by_courier() const override { return true; }
    bool takes_documents() const override { return documents_; }
    bool leaves() const override { return add_ != nullptr; }
    std::string protection() const override { return {}; }

    Result<Bytes> call(ByteView bytes) override {
        TRY_ASSIGN(const Frame request, exchange::parse_frame(bytes));
        TRY_ASSIGN(const std::string key, key_of(request));
        const auto told = told_.find(key);
        // Where more is packed, the greeting and the end of a file are asked anew.
        const bool known = told != told_.end() && request.type != "segment" &&
                           (!add_ || (request.type != "complete" && request.type != "hello"));
        // What was answered once is asked no more, but for the rest of a file.
        if (known && !(add_ && request.type == "offer"))
            return told->second;
        if (add_)
            TRY(add_(bytes));
        if (known)
            return told->second;
        if (!add_ || (request.type != "offer" && request.type != "segment"))
            return in_bag();
        return presumed(request);
    }

private:
    // As if all had arrived so far: the whole file goes into the bag.
    static Result<Bytes> presumed(const Frame& request) {
        exchange::Progress at;
        if (request.type == "segment") {
            TRY_ASSIGN(const auto segment, exchange::Segment::parse(request));
            at.dispatch = segment.dispatch;
            at.next_segment = segment.number + 1;
        } else {
            TRY_ASSIGN(const auto offer, exchange::Offer::parse(request));
            at.dispatch = offer.dispatch;
        }
        return exchange::encode(at.frame(request.to, request.from));
    }

    Answers told_;
    Add add_;
    bool documents_;
};

Json answers_json(const Answers& answers) {
    Json out = Json::object();
    for (const auto& [key, bytes] : answers)
        out[key] = to_base64(bytes);
    return out;
}

// None were kept yet, or those that were; anything else that is wrong stops here, or what was
// answered would be forgotten.
Result<Answers> read_answers(const Result<Json>& note) {
    Answers out;
    if (!note && note.error().reason() == "registry.no_note")
        return out;
    if (!note)
        return fail(note.error());
    for (const auto& [key, value] : note->items()) {
        TRY_ASSIGN(out[key], from_base64(value.get<std::string>()));
    }
    return out;
}

} // namespace

// Volumes one after the other, each a blob of its own.
class Registry::Impl::Packing {
public:
    Packing(Impl& impl, std::uint64_t volume_bytes)
        : impl_(impl), limit_(volume_bytes), number_(to_hex(crypto::random_bytes(8))) {}

    Result<void> add(ByteView frame) {
        if (writer_ && writer_->bytes() + frame.size() + 2 * exchange::kBagChunk > limit_)
            TRY(finish(false));
        TRY(begin());
        ++frames_;
        return writer_->add(frame);
    }
    Result<PackedBag> done() {
        TRY(begin());
        TRY(finish(true));
        return PackedBag{number_, std::move(volumes_), frames_, {}};
    }

private:
    Result<void> begin() {
        if (writer_)
            return {};
        blob_ = new_blob_id();
        TRY_ASSIGN(sink_, impl_.ports.blobs.create(blob_));
        TRY_ASSIGN(const auto key, crypto::WrapPublicKey::parse_der(impl_.peer->list.unwrapping));
        TRY_ASSIGN(writer_, exchange::VolumeWriter::begin(
                                *sink_,
                                {impl_.setup.party, impl_.peer->list.party, number_,
                                 static_cast<std::uint32_t>(volumes_.size() + 1)},
                                key));
        return {};
    }
    Result<void> finish(bool last) {
        TRY(writer_->finish(
            last, [&](const Hash32& digest) { return impl_.ports.keys.sign_bag(digest); }));
        TRY(sink_->commit());
        volumes_.push_back({blob_, writer_->bytes()});
        writer_.reset();
        Json listed = Json::array();
        for (const auto& volume : volumes_)
            listed.push_back(volume.blob.text());
        const std::scoped_lock lock(impl_.mutex);
        return impl_.ledger.note(kVolumes, view(canonical_json(listed)));
    }

    Impl& impl_;
    std::uint64_t limit_;
    std::string number_;
    BlobId blob_;
    std::unique_ptr<BlobWriter> sink_;
    std::optional<exchange::VolumeWriter> writer_;
    std::vector<PackedBag::Volume> volumes_;
    std::uint64_t frames_ = 0;
};

Result<void> Registry::Impl::forget_volumes() {
    const std::scoped_lock lock(mutex);
    if (const auto listed = note_json(kVolumes))
        for (const Json& one : *listed)
            if (const auto blob = BlobId::parse(one.get<std::string>()))
                (void)ports.blobs.remove(*blob); // gone already after a crash
    return ledger.note(kVolumes, view(std::string_view("[]")));
}

// One carrier at a time: two would seal one dispatch twice.
Result<std::unique_lock<std::timed_mutex>> Registry::Impl::alone() {
    constexpr std::chrono::seconds kPatience(30);
    std::unique_lock lock(working, kPatience);
    if (!lock)
        return fail(Code::conflict, "registry.working",
                    "a transfer over the wire is under way; try again when it is done");
    return lock;
}

Result<PackedBag> Registry::pack_bag(std::uint64_t volume_bytes, bool documents) {
    {
        const std::scoped_lock lock(impl_->mutex);
        TRY(impl_->writable());
    }
    if (volume_bytes < kLeastVolume)
        return fail(Code::invalid, "registry.volume_size",
                    fmt::format("a volume has at least {} MiB", kLeastVolume >> 20));
    TRY_ASSIGN(const auto working, impl_->alone());
    if (!impl_->peer)
        return fail(Code::conflict, "registry.not_paired", "pair the registries first");
    TRY(impl_->forget_volumes());
    Impl::Packing bag(*impl_, volume_bytes);
    Answers told, answers;
    {
        const std::scoped_lock lock(impl_->mutex);
        TRY_ASSIGN(told, read_answers(impl_->note_json(kTold)));
        TRY_ASSIGN(answers, read_answers(impl_->note_json(kAnswers)));
    }
    for (const auto& [key, kept] : answers) {
        TRY_ASSIGN(const Bytes bytes, impl_->present_answer(key, kept));
        TRY(bag.add(exchange::encode({kAnswerType, impl_->setup.party, impl_->peer->list.party,
                                      Json{{"key", key.substr(kAge)}}, bytes})));
    }
    BagCarrier carrier(std::move(told), [&](ByteView frame) { return bag.add(frame); }, documents);
    const std::atomic<bool> stop = false;
    const auto worked = impl_->work(carrier, stop);
    TRY_ASSIGN(PackedBag packed, bag.done());
    // What could not be packed is said; what could be, travels.
    if (!worked && worked.error().reason() != exchange::kInBag)
        packed.left_out = worked.error().reason();
    return packed;
}

Result<std::shared_ptr<const RandomSource>> Registry::bag_volume(const BlobId& blob) const {
    const std::scoped_lock lock(impl_->mutex);
    TRY_ASSIGN(const Json listed, impl_->note_json(kVolumes));
    for (const Json& one : listed)
        if (one == blob.text())
            return impl_->ports.blobs.open(blob);
    return fail(Code::not_found, "registry.no_volume", "no volume of the bag that was packed last");
}

Result<void> Registry::discard_bag() {
    return impl_->forget_volumes();
}

// What was answered is kept only of what is still under way: how much of a file is there already.
Result<void> Registry::Impl::forget_told(std::map<std::string, Bytes> told) {
    const std::scoped_lock lock(mutex);
    TRY_ASSIGN(const auto due, ledger.journal().outbox());
    std::erase_if(told, [&](const auto& one) {
        return one.first != "hello" && std::ranges::none_of(due, [&](const OutboxEntry& entry) {
                   return entry.id == one.first;
               });
    });
    return ledger.note(kTold, view(canonical_json(answers_json(told))));
}

namespace {

// The word by which a frame's answer is told to who unpacks.
void count_answer(const Frame& request, const Frame& answer, UnpackedVolume& out) {
    if (answer.type == "refusal") {
        const auto error = exchange::expect(answer, "");
        ++out.refused[error ? std::string() : error.error().reason()];
    } else if (const auto at = exchange::Progress::parse(answer);
               at && request.type != "segment" && at->complete) {
        out.arrived.insert(at->dispatch.text());
    }
}

} // namespace

// What a bag held of ours and of theirs, while it is read.
struct Registry::Impl::Unpacking {
    UnpackedVolume out;
    Answers told;                      // by the peer, to what we asked
    Answers answers;                   // ours, to what it asks
    std::set<std::string> turned_away; // dispatches whose offer was refused
    bool news = false;
};

// What the peer answered comes first in its bag, and what it asks may rest on that.
Result<void> Registry::Impl::take_news(Unpacking& bag) {
    if (!std::exchange(bag.news, false))
        return {};
    BagCarrier carrier(bag.told, nullptr, true);
    const std::atomic<bool> stop = false;
    const auto worked = work(carrier, stop);
    if (!worked && worked.error().reason() != exchange::kInBag)
        ++bag.out.refused[worked.error().reason()];
    return forget_told(bag.told);
}

Result<void> Registry::Impl::take_answer(const Frame& frame, Unpacking& bag) const {
    TRY_ASSIGN(auto fields, ObjectReader::over(frame.fields, "answer"));
    TRY_ASSIGN(const std::string key, fields.text("key", kLongestKey));
    TRY(fields.done());
    if (frame.body.size() > kLongestAnswer || bag.told.size() >= kMostAnswers)
        return fail(Code::limit, "exchange.bag", "more answers than were asked for");
    bag.told[key] = frame.body;
    bag.news = true;
    return {};
}

Result<void> Registry::Impl::take_frame(ByteView bytes, const exchange::BagHeader& header,
                                        Unpacking& bag) {
    TRY_ASSIGN(const Frame frame, exchange::parse_frame(bytes));
    if (frame.from != header.from || frame.to != header.to)
        return fail(Code::invalid, "exchange.bag", "a frame between other parties");
    if (frame.type == kAnswerType)
        return take_answer(frame, bag);
    TRY(take_news(bag));
    TRY_ASSIGN(const std::string key, key_of(frame));
    if (frame.type != "offer" && bag.turned_away.contains(key))
        return {};
    // A witness cosigns growth once: the answer that is kept is the one to a bag that comes twice.
    if (frame.type == "witness" && cosigned(bag.answers, key))
        return {};
    //= O-20
    // A share must not lie in a bag until somebody fetches it: what holds now is said by wire.
    Bytes answer = frame.type == "opening"
                       ? exchange::encode(exchange::refusal(
                             frame, Error(Code::refused, "registry.live_only",
                                          "openings are permitted by wire alone")))
                       : answer_to_peer(bytes, peer->list.tls);
    TRY_ASSIGN(const Frame said, exchange::parse_frame(answer));
    count_answer(frame, said, bag.out);
    const bool refused = said.type == "refusal";
    if (refused && frame.type == "offer")
        bag.turned_away.insert(key);
    const std::scoped_lock lock(mutex);
    // How far a file is, the book says when it is asked; that it was refused stands nowhere else.
    const bool of_file = key.starts_with("dispatch/");
    if (!of_file || !refused)
        keep_answer(bag.answers, ledger.state().next_seq(), key,
                    of_file ? Bytes() : std::move(answer));
    else if (frame.type == "offer")
        keep_answer(bag.answers, ledger.state().next_seq(), key, std::move(answer));
    return {};
}

// An answer as it is now.
Result<Bytes> Registry::Impl::present_answer(const std::string& key, const Bytes& kept) {
    if (!kept.empty())
        return kept;
    TRY_ASSIGN(const auto dispatch, DispatchId::parse(key.substr(key.rfind('/') + 1)));
    const std::scoped_lock lock(mutex);
    TRY_ASSIGN(const auto at, progress_of(dispatch));
    return exchange::encode(at.frame(setup.party, peer->list.party));
}

Result<UnpackedVolume> Registry::unpack_volume(const BlobId& blob) {
    {
        const std::scoped_lock lock(impl_->mutex);
        TRY(impl_->writable());
    }
    TRY_ASSIGN(const auto working, impl_->alone());
    if (!impl_->peer)
        return fail(Code::conflict, "registry.not_paired", "pair the registries first");
    auto unpacked = impl_->unpack(blob);
    // Torn, forged or for somebody else: to read it again would not change it.
    TRY(impl_->ports.blobs.remove(blob));
    return unpacked;
}

Result<UnpackedVolume> Registry::Impl::unpack(const BlobId& blob) {
    TRY_ASSIGN(const auto source, ports.blobs.open(blob));
    TRY_ASSIGN(const auto header, exchange::VolumeReader::peek(*source));
    if (header.from != peer->list.party || header.to != setup.party)
        return fail(Code::refused, "registry.bag_address",
                    fmt::format("the bag goes from {} to {}", header.from, header.to));
    TRY_ASSIGN(auto reader, exchange::VolumeReader::open(
                                *source,
                                [&](const Hash32& digest, ByteView signature) {
                                    return peer->receipt.verify(envelope::bag_signed_bytes(digest),
                                                                signature);
                                },
                                [&](ByteView wrapped, const Hash32& digest) {
                                    return ports.keys.bag_key(wrapped, digest);
                                }));
    Unpacking bag{{header.bag, header.volume, false, 0, {}, {}}, {}, {}, {}, false};
    {
        const std::scoped_lock lock(mutex);
        TRY_ASSIGN(bag.told, read_answers(note_json(kTold)));
        TRY_ASSIGN(bag.answers, read_answers(note_json(kAnswers)));
    }
    std::optional<Error> broken;
    while (!broken) {
        const auto bytes = reader.next();
        if (!bytes)
            broken = bytes.error();
        if (!bytes || !*bytes)
            break;
        ++bag.out.frames;
        // One message that cannot be taken must not cost the answers to the others.
        if (const auto taken = take_frame(**bytes, header, bag); !taken)
            ++bag.out.refused[taken.error().reason()];
    }
    bag.out.last = reader.last();
    TRY(take_news(bag));
    const std::scoped_lock lock(mutex);
    TRY(ledger.note(kAnswers, view(canonical_json(answers_json(bag.answers)))));
    if (broken)
        return fail(std::move(*broken));
    return std::move(bag.out);
}

} // namespace valise::registry
