// SPDX-License-Identifier: Apache-2.0
// Making a register of many items, as fast as its own ledger takes them.
#include "crypto/hash.h"
#include "crypto/random.h"
#include "label/label_xml.h"
#include "logbook/commitment.h"
#include "register.h"
#include "world.h"

#include <fstream>

namespace valise::bench {

using logbook::ActKind;
using logbook::Stage;

namespace {

constexpr const char* kLevels[] = {"guarded", "sealed", "crown"};

crypto::SigningKey key_of(Byte number) {
    return must(crypto::SigningKey::from_seed(crypto::SignatureAlgorithm::ed25519,
                                              SecretBytes::copy(Bytes(32, number))));
}

SecretBytes passphrase() {
    return SecretBytes::copy(view("bench"));
}

Bytes read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return to_bytes(std::string(std::istreambuf_iterator<char>(in), {}));
}

// Draws up entries and what happens to them, one register number after the other.
class Scribe {
public:
    Scribe(Office& office, const logbook::State& state)
        : office_(office), author_(id_of(office.author).text()),
          reader_(id_of(office.reader).text()) {
        for (const char* level : kLevels) {
            const std::string xml = label_of(office.terms, level, time_of(kBegin));
            labels_.push_back({to_base64(view(xml)), to_base64(crypto::sha256(view(xml)))});
        }
        const auto act = must(logbook::SignedAct::parse(office.act(
            office.author, ActKind::enter, content(0, ItemId::of(some_hash(1)), 0).first)));
        office.clock.at = time_of(kBegin);
        clauses_ = must_be(agreement::decide(office.terms, state, act.act(), time_of(kBegin)));
        for (int year = logbook::year_of(time_of(kBegin)); year <= logbook::year_of(time_of(kEnd));
             ++year)
            spent_[year] =
                must(logbook::RegisterNumber::parse(state.next_number(year))).sequence - 1;
    }

    static ItemId item_of(std::uint64_t n) {
        return ItemId::of(crypto::sha256(view("item " + std::to_string(n))));
    }
    static CopyId copy_of(std::uint64_t n) {
        return CopyId::of(crypto::sha256(view("copy " + std::to_string(n))));
    }

    // That the reader needs to know the item of this number.
    void add_grant(std::uint64_t n, const logbook::State& state,
                   std::vector<registry::Draft>& out) {
        const std::string until = office_.clock.at.plus_days(30).text();
        registry::Draft grant = decided(office_.officer, ActKind::grant,
                                        {{"person", reader_},
                                         {"item", item_of(n).text()},
                                         {"purpose", kPurpose},
                                         {"until", until}},
                                        state);
        grant.skeleton.ids = {{"item", item_of(n).text()}, {"person", reader_}};
        grant.skeleton.facts = {{"purpose", kPurpose}, {"until", until}};
        out.push_back(std::move(grant));
    }
    // It is opened, or refused to a reader whom nobody granted it.
    void add_reading(std::uint64_t n, const logbook::State& state, std::uint64_t& seq,
                     std::vector<registry::Draft>& out) {
        registry::Draft reading = decided(office_.reader, ActKind::open,
                                          {{"item", item_of(n).text()},
                                           {"copy", copy_of(n).text()},
                                           {"purpose", kPurpose},
                                           {"session_key", to_base64(some_hash(3))}},
                                          state);
        reading.skeleton.ids = {{"item", item_of(n).text()}, {"copy", copy_of(n).text()}};
        if (reading.skeleton.stage == Stage::refused) {
            out.push_back(std::move(reading));
            ++seq;
            return;
        }
        reading.skeleton.facts = {{"purpose", kPurpose}};
        permit_and_do(std::move(reading), seq, out);
    }

    // The item of this number, entered at this moment; `seq` is the next event's.
    void add(std::uint64_t n, Time at, std::uint64_t& seq, std::vector<registry::Draft>& out) {
        office_.clock.at = at;
        const ItemId item = item_of(n);
        auto [act, facts] = content(n, item, n % std::size(kLevels));
        const int year = logbook::year_of(at);
        facts["number"] = logbook::RegisterNumber{"XEX", year, ++spent_[year]}.text();
        registry::Draft entry;
        entry.skeleton.kind = ActKind::enter;
        entry.skeleton.actor = author_;
        entry.skeleton.clauses = clauses_;
        entry.skeleton.ids = {{"item", item.text()}, {"copy", copy_of(n).text()}};
        entry.skeleton.facts = facts;
        must(entry.opening.add("title", std::string_view("Item " + std::to_string(n))));
        if (facts.contains("payload_root"))
            entry.document = logbook::document_commitment(some_hash(static_cast<int>(n)));
        entry.signed_act = office_.act(office_.author, ActKind::enter, std::move(act));
        must(entry.decided_at(at));
        permit_and_do(std::move(entry), seq, out);
    }

private:
    struct LabelTexts {
        std::string base64, sha256;
    };

