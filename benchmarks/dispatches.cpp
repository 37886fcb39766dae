// SPDX-License-Identifier: Apache-2.0
// valise-dispatches keys FOLDER | run TERMS SOCKET ENDPOINT PARTY SOCKET ENDPOINT PARTY COUNT
// SECONDS What the people of two registries do, in one process over their local sockets: everybody
// takes office, documents of 4 KiB are sealed and entered, then each is approved by two persons and
// dispatched. Waits until the custody receipt of each stands in a signed log on both sides (E1) and
// prints one line of JSON.
#include "adapters/files/files.h"
#include "adapters/http/client.h"
#include "agreement/key_list.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "envelope/seal.h"
#include "label/attributes.h"
#include "label/json5636.h"
#include "label/label_xml.h"
#include "logbook/act.h"
#include "measure.h"
#include "world.h"

#include <atomic>
#include <charconv>
#include <ctime>
#include <limits>
#include <thread>

namespace valise::bench {

using logbook::ActKind;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::size_t kDocument = 4096;
constexpr unsigned kHands = 4; // persons who work at a time
constexpr std::size_t kUnderWay = 64;
constexpr const char* kUntil = "2030-01-01T00:00:00Z";

crypto::SigningKey key_of(Byte number) {
    return must(crypto::SigningKey::from_seed(crypto::SignatureAlgorithm::ed25519,
                                              SecretBytes::copy(Bytes(32, number))));
}

Time now() {
    return Time{std::time(nullptr)};
}

std::string person(const crypto::SigningKey& key) {
    return PersonId::of(crypto::sha256(key.public_bytes())).text();
}

// One side's local socket, and its persons.
class Place {
public:
    Place(const agreement::Terms& terms, std::string socket, std::string endpoint,
          std::string party)
        : terms_(&terms), socket_(std::move(socket)), endpoint_(std::move(endpoint)),
          party_(std::move(party)) {}

    const std::string& party() const { return party_; }
    adapters::HttpClient client() const { return adapters::HttpClient::over_unix(socket_); }

    Bytes ask(adapters::HttpClient& client, const std::string& method, const std::string& target,
              ByteView body = {}) const {
        const auto answer =
            must(client.send({.method = method,
                              .target = target,
                              .headers = {{"content-type", "application/octet-stream"}},
                              .body = body}));
        if (answer.status != 200) {
            std::fprintf(stderr, "%s: %u %s\n", target.c_str(), answer.status,
                         to_text(answer.body).c_str());
            std::abort();
        }
        return answer.body;
    }
    Json get(adapters::HttpClient& client, const std::string& target) const {
        return Json::parse(to_text(ask(client, "GET", target)));
    }
    Json act(adapters::HttpClient& client, const crypto::SigningKey& who, ActKind kind,
             Json content) const {
        auto value =
            must(logbook::Act::make(kind, party_, terms_->digest(), now(), who.public_bytes(),
                                    std::move(content), crypto::random_array<16>()));
        const Bytes signed_act = must(logbook::SignedAct::make(std::move(value), who)).bytes();
        Json answer = Json::parse(to_text(ask(client, "POST", "/api/v1/acts", signed_act)));
        if (answer.at("outcome") == "refused") {
            std::fprintf(stderr, "%s\n", answer.dump().c_str());
            std::abort();
        }
        return answer;
    }

    void take_office(const std::string& peer, const std::string& level) {
        auto link = client();
        const auto enrol = [&](const crypto::SigningKey& who, const char* role) {
            act(link, officer, ActKind::enrol,
                {{"person", person(who)}, {"key", to_base64(who.public_bytes())}, {"name", "x"}});
            if (*role != 0)
                act(link, officer, ActKind::appoint, {{"person", person(who)}, {"role", role}});
        };
        enrol(author, "originator");
        enrol(first, "releasing-authority");
        enrol(second, "releasing-authority");
        enrol(deputy, "");
        act(link, officer, ActKind::facility,
            {{"facility", "f-1"},
             {"name", "First facility"},
             {"officer", person(officer)},
             {"deputy", person(deputy)}});
        act(link, officer, ActKind::accredit,
            {{"peer", peer},
             {"level", level},
             {"until", now().plus_days(100).text()},
             {"reference", "ACC-1"}});
    }
    void pair(const Place& other) {
        auto link = client();
        auto theirs = other.client();
        const Bytes invitation =
            other.ask(theirs, "GET", "/api/v1/peer/invitation?endpoint=" + other.endpoint_);
        const Json considered =
            Json::parse(to_text(ask(link, "POST", "/api/v1/peer/consider", invitation)));
        act(link, officer, ActKind::pair, considered.at("pair_content"));
    }

