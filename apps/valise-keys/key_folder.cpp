// SPDX-License-Identifier: Apache-2.0
#include "key_folder.h"

#include "adapters/files/files.h"
#include "base/codec/json.h"
#include "base/text.h"

#include <algorithm>

namespace valise::keys_program {

namespace {

constexpr std::size_t kMaxPassphrase = 4096;
constexpr std::size_t kMaxFile = 64 << 20;

Result<SecretBytes> first_line(const SecretBytes& text) {
    const ByteView all = text.read(SecretAccess::because("cutting the line end off a passphrase"));
    const auto end = std::find_if(all.begin(), all.end(),
                                  [](Byte byte) { return byte == '\n' || byte == '\r'; });
    const auto length = static_cast<std::size_t>(end - all.begin());
    if (length == 0)
        return fail(Code::invalid, "keys.passphrase", "the passphrase is empty");
    return SecretBytes::copy(all.first(length));
}

} // namespace

Result<std::optional<Bytes>> FileStateStore::load() {
    auto bytes = adapters::read_file(path_, kMaxFile);
    if (!bytes && bytes.error().code() == Code::not_found)
        return std::optional<Bytes>();
    if (!bytes)
        return fail(bytes.error());
    return std::optional<Bytes>(std::move(*bytes));
}

Result<void> FileStateStore::save(ByteView bytes) {
    return adapters::write_file_durably(path_, bytes, 0600, adapters::Overwrite::yes);
}

std::string keystore_path(const std::string& folder) {
    return folder + "/keystore";
}
std::string state_path(const std::string& folder) {
    return folder + "/vault-state";
}

Result<SecretBytes> passphrase_from_file(const std::string& path) {
    TRY_ASSIGN(const auto text, adapters::read_secret_file(path, kMaxPassphrase));
    return first_line(text);
}

Result<SecretBytes> passphrase_from_descriptor(int fd) {
    SecretBytes text(kMaxPassphrase);
    const auto out = text.write(SecretAccess::because("reading a passphrase"));
    adapters::PipeSource source(fd);
    std::size_t length = 0;
    while (length < out.size()) {
        TRY_ASSIGN(const std::size_t got, source.read(out.subspan(length)));
        if (got == 0)
            break;
        length += got;
    }
    return first_line(SecretBytes::copy(out.first(length)));
}

Result<vault::Founder> read_founder(const std::string& path) {
    TRY_ASSIGN(const Bytes text, adapters::read_file(path, 64 << 10));
    return parse_founder(text, path);
}

Result<vault::Founder> parse_founder(ByteView text, const std::string& path) {
    TRY_ASSIGN(const Json json, parse_json(text));
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "public key file"));
    TRY(reader.integer("v", 1, 1));
    TRY_ASSIGN(const std::string kind, reader.text("kind", 32));
    TRY_ASSIGN(const Bytes key, reader.base64("public", 8192));
    TRY_ASSIGN(const auto name, reader.optional_text("name"));
    TRY(reader.done());
    if (kind != "person" || key.size() != 32)
        return fail(Code::invalid, "keys.public_file", path + " is not the key of a person");
    TRY(crypto::VerifyKey::parse(crypto::SignatureAlgorithm::ed25519, key));
    if (!name || name->empty())
        return fail(Code::invalid, "keys.public_file", path + " holds no name of its person");
    return vault::Founder{*name, key};
}

Result<void> create_keys(const Creation& creation, const SecretBytes& passphrase, Time now) {
    if (!is_party_code(creation.party))
        return fail(Code::invalid, "keys.party",
                    "a party is 2 to 12 capital letters and digits, as JPN");
    vault::KeystoreRequest request;
    request.party = creation.party;
    request.now = now;
    TRY_ASSIGN(request.founders.control_officer, read_founder(creation.control_officer));
    TRY_ASSIGN(request.founders.clearance_officer, read_founder(creation.clearance_officer));
    // Who says what a person may see must not say whom the state trusts.
    if (request.founders.control_officer.key == request.founders.clearance_officer.key)
        return fail(Code::invalid, "keys.one_officer",
                    "control officer and clearance officer must be two persons");
    TRY(adapters::make_folders(creation.folder, 0700));
    TRY_ASSIGN(const auto keystore, vault::Keystore::generate(request));
    TRY_ASSIGN(const Bytes sealed, keystore.seal(passphrase, creation.cost));
    return adapters::write_file_durably(keystore_path(creation.folder), sealed, 0600);
}

Result<vault::Keystore> open_keys(const std::string& folder, const SecretBytes& passphrase) {
    TRY_ASSIGN(const Bytes sealed, adapters::read_file(keystore_path(folder), kMaxFile));
    return vault::Keystore::open(sealed, passphrase);
}

} // namespace valise::keys_program
