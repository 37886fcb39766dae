// SPDX-License-Identifier: Apache-2.0
#include "base/codec/gzip.h"

#include <libdeflate.h>

#include <memory>

namespace valise {
namespace {

struct FreeDecompressor {
    void operator()(libdeflate_decompressor* one) const { libdeflate_free_decompressor(one); }
};

} // namespace

Result<Bytes> gunzip(ByteView packed, std::size_t max) {
    const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> unpacker(
        libdeflate_alloc_decompressor());
    if (!unpacker)
        return fail(Code::internal, "base.gzip", "no memory");
    Bytes out(max);
    std::size_t used = 0;
    std::size_t made = 0;
    const auto result = libdeflate_gzip_decompress_ex(unpacker.get(), packed.data(), packed.size(),
                                                      out.data(), out.size(), &used, &made);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE)
        return fail(Code::limit, "base.gzip", "it unpacks to more than is taken");
    if (result != LIBDEFLATE_SUCCESS || used != packed.size())
        return fail(Code::invalid, "base.gzip", "not gzip");
    out.resize(made);
    return out;
}

} // namespace valise