    struct Entered {
        std::string item;
        Hash32 payload_root{}, label_sha256{};
    };
    Entered enter(adapters::HttpClient& link, const std::string& level) const;
    void release(adapters::HttpClient& link, const Entered& item, const std::string& level,
                 const std::string& recipient) const;
    // Dispatches whose custody receipt stands in a signed log here.
    std::size_t receipted(adapters::HttpClient& link) const {
        std::size_t out = 0;
        const Json all = get(link, "/api/v1/dispatches");
        for (const Json& one : all.at("dispatches"))
            out += one.at("custody_evidence").get<std::string>() >= "E1";
        return out;
    }

    crypto::SigningKey officer = key_of(1), clearer = key_of(2), author = key_of(3),
                       first = key_of(4), second = key_of(5), deputy = key_of(6);

private:
    const agreement::Terms* terms_;
    std::string socket_, endpoint_, party_;
};

Place::Entered Place::enter(adapters::HttpClient& link, const std::string& level) const {
    const label::Scheme* scheme = terms_->scheme(party_);
    label::Label label;
    label.policy_id = scheme->policy_id;
    label.policy_uri = scheme->policy_uri;
    label.classification = scheme->by_code(level)->native;
    label.categories = {
        {label::CategoryType::permissive,
         label::kReleasableTo,
         {party_, terms_->other(party_)->code},
         ""},
        {label::CategoryType::informative, "Purpose", {terms_->purposes().front().code}, ""}};
    label.created = now();
    label.review = now().plus_days(365);
    const auto list = must(agreement::KeyList::parse(
        must(from_base64(get(link, "/api/v1/keys").at("key_list").get<std::string>()))));
    envelope::SealRequest request;
    request.label_xml = must(label::write_4774(label));
    request.label_5636 = must(label::write_5636(label));
    request.attributes = must(label::attributes(label, *scheme, "valise.invalid"));
    request.recipients.push_back({must(crypto::WrapPublicKey::parse_der(list.unwrapping)),
                                  "https://registry.invalid", "", ""});
    const Bytes document = crypto::random_bytes(kDocument);
    MemorySource source(document);
    MemorySink sink;
    const auto sealed = must(envelope::seal(source, sink, request));
    const Bytes file = sink.take();
    const std::string blob = Json::parse(to_text(ask(link, "POST", "/api/v1/blobs", file)))
                                 .at("blob")
                                 .get<std::string>();
    Entered out;
    out.item = ItemId::of(crypto::random_bytes(10)).text();
    out.payload_root = sealed.payload_root;
    out.label_sha256 = crypto::sha256(view(request.label_xml));
    act(link, author, ActKind::enter,
        {{"item", out.item},
         {"level", level},
         {"purpose", terms_->purposes().front().code},
         {"title", "One of many"},
         {"label", to_base64(view(request.label_xml))},
         {"authority", terms_->party(party_)->authorities.front().id},
         {"form", "electronic"},
         {"blob", blob},
         {"payload_root", to_base64(sealed.payload_root)}});
    return out;
}

void Place::release(adapters::HttpClient& link, const Entered& item, const std::string& level,
                    const std::string& recipient) const {
    const Hash32 digest = logbook::release_digest(must(ItemId::parse(item.item)), item.payload_root,
                                                  item.label_sha256, recipient, terms_->digest());
    for (const auto* who : {&first, &second})
        act(link, *who, ActKind::approve_release,
            {{"release_digest", to_base64(digest)},
             {"item", item.item},
             {"recipient", recipient},
             {"level", level},
             {"terms", to_base64(terms_->digest())}});
    act(link, officer, ActKind::dispatch, {{"item", item.item}, {"recipient", recipient}});
}

// `work(i, link)` for each of `count`, by as many hands as there are.
template<class Work> double by_hands(const Place& place, std::size_t count, Work work) {
    std::atomic<std::size_t> next = 0;
    return seconds_of([&] {
        std::vector<std::jthread> threads;
        for (unsigned hand = 0; hand < kHands; ++hand)
            threads.emplace_back([&] {
                auto link = place.client();
                for (std::size_t i = next++; i < count; i = next++)
                    work(i, link);
            });
    });
}

void write_keys(const std::filesystem::path& folder) {
    for (const auto& [name, number] :
         {std::pair("officer", Byte{1}), std::pair("clearer", Byte{2})})
        std::ofstream(folder / (std::string(name) + ".key.pub"))
            << Json{{"v", 1},
                    {"kind", "person"},
                    {"name", name},
                    {"public", to_base64(key_of(number).public_bytes())}}
                   .dump()
            << "\n";
}

// What was released, and what of it was received on both sides: looked at seldom, because a look
// lists all dispatches.
class Passing {
public:
    Passing(const Place& from, const Place& to)
        : from_(from), to_(to), looking_([this](const std::stop_token& stop) {
              auto here = from_.client();
              auto there = to_.client();
              while (!stop.stop_requested()) {
                  const std::size_t now = std::min(from_.receipted(here), to_.receipted(there));
                  if (now != received_) {
                      last_ = since();
                      received_ = now;
                  }
                  std::this_thread::sleep_for(kLook);
              }
          }) {}

