// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/files.h"

#include <algorithm>
#include <filesystem>

namespace valise::adapters {
namespace {

constexpr unsigned kPublished = 0644;
constexpr unsigned kPublishedFolder = 0755;

bool plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

std::string folder_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

} // namespace

Result<FolderTree> FolderTree::open(const std::string& root) {
    TRY(make_folders(root, kPublishedFolder));
    return FolderTree(root);
}

Result<std::string> FolderTree::full_path(std::string_view path) const {
    const auto bad = [] {
        return fail(Code::invalid, "adapters.path", "not a path inside the folder");
    };
    if (path.empty() || path.size() > 255)
        return bad();
    std::string_view rest = path;
    for (;;) {
        const auto slash = rest.find('/');
        const std::string_view part = rest.substr(0, slash);
        if (part.empty() || part.front() == '.' || !std::ranges::all_of(part, plain))
            return bad();
        if (slash == std::string_view::npos)
            break;
        rest.remove_prefix(slash + 1);
    }
    return root_ + "/" + std::string(path);
}

Result<void> FolderTree::write_if_absent(std::string_view path, ByteView bytes) const {
    TRY_ASSIGN(const std::string full, full_path(path));
    TRY(make_folders(folder_of(full), kPublishedFolder));
    auto written = write_file_durably(full, bytes, kPublished);
    if (written || written.error().code() != Code::conflict)
        return written;
    const auto present = read_file(full, bytes.size());
    if (!present && present.error().code() != Code::limit)
        return fail(present.error());
    if (!present || !std::ranges::equal(*present, bytes))
        return fail(Code::integrity, "adapters.file_differs", full);
    return {};
}

Result<void> FolderTree::replace(std::string_view path, ByteView bytes) const {
    TRY_ASSIGN(const std::string full, full_path(path));
    TRY(make_folders(folder_of(full), kPublishedFolder));
    return write_file_durably(full, bytes, kPublished, Overwrite::yes);
}

Result<Bytes> FolderTree::read(std::string_view path, std::size_t max) const {
    TRY_ASSIGN(const std::string full, full_path(path));
    return read_file(full, max);
}

Result<void> FolderTree::remove_folder(std::string_view path) const {
    TRY_ASSIGN(const std::string full, full_path(path));
    std::error_code error;
    std::filesystem::remove_all(full, error);
    if (error)
        return fail(Code::internal, "adapters.file", "remove " + full + ": " + error.message());
    return {};
}

} // namespace valise::adapters
