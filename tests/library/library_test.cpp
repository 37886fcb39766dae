// SPDX-License-Identifier: Apache-2.0
// The C ABI by its own header: what it refuses, and how it says so.
#include "lib/valise.h"
#include "lib/valise.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace {

using namespace valise_api;

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class Library : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() /
                  ("valise-library-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
        write("plain", std::string(3000000, 'x') + "end");
        label_ = read_file(VALISE_SOURCE_DIR "/examples/library/label.xml");
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string path(const char* name) const { return (folder_ / name).string(); }
    void write(const char* name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
    }
    Sealing dispatch(const Key& sender, const Key& recipient) const {
        Sealing out = new_sealing();
        const Public to = public_of(recipient);
        call(valise_sealing_recipient, out.get(), to.get(), nullptr, nullptr);
        call(valise_sealing_sender, out.get(), sender.get(), "AAA", "BBB");
        call(valise_sealing_label, out.get(), label_.data(), label_.size(), "restricted");
        return out;
    }
    static Opening opening(const Key& sender, const Key* recipient = nullptr) {
        Opening out = new_opening();
        const Public from = public_of(sender);
        call(valise_opening_sender, out.get(), from.get(), "AAA", "BBB");
        if (recipient != nullptr)
            call(valise_opening_key, out.get(), recipient->get());
        return out;
    }

    std::filesystem::path folder_;
    std::string label_;
};

template<class Body> std::string reason_of(Body body) {
    try {
        body();
    } catch (const Failure& failure) {
        return failure.reason();
    }
    return "accepted";
}

TEST_F(Library, SealsVerifiesOpensAndReads) {
    const Key sender = generate("sender");
    const Key recipient = generate("recipient");
    const Sealing sealing = dispatch(sender, recipient);
    call(valise_sealing_set, sealing.get(), "metadata", "note");
    const std::string summary =
        text_of(valise_seal_file, sealing.get(), path("plain").c_str(), path("sealed").c_str());
    EXPECT_NE(summary.find("\"plain_bytes\":3000003"), std::string::npos) << summary;
    EXPECT_NE(text_of(valise_inspect_file, path("sealed").c_str()).find("\"dispatch\""),
              std::string::npos);
    const Opening known = opening(sender, &recipient);
    EXPECT_NE(text_of(valise_verify_file, known.get(), path("sealed").c_str()).find("\"AAA\""),
              std::string::npos);
    EXPECT_NE(text_of(valise_open_file, known.get(), path("sealed").c_str(), path("opened").c_str())
                  .find("\"metadata\":\"note\""),
              std::string::npos);
    EXPECT_EQ(read_file(path("opened")), read_file(path("plain")));
    const Reader reader = new_reader(known, path("sealed").c_str());
    ASSERT_EQ(valise_reader_size(reader.get()), 3000003U);
    unsigned char end[3];
    call(valise_reader_read, reader.get(), 3000000U, end, sizeof end);
    EXPECT_EQ(std::string(end, end + 3), "end");
    EXPECT_EQ(reason_of([&] { call(valise_reader_read, reader.get(), 3000001U, end, sizeof end); }),
              "envelope.range");
}

TEST_F(Library, RefusesAndLeavesNothingBehind) {
    const Key sender = generate("sender");
    const Key other = generate("sender");
    const Key recipient = generate("recipient");
    const Key stranger = generate("recipient");
    const Sealing sealing = dispatch(sender, recipient);
    call(valise_seal_file, sealing.get(), path("plain").c_str(), path("sealed").c_str(), nullptr);
    const auto open_with = [&](const Key& from, const Key& key) {
        const Opening known = opening(from, &key);
        return reason_of([&] {
            call(valise_open_file, known.get(), path("sealed").c_str(), path("opened").c_str(),
                 nullptr);
        });
    };
    EXPECT_EQ(open_with(other, recipient), "envelope.signature");
    EXPECT_EQ(open_with(sender, stranger), "envelope.share");
    EXPECT_EQ(open_with(sender, recipient), "accepted");
    std::filesystem::remove(path("opened"));
    std::string bytes = read_file(path("sealed"));
    bytes[2500000] = static_cast<char>(bytes[2500000] ^ 1);
    write("sealed", bytes);
    EXPECT_EQ(open_with(sender, recipient), "envelope.segment_hash");
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(folder_))
        ++files;
    EXPECT_EQ(files, 2U); // plain and sealed: no draft, no half document
    const Opening nobody = new_opening();
    EXPECT_EQ(
        reason_of([&] { call(valise_verify_file, nobody.get(), path("sealed").c_str(), nullptr); }),
        "envelope.expectation");
    EXPECT_EQ(reason_of([&] { call(valise_inspect_file, path("no such file").c_str(), nullptr); }),
              "library.file");
}