    static std::vector<logbook::ConsultedClause> must_be(const agreement::Decision& decision) {
        if (!decision.permitted()) {
            std::fputs((decision.reason() + "\n").c_str(), stderr);
            std::abort();
        }
        return decision.for_skeleton();
    }

    // Two of five are paper.
    std::pair<Json, logbook::TextMap> content(std::uint64_t n, const ItemId& item,
                                              std::size_t level) const {
        const bool paper = n % 5 < 2;
        Json act = {{"item", item.text()},
                    {"level", kLevels[level]},
                    {"purpose", kPurpose},
                    {"title", "Item " + std::to_string(n)},
                    {"label", labels_[level].base64},
                    {"form", paper ? "paper" : "electronic"},
                    {"authority", "xex-office"}};
        logbook::TextMap facts = {{"origin", "XEX"},
                                  {"level", kLevels[level]},
                                  {"purpose", kPurpose},
                                  {"release", "XBO,XEX"},
                                  {"label_sha256", labels_[level].sha256}};
        if (paper) {
            act["pages"] = 12;
            facts["form"] = "paper";
            facts["pages"] = "12";
        } else {
            const Hash32 root = some_hash(static_cast<int>(n));
            const BlobId blob = BlobId::of(crypto::sha256(view("blob " + std::to_string(n))));
            act["blob"] = facts["blob"] = blob.text();
            act["payload_root"] = facts["payload_root"] = to_base64(root);
            act["plain_bytes"] = 40000;
        }
        return {std::move(act), std::move(facts)};
    }

    registry::Draft decided(const crypto::SigningKey& who, ActKind kind, Json content,
                            const logbook::State& state) const {
        registry::Draft out;
        out.signed_act = office_.act(who, kind, std::move(content));
        const auto act = must(logbook::SignedAct::parse(out.signed_act));
        const auto decision = agreement::decide(office_.terms, state, act.act(), office_.clock.at);
        out.skeleton.kind = kind;
        out.skeleton.stage = decision.permitted() ? Stage::permitted : Stage::refused;
        out.skeleton.actor = id_of(who).text();
        out.skeleton.clauses = decision.for_skeleton();
        must(out.decided_at(office_.clock.at));
        return out;
    }

    static void permit_and_do(registry::Draft permit, std::uint64_t& seq,
                              std::vector<registry::Draft>& out) {
        registry::Draft done;
        done.skeleton = permit.skeleton;
        done.skeleton.stage = Stage::done;
        done.skeleton.permit = seq;
        done.skeleton.clauses.clear();
        done.document = permit.document;
        out.push_back(std::move(permit));
        out.push_back(std::move(done));
        seq += 2;
    }

    Office& office_;
    std::string author_, reader_;
    std::vector<LabelTexts> labels_;
    std::vector<logbook::ConsultedClause> clauses_;
    std::map<int, std::uint32_t> spent_;
};

// How many were made before: whole batches, one after the other.
std::uint64_t made_before(const logbook::State& state, std::uint64_t items, std::uint64_t batch) {
    std::uint64_t next = 0;
    while (next < items && state.item(Scribe::item_of(next)) != nullptr)
        next += batch;
    return next;
}

// Every hundredth of a batch is read, every five-hundredth refused: the grants first, then, decided
// over them, the readings.
void read_some(registry::Ledger& ledger, Scribe& scribe, std::uint64_t from, std::uint64_t end) {
    std::vector<registry::Draft> grants;
    std::vector<registry::Draft> readings;
    for (std::uint64_t n = from; n < end; n += 100)
        if (n % 500 != 0)
            scribe.add_grant(n, ledger.state(), grants);
    must(ledger.record(std::move(grants)));
    std::uint64_t seq = ledger.state().next_seq();
    for (std::uint64_t n = from; n < end; n += 100)
        scribe.add_reading(n, ledger.state(), seq, readings);
    must(ledger.record(std::move(readings)));
}

} // namespace

vault::Keystore keystore_in(const std::filesystem::path& folder, const Office& office) {
    const auto path = folder / "keystore";
    if (std::filesystem::exists(path))
        return must(vault::Keystore::open(read_file(path), passphrase()));
    auto made = must(vault::Keystore::generate(
        {"XEX",
         {{"Officer", office.officer.public_bytes()}, {"Clearer", office.clearer.public_bytes()}},
         time_of(kBegin)}));
    const Bytes sealed = must(made.seal(passphrase(), {crypto::kArgon2MinMemoryKib, 1}));
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(sealed.data()),
               static_cast<std::streamsize>(sealed.size()));
    return made;
}