    double since() const { return std::chrono::duration<double>(Steady::now() - begin_).count(); }
    std::size_t received() const { return received_; }
    double last() const { return last_; } // when the newest was received
    std::size_t under_way() const { return released - received_; }
    // Until everything is received, or nothing more is: that is told by the figures.
    void drain() const {
        const double begun = since();
        while (received_ < released && since() - std::max(begun, last()) < kPatience)
            std::this_thread::sleep_for(kLook);
    }

    mutable std::atomic<std::size_t> released = 0;

private:
    static constexpr auto kLook = std::chrono::milliseconds(500);
    static constexpr double kPatience = 120;

    const Place& from_;
    const Place& to_;
    Steady::time_point begin_ = Steady::now();
    std::atomic<std::size_t> received_ = 0;
    std::atomic<double> last_ = 0;
    std::jthread looking_; // last: it uses all others
};

// All of `count` as fast as they go; or, when `seconds` is not 0, so many of them as are released
// in that time with no more than kUnderWay on their way.
Json run(const agreement::Terms& terms, Place from, Place to, std::size_t count, double seconds) {
    const auto level_of = [&](const Place& place) {
        return terms.scheme(place.party())->levels.at(1).code;
    };
    const std::string level = level_of(from);
    from.pair(to);
    to.pair(from);
    from.take_office(to.party(), level);
    to.take_office(from.party(), level_of(to));
    std::vector<Place::Entered> items(count);
    Json out;
    out["enter_seconds"] = by_hands(
        from, count, [&](std::size_t i, auto& link) { items[i] = from.enter(link, level); });
    const Passing passing(from, to);
    const double until = seconds == 0 ? std::numeric_limits<double>::infinity() : seconds;
    const std::size_t most = seconds == 0 ? count : kUnderWay;
    out["release_seconds"] = by_hands(from, count, [&](std::size_t i, auto& link) {
        while (passing.under_way() >= most && passing.since() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        if (passing.since() < until) {
            passing.released += 1;
            from.release(link, items[i], level, to.party());
        }
    });
    passing.drain();
    out["released"] = passing.released.load();
    out["documents"] = passing.received();
    out["seconds"] = passing.last();
    out["rate"] = static_cast<double>(passing.received()) / passing.last();
    return out;
}

} // namespace

} // namespace valise::bench

int main(int count, char** words) {
    using namespace valise;
    using namespace valise::bench;
    if (count == 3 && words[1] == std::string_view("keys")) {
        write_keys(words[2]);
        return 0;
    }
    const auto number = [&](int at) {
        std::size_t out = 0;
        const std::string_view text = count > at ? words[at] : "";
        std::from_chars(text.data(), text.data() + text.size(), out);
        return out;
    };
    if (count != 11 || number(9) == 0) {
        std::fputs("usage: valise-dispatches keys FOLDER | run TERMS SOCKET ENDPOINT PARTY SOCKET "
                   "ENDPOINT PARTY COUNT SECONDS\n",
                   stderr);
        return 2;
    }
    auto terms = must(agreement::Terms::parse(must(adapters::read_file(words[2], 1 << 20))));
    terms.set_test_mode(true);
    std::puts(run(terms, Place(terms, words[3], words[4], words[5]),
                  Place(terms, words[6], words[7], words[8]), number(9),
                  static_cast<double>(number(10)))
                  .dump()
                  .c_str());
    return 0;
}
