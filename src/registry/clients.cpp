// SPDX-License-Identifier: Apache-2.0
// The clients of the OpenTDF listener: who is known, and for whom each acts.
#include "crypto/hash.h"
#include "crypto/random.h"
#include "registry/internal/impl.h"

#include <algorithm>

namespace valise::registry {
namespace {

constexpr const char* kNote = "clients";
constexpr std::size_t kMaxClients = 4096;
constexpr std::size_t kMaxSubject = 256;
constexpr std::string_view kRules[] = {"strict", "relaxed", "bearer"};
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789._-";

std::unexpected<Error> damaged() {
    return fail(Code::integrity, "registry.rows", "the list of clients is damaged");
}

Json json_of(const Client& client) {
    return {{"id", client.id},
            {"person", client.person.text()},
            {"class", std::string(to_string(client.rule))},
            {"secret", to_base64(client.secret)},
            {"subject", client.subject},
            {"added", client.added.text()}};
}

Result<Client> client_of(const Json& row) {
    for (const char* name : {"id", "person", "class", "secret", "subject", "added"})
        if (!row.is_object() || !row.contains(name) || !row.at(name).is_string())
            return damaged();
    Client out;
    out.id = row.at("id").get<std::string>();
    out.subject = row.at("subject").get<std::string>();
    TRY_ASSIGN(out.person, PersonId::parse(row.at("person").get<std::string>()));
    TRY_ASSIGN(out.rule, parse_client_class(row.at("class").get<std::string>()));
    TRY_ASSIGN(out.added, Time::parse(row.at("added").get<std::string>()));
    TRY_ASSIGN(const Bytes secret, from_base64(row.at("secret").get<std::string>()));
    if (secret.size() != out.secret.size())
        return damaged();
    std::ranges::copy(secret, out.secret.begin());
    return out;
}

} // namespace

std::string_view to_string(ClientClass rule) {
    return kRules[static_cast<std::size_t>(rule)];
}

Result<ClientClass> parse_client_class(std::string_view text) {
    for (std::size_t i = 0; i < std::size(kRules); ++i)
        if (kRules[i] == text)
            return static_cast<ClientClass>(i);
    return fail(Code::invalid, "registry.client_class", "expected strict, relaxed or bearer");
}

Result<std::vector<Client>> Registry::Impl::read_clients() const {
    TRY_ASSIGN(const auto stored, ledger.journal().note(kNote));
    std::vector<Client> out;
    if (!stored)
        return out;
    TRY_ASSIGN(const Json rows,
               parse_canonical_json(*stored, {.bytes = 8 << 20, .depth = 4, .values = 100'000}));
    if (!rows.is_array())
        return damaged();
    for (const Json& row : rows) {
        TRY_ASSIGN(out.emplace_back(), client_of(row));
    }
    return out;
}

Result<void> Registry::Impl::write_clients(const std::vector<Client>& clients) {
    Json rows = Json::array();
    for (const Client& client : clients)
        rows.push_back(json_of(client));
    JournalChange change;
    change.notes[kNote] = to_bytes(canonical_json(rows));
    return ledger.journal_commit(change);
}

Result<std::vector<Client>> Registry::clients() const {
    const std::scoped_lock lock(impl_->mutex);
    return impl_->read_clients();
}

Result<void> Registry::add_client(Client client) {
    const std::scoped_lock lock(impl_->mutex);
    TRY(impl_->writable());
    if (client.id.empty() || client.id.size() > 64 ||
        client.id.find_first_not_of(kLetters) != std::string::npos)
        return fail(Code::invalid, "registry.client",
                    "a client is named by 1 to 64 of a-z 0-9 . _ -");
    if (client.subject.size() > kMaxSubject)
        return fail(Code::invalid, "registry.client", "the subject is too long");
    const auto* person = impl_->ledger.state().person(client.person);
    if (person == nullptr || !person->active)
        return fail(Code::not_found, "registry.client_person",
                    client.person.text() + " is nobody enrolled here");
    TRY_ASSIGN(auto all, impl_->read_clients());
    const auto same = [&](const Client& other) {
        return other.id == client.id ||
               (!client.subject.empty() && other.subject == client.subject);
    };
    if (std::ranges::any_of(all, same))
        return fail(Code::conflict, "registry.client", "this client is known already");
    if (all.size() >= kMaxClients)
        return fail(Code::limit, "registry.client", "too many clients");
    client.added = impl_->ledger.now();
    all.push_back(std::move(client));
    return impl_->write_clients(all);
}

Result<void> Registry::remove_client(const std::string& id) {
    const std::scoped_lock lock(impl_->mutex);
    TRY(impl_->writable());
    TRY_ASSIGN(auto all, impl_->read_clients());
    if (std::erase_if(all, [&](const Client& client) { return client.id == id; }) == 0)
        return fail(Code::not_found, "registry.client", "no such client");
    return impl_->write_clients(all);
}

} // namespace valise::registry