void take_office(Office& office, registry::Registry& registry) {
    const auto perform = [&](ActKind kind, Json content) {
        must(registry.perform(office.act(office.officer, kind, std::move(content))));
    };
    for (const auto& [key, role] :
         {std::pair(&office.author, "originator"), std::pair(&office.reader, "reader")}) {
        const std::string person = id_of(*key).text();
        perform(ActKind::enrol,
                {{"person", person}, {"key", to_base64(key->public_bytes())}, {"name", role}});
        perform(ActKind::appoint, {{"person", person}, {"role", role}});
    }
    const std::string reader = id_of(office.reader).text();
    must(registry.perform(office.act(office.clearer, ActKind::clear,
                                     {{"person", reader},
                                      {"level", "crown"},
                                      {"until", "2039-01-01T00:00:00Z"},
                                      {"authority", "xex-office"}})));
    must(registry.perform(office.act(office.reader, ActKind::brief,
                                     {{"person", reader}, {"briefing", to_base64(some_hash(1))}})));
}

PersonId id_of(const crypto::SigningKey& key) {
    return PersonId::of(crypto::sha256(key.public_bytes()));
}

std::string label_of(const agreement::Terms& terms, const std::string& level, Time created) {
    const label::Scheme* scheme = terms.scheme("XEX");
    label::Label label;
    label.policy_id = scheme->policy_id;
    label.policy_uri = scheme->policy_uri;
    label.classification = scheme->by_code(level)->native;
    label.categories = {{label::CategoryType::permissive, label::kReleasableTo, {"XEX", "XBO"}, ""},
                        {label::CategoryType::informative, "Purpose", {kPurpose}, ""}};
    label.created = created;
    label.review = created.plus_days(3650);
    return must(label::write_4774(label));
}

Office::Office(const std::filesystem::path& folder, const std::string& terms_file)
    : terms_bytes(read_file(terms_file)), terms(must(agreement::Terms::parse(terms_bytes))),
      officer(key_of(1)), clearer(key_of(2)), author(key_of(3)), reader(key_of(4)) {
    clock.at = time_of(kBegin);
    std::filesystem::create_directories(folder);
    vault = must(vault::Vault::start(keystore_in(folder, *this), vault_state, clock));
    journal = must(adapters::SqliteJournal::open((folder / "register.db").string()));
}

Bytes Office::act(const crypto::SigningKey& who, ActKind kind, Json content) const {
    auto value = must(logbook::Act::make(kind, "XEX", terms.digest(), clock.at, who.public_bytes(),
                                         std::move(content), crypto::random_array<16>()));
    return must(logbook::SignedAct::make(std::move(value), who)).bytes();
}

Json make_register(const std::filesystem::path& folder, const std::string& terms_file,
                   std::uint64_t items) {
    constexpr std::uint64_t kBatch = 500;
    Office office(folder, terms_file);
    {
        ReadBefore keys(*office.vault,
                        must(office.journal->leaf_count(registry::LogName::private_log)));
        const auto registry = must(registry::Registry::open(office.ports(keys), office.setup()));
        if (registry->state().person(id_of(office.reader)) == nullptr)
            take_office(office, *registry);
    }
    auto secrets = must(office.vault->daemon_secrets());
    auto ledger = must(registry::Ledger::open(
        *office.journal, office.clock,
        must(crypto::RecordCipher::create(std::move(secrets.storage_key))), office.terms.digest()));
    Scribe scribe(office, ledger.state());
    const std::int64_t begin = time_of(kBegin).seconds + 60;
    const std::int64_t span = time_of(kEnd).seconds - 3600 - begin;
    std::uint64_t next = made_before(ledger.state(), items, kBatch);
    const double spent = seconds_of([&] {
        while (next < items) {
            std::vector<registry::Draft> drafts;
            std::uint64_t seq = ledger.state().next_seq();
            for (const std::uint64_t end = next + kBatch; next < end; ++next)
                scribe.add(next,
                           Time{begin + span * static_cast<std::int64_t>(next) /
                                            static_cast<std::int64_t>(items)},
                           seq, drafts);
            must(ledger.record(std::move(drafts)));
            read_some(ledger, scribe, next - kBatch, next);
            if (next % 20000 == 0)
                std::fprintf(stderr, "%llu of %llu items\n", static_cast<unsigned long long>(next),
                             static_cast<unsigned long long>(items));
        }
    });
    return {{"items", ledger.state().items().size()},
            {"events", ledger.state().next_seq()},
            {"seconds", spent},
            {"mib",
             static_cast<double>(std::filesystem::file_size(folder / "register.db")) / (1 << 20)}};
}

} // namespace valise::bench
