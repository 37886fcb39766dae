// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "exchange/messages.h"
#include "sim/bond.h"
#include "tlog/proof.h"
#include "tlog/witness.h"
#include "vault/keystore.h"

// What befalls two registries: couriers, disks, backups, and a peer whose machine is in the hands
// of somebody else. That one has the link's key and whatever ever went over it, and signs with the
// peer's log keys where it is said.
namespace valise::testing {

using registry::LogName;

namespace {

constexpr std::size_t kFlood = 20;

void flip_one(Random& random, Bytes& bytes) {
    if (!bytes.empty())
        bytes[random.below(bytes.size())] ^= static_cast<Byte>(1U << random.below(8));
}

} // namespace

// --- couriers ------------------------------------------------------------------------------------

std::vector<Bytes> Bond::pack(One& from) {
    const auto packed = from.side.registry->pack_bag(registry::kLeastVolume, random_.chance(80));
    std::vector<Bytes> out;
    if (!packed)
        return out;
    for (const auto& one : packed->volumes) {
        const auto source = from.side.registry->bag_volume(one.blob);
        if (!source)
            return {};
        Bytes bytes(static_cast<std::size_t>((*source)->size()));
        if (!(*source)->read_at(0, bytes))
            return {};
        out.push_back(std::move(bytes));
    }
    (void)from.side.registry->discard_bag();
    return out;
}

Result<registry::UnpackedVolume> Bond::unpack(Side& at, const Bytes& volume) {
    TRY_ASSIGN(auto blob, at.registry->receive_blob());
    TRY(blob.second->write(volume));
    TRY(blob.second->commit());
    return at.registry->unpack_volume(blob.first);
}

// A bag goes over: whole or damaged, at once or after later ones, once or again, or never.
void Bond::courier(One& from) {
    constexpr std::size_t kKept = 6;
    for (Bytes& volume : pack(from)) {
        told("bag");
        if (random_.chance(20))
            flip_one(random_, volume);
        volumes_.push_back(std::move(volume));
    }
    One& to = other(from);
    try {
        for (auto trips = random_.from_to(0, 2); trips > 0 && !volumes_.empty(); --trips)
            if (to.side.registry) // addressed to whomever: the other's bags are refused
                (void)unpack(to.side, random_.any(volumes_));
    } catch (const Crash&) {
        to.side.crash();
    }
    while (volumes_.size() > kKept)
        volumes_.erase(volumes_.begin());
}

// --- disks and backups ---------------------------------------------------------------------------

// The machine lost power: of what lands in pieces any part may be anything.
void Bond::tear(One& one) {
    for (auto& [id, bytes] : one.side.blobs.partials) {
        if (bytes->empty() || random_.chance(50))
            continue;
        const std::size_t from = random_.below(bytes->size());
        const std::size_t length = 1 + random_.below(bytes->size() - from);
        std::fill_n(bytes->begin() + static_cast<std::ptrdiff_t>(from), length, Byte{0});
        told("torn write");
    }
}

void Bond::back_up(One& one) {
    if (one.side.registry->behind())
        return;
    (void)one.side.registry->tick();
    one.backup = one.side.journal;
    one.files = one.side.blobs;
    one.memory = *one.side.vault_state.bytes;
}

// The disk died, and its last backup is put back; the key process remembers more. A disk that lost
// its last writes is one that was backed up a moment ago.
void Bond::restore(One& one) {
    restored_ = true;
    one.side.crash();
    one.side.journal = *one.backup;
    one.side.blobs = one.files;
    if (spoil_ == Spoil::memory)
        one.side.vault_state.bytes = one.memory;
    one.backup.reset(); // an earlier epoch's would be refused, and is another test's affair
    one.side.restart_keys();
    one.side.start();
    told("restored backup");
    if (one.side.registry->behind())
        return recover(one);
    // Nothing was signed since, so nobody can know that there was more, nor which numbers it gave.
    one.numbers.clear();
}

void Bond::recover(One& one) {
    for (const char* mirror : {random_.chance(70) ? "yes" : "no", "no"}) {
        auto content = one.side.registry->recovery_content();
        require(content.has_value(), one.side.party + ": a book that is behind can be recovered");
        (*content)["mirror"] = mirror;
        const auto answer = one.side.try_act(one.side.control_officer, logbook::ActKind::recover,
                                             std::move(*content));
        require(answer && answer->decision.permitted(),
                one.side.party + ": an officer may recover the book");
        if (one.side.registry->recover()) {
            told("recovery");
            return;
        }
    }
    throw Broken{one.side.party + ": a book is recovered without its peer"};
}

// --- a peer in other hands -----------------------------------------------------------------------

void Bond::lied_about(ByteView request) {
    const auto frame = exchange::parse_frame(request);
    if (!frame)
        return;
    lied_of_a_notice_ = lied_of_a_notice_ || frame->type == "notice";
    if (frame->type == "offer" || frame->type == "segment" || frame->type == "complete")
        lied_.insert(frame->fields.value("dispatch", ""));
}

Bytes Bond::lie(ByteView request, Bytes answer) {
    told("lying answer");
    switch (random_.below(4)) {
    case 0:
        return crypto::random_bytes(random_.below(200));
    case 1:
        flip_one(random_, answer);
        return answer;
    case 2:
        return answers_.empty() ? Bytes() : random_.any(answers_);
    default:
        break;
    }
    auto frame = exchange::parse_frame(answer);
    if (!frame)
        return answer;
    exchange::Frame asked;
    asked.from = frame->to;
    asked.to = frame->from;
    const Error error =
        random_.any({Error(Code::unavailable, "registry.behind"),
                     Error(Code::integrity, "exchange.not_accepted"),
                     Error(Code::refused, "agreement.link_expired"), Error(Code::limit, "flood"),
                     Error(Code::refused, "registry.not_paired")});
    if (error.reason().starts_with("agreement."))
        lied_about(request);
    return exchange::encode(exchange::refusal(asked, error));
}

void Bond::without_effect(One& victim, std::span<const Bytes> messages, const char* what) {
    told(what);
    const Hash32 tls = victim.side.peer->registry->key_list().tls;
    const auto send = [&](const Bytes& message) {
        const auto answer = exchange::parse_frame(victim.side.registry->answer_peer(message, tls));
        require(answer.has_value(), victim.side.party + ": every message is answered by a message");
    };
    const auto room = victim.side.blobs.partials.size();
    const auto first = victim.side.registry->state();
    for (const Bytes& message : messages)
        send(message);
    spoil_quiet(victim);
    // What a crash left undone is done when the peer asks again, for whatever; and once.
    const auto before = victim.side.registry->state();
    require(before.dispatches().size() == first.dispatches().size() &&
                before.items().size() == first.items().size() &&
                before.notices().size() == first.notices().size(),
            victim.side.party + ": nothing comes of " + what);
    for (const Bytes& message : messages) {
        send(message);
        const auto asked = exchange::parse_frame(message);
        require(victim.side.registry->state() == before,
                victim.side.party + ": nothing comes of " + what +
                    ", said again: " + (asked ? asked->type : "no frame"));
    }
    require(victim.side.blobs.partials.size() == room,
            victim.side.party + ": no room is taken by " + what);
}

// What the checks have to see: something that does come of it, and room that is taken.
void Bond::spoil_quiet(One& victim) {
    if (spoil_ == Spoil::news)
        (void)other(victim).side.work();
    if (spoil_ == Spoil::room)
        victim.side.blobs.partials["blb-none"] = std::make_shared<Bytes>(1);
}

std::vector<Bytes> Bond::garbage() {
    std::vector<Bytes> out;
    for (std::size_t i = 0; i < kFlood; ++i) {
        Bytes one = requests_.empty() || random_.chance(30)
                        ? crypto::random_bytes(random_.below(300))
                        : random_.any(requests_);
        if (random_.chance(50) && !one.empty())
            one.resize(random_.below(one.size()));
        else if (one.size() > 10) // another version, or another length of its header
            one[4 + random_.below(6)] ^= static_cast<Byte>(1 + random_.below(255));
        out.push_back(std::move(one));
    }
    return out;
}

// Messages of this very link in which one number is far too large, or none.
std::vector<Bytes> Bond::lies_about_sizes() {
    std::vector<Bytes> out;
    for (std::size_t i = 0; i < kFlood && !requests_.empty(); ++i) {
        auto frame = exchange::parse_frame(random_.any(requests_));
        if (!frame)
            continue;
        std::vector<std::string> numbers;
        for (const auto& [name, value] : frame->fields.items())
            if (value.is_number_integer())
                numbers.push_back(name);
        if (numbers.empty())
            continue;
        frame->fields[random_.any(numbers)] =
            random_.any<std::int64_t>({-1, std::int64_t{1} << 33, std::int64_t{1} << 45,
                                       (std::int64_t{1} << 53) - 1, INT64_MAX});
        out.push_back(exchange::encode(*frame));
    }
    return out;
}

// The peer's own log keys sign a second history of a log that this side cosigned.
void Bond::fork(One& victim) {
    Side& liar = *victim.side.peer;
    if (!liar.registry || liar.registry->behind())
        return;
    const auto keystore =
        vault::Keystore::open(liar.keystore_file, SecretBytes::copy(view("test"))).value();
    const auto list = liar.registry->key_list();
    const bool shared = random_.chance(50);
    const std::string origin = shared ? list.shared_log.origin : list.private_log.origin;
    const auto held = victim.side.keys->witnessed(origin);
    const auto leaves =
        liar.journal.leaves(shared ? LogName::shared_log : LogName::private_log, 0, 1 << 20);
    if (held.size < 2 || leaves->size() < held.size)
        return;
    tlog::MemoryTree other;
    const std::size_t changed = random_.below(static_cast<std::size_t>(held.size));
    for (std::size_t i = 0; i < leaves->size(); ++i) {
        auto leaf = (*leaves)[i].leaf;
        leaf[70] ^= static_cast<Byte>(i == changed && spoil_ != Spoil::history ? 1 : 0);
        other.append(crypto::leaf_hash(leaf));
    }
    const tlog::Checkpoint tree{origin, other.size(), other.root()};
    const auto& keys = shared ? keystore.shared_log : keystore.private_log;
    auto lines =
        tlog::sign_checkpoint(tree, keys.ed25519, keys.ml_dsa_44, victim.side.registry->now());
    auto note = tlog::SignedCheckpoint::make(tree, std::move(*lines));
    std::vector<Hash32> proof;
    if (other.size() > held.size)
        proof = tlog::consistency_proof(other, held.size, other.size()).value();
    const auto request =
        tlog::WitnessRequest::make(held.size, std::move(proof), std::move(*note)).value();
    const Bytes message = exchange::encode(
        {"witness", liar.party, victim.side.party, Json::object(), to_bytes(request.print())});
    without_effect(victim, std::vector<Bytes>(kFlood, message), "forks");
    const auto after = victim.side.keys->witnessed(origin);
    require(after.size == held.size && after.root == held.root,
            victim.side.party + ": no second history is cosigned");
}

void Bond::attack(One& victim) {
    One& liar = other(victim);
    if (!victim.side.registry || !liar.side.registry)
        return;
    const bool faults = std::exchange(faults_, false); // of nothing else in this step
    switch (random_.below(4)) {
    case 0:
        without_effect(victim, garbage(), "garbage");
        break;
    case 1:
        without_effect(victim, lies_about_sizes(), "lies about sizes");
        break;
    case 2:
        fork(victim);
        break;
    default: { // what was said before, and said again and again
        if (requests_.empty())
            break;
        const Bytes message = random_.any(requests_);
        const Hash32 tls = liar.side.registry->key_list().tls;
        (void)victim.side.registry->answer_peer(message, tls);
        const std::vector<Bytes> flood(kFlood, message);
        without_effect(victim, flood, "flood");
    }
    }
    faults_ = faults;
}

void Bond::foreign(std::span<const Bytes> messages) {
    if (messages.empty())
        return;
    for (One* one : {&first_, &second_})
        if (one->side.registry && one->side.peer->registry)
            without_effect(*one, messages, "messages of other agreements");
}

} // namespace valise::testing