TEST_F(Library, KeysAreFilesOfTheCommandLineOrPem) {
    for (const char* kind :
         {"sender", "recipient", "hpqt:xwing", "mlkem:768", "ec:secp521r1", "rsa:2048"}) {
        SCOPED_TRACE(kind);
        const Key key = generate(kind);
        const Public half = public_of(key);
        const std::string text = text_of(valise_key_write, key.get(), nullptr);
        valise_key* read = nullptr;
        call(valise_key_read, text.data(), text.size(), nullptr, &read);
        const Key again(read);
        const Public other = public_of(again);
        EXPECT_EQ(text_of(valise_public_id, half.get()), text_of(valise_public_id, other.get()));
        const std::string shown = text_of(valise_public_write, half.get());
        valise_public* read_half = nullptr;
        call(valise_public_read, shown.data(), shown.size(), &read_half);
        const Public third(read_half);
        EXPECT_EQ(text_of(valise_public_write, third.get()), shown);
    }
    const Key key = generate("recipient");
    const std::string text = text_of(valise_key_write, key.get(), "correct horse");
    valise_key* read = nullptr;
    EXPECT_EQ(
        reason_of([&] { call(valise_key_read, text.data(), text.size(), "wrong horse", &read); }),
        "crypto.passphrase");
    call(valise_key_read, text.data(), text.size(), "correct horse", &read);
    const Key again(read);
    EXPECT_EQ(reason_of([] { generate("rsa:1024"); }), "crypto.wrap_scheme");
}

TEST_F(Library, StreamsByCallbacks) {
    const Key sender = generate("sender");
    const Key recipient = generate("recipient");
    const Sealing sealing = dispatch(sender, recipient);
    struct Text {
        std::string bytes;
        std::size_t at = 0;
    } from{std::string(5000, 'y'), 0}, to;
    const valise_read_fn read = [](void* context, unsigned char* data, size_t size) -> ptrdiff_t {
        auto& text = *static_cast<Text*>(context);
        const std::size_t count = std::min({size, text.bytes.size() - text.at, std::size_t{7}});
        std::memcpy(data, text.bytes.data() + text.at, count);
        text.at += count;
        return static_cast<ptrdiff_t>(count);
    };
    const valise_write_fn take = [](void* context, const unsigned char* data, size_t size) {
        static_cast<Text*>(context)->bytes.append(reinterpret_cast<const char*>(data), size);
        return 0;
    };
    call(valise_seal_stream, sealing.get(), read, &from, take, &to, nullptr);
    write("sealed", to.bytes);
    Text opened;
    const Opening known = opening(sender, &recipient);
    call(valise_open_stream, known.get(), path("sealed").c_str(), take, &opened, nullptr);
    EXPECT_EQ(opened.bytes, from.bytes);
    const valise_write_fn full = [](void*, const unsigned char*, size_t) { return -1; };
    EXPECT_EQ(reason_of([&] {
                  call(valise_open_stream, known.get(), path("sealed").c_str(), full, nullptr,
                       nullptr);
              }),
              "library.callback");
}

TEST_F(Library, NullArgumentsAreRefusedAndNothingThrows) {
    EXPECT_EQ(valise_key_generate(nullptr, nullptr, nullptr), VALISE_INVALID);
    EXPECT_EQ(valise_seal_file(nullptr, nullptr, nullptr, nullptr, nullptr), VALISE_INVALID);
    valise_error* error = nullptr;
    EXPECT_EQ(valise_open_file(nullptr, path("plain").c_str(), path("x").c_str(), nullptr, &error),
              VALISE_INVALID);
    EXPECT_STREQ(valise_error_reason(error), "library.argument");
    EXPECT_EQ(valise_error_code(error), VALISE_INVALID);
    valise_error_free(error);
    valise_error_free(nullptr);
    valise_key_free(nullptr);
    valise_bytes_free(nullptr);
    EXPECT_STREQ(valise_error_reason(nullptr), "");
    const Sealing sealing = new_sealing();
    EXPECT_EQ(reason_of([&] { call(valise_sealing_set, sealing.get(), "colour", "red"); }),
              "library.argument");
    EXPECT_EQ(reason_of([&] {
                  call(valise_seal_file, sealing.get(), path("plain").c_str(),
                       path("sealed").c_str(), nullptr);
              }),
              "envelope.request");
}

TEST_F(Library, LabelsBothWays) {
    const std::string read = text_of(valise_label_read, label_.data(), label_.size());
    EXPECT_NE(read.find("\"classification\":\"RESTRICTED\""), std::string::npos) << read;
    const std::string json = text_of(valise_label_5636, label_.data(), label_.size());
    EXPECT_NE(json.find("\"cls\":\"RESTRICTED\""), std::string::npos) << json;
    EXPECT_EQ(reason_of([] { text_of(valise_label_read, "<x/>", 4U); }), "label.root");
}

} // namespace
