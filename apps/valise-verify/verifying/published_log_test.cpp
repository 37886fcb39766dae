// SPDX-License-Identifier: Apache-2.0
#include "verifying/published_log.h"
#include "verifying/test_story.h"

#include <gtest/gtest.h>

namespace valise::verifying {
namespace {

using testing::Story;

struct Folder {
    std::map<std::string, Bytes> files;
    std::vector<tlog::Verifier> keys;

    PublishedLog check() const {
        return check_published_log(
            [&](const std::string& path) -> Result<Bytes> {
                const auto found = files.find(path);
                if (found == files.end())
                    return fail(Code::not_found, "adapters.no_file", path);
                return found->second;
            },
            {keys, {}});
    }
};

Folder folder(const std::string& prefix) {
    auto& story = Story::told();
    EXPECT_TRUE(story.tokyo.registry->tick());
    Folder out;
    for (const auto& [path, bytes] : story.tokyo.publisher.files)
        if (path.starts_with(prefix))
            out.files[path.substr(prefix.size())] = bytes;
    const auto own = story.tokyo.registry->key_list();
    const auto& log = prefix == "private/" ? own.private_log : own.shared_log;
    for (const auto& list : {log.vkeys, story.kyiv.registry->key_list().witness.vkeys})
        for (const std::string& vkey : list)
            out.keys.push_back(*tlog::Verifier::parse(vkey));
    return out;
}

TEST(PublishedLog, OfBothKindsHolds) {
    for (const char* prefix : {"private/", "shared/"}) {
        const PublishedLog log = folder(prefix).check();
        ASSERT_TRUE(log.verified()) << log.found->place << log.found->text;
        EXPECT_GT(log.checkpoint.tree.size, 3U);
        EXPECT_EQ(log.checkpoint.signed_with.size(), 2U);
        EXPECT_EQ(log.checkpoint.cosignatures.size(), 2U);
        EXPECT_EQ(published_log_json(log)["verified"], true);
        EXPECT_NE(published_log_text(log).find("VERIFIED"), std::string::npos);
    }
}

TEST(PublishedLog, EveryFileThatCountsIsRead) {
    const Folder truth = folder("private/");
    for (const auto& [path, bytes] : truth.files) {
        for (const std::size_t part : {0U, 1U, 2U, 3U, 4U}) {
            Folder changed = truth;
            changed.files[path][(bytes.size() - 1) * part / 4] ^= 1;
            const PublishedLog log = changed.check();
            // Partial tiles of earlier sizes lie beside the newest ones and count no more.
            const std::string newest = ".p/" + std::to_string(log.checkpoint.tree.size);
            if (path == "checkpoint" || path.ends_with(newest)) {
                ASSERT_TRUE(log.found) << path;
                EXPECT_FALSE(log.found->place.empty());
            }
        }
    }
    Folder without = truth;
    std::erase_if(without.files, [](const auto& file) { return file.first.starts_with("tile/0"); });
    const PublishedLog log = without.check();
    ASSERT_TRUE(log.found);
    EXPECT_TRUE(log.found->place.starts_with("tile/0/")) << log.found->place;
}

TEST(PublishedLog, EveryKeyGivenMustHaveSigned) {
    Folder one = folder("shared/");
    one.keys.erase(one.keys.begin() + 1);
    EXPECT_EQ(one.check().checkpoint.signed_with.size(), 1U);
    EXPECT_TRUE(one.check().verified());
    Folder unsigned_by_one = folder("shared/");
    const auto note = *tlog::Note::parse(unsigned_by_one.files["checkpoint"]);
    std::vector<tlog::NoteSignature> lines;
    for (const auto& line : note.signatures())
        if (!unsigned_by_one.keys[1].made(line))
            lines.push_back(line);
    const auto shorter = *tlog::Note::make(note.text(), lines);
    unsigned_by_one.files["checkpoint"] = to_bytes(shorter.print());
    ASSERT_TRUE(unsigned_by_one.check().found);
    EXPECT_TRUE(unsigned_by_one.check().found->place.ends_with("ML-DSA-44 signature"))
        << unsigned_by_one.check().found->place;
    Folder foreign = folder("shared/");
    foreign.keys.erase(foreign.keys.begin(), foreign.keys.begin() + 2);
    EXPECT_TRUE(foreign.check().found);
}

} // namespace
} // namespace valise::verifying
