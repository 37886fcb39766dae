// SPDX-License-Identifier: Apache-2.0
#include "render/drawing.h"

#include <poppler.h>

#include <cmath>

namespace valise::render {

namespace {

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template<class T> using Owned = std::unique_ptr<T, Unref>;

class Pdf : public Document {
public:
    Pdf(Owned<PopplerDocument> document, std::uint32_t pages)
        : document_(std::move(document)), pages_(pages) {}

    std::uint32_t pages() const override { return pages_; }
    PageSize size(std::uint32_t page) const override {
        const Owned<PopplerPage> one(
            poppler_document_get_page(document_.get(), static_cast<int>(page)));
        PageSize out;
        if (one)
            poppler_page_get_size(one.get(), &out.width, &out.height);
        return out;
    }
    // What a page would do by itself, scripts, launches, links, forms that are sent, is no drawing:
    // nobody here does it, and nothing of it is in an image or in a print.
    bool draw(std::uint32_t page, cairo_t* cairo, bool for_print) override {
        const Owned<PopplerPage> one(
            poppler_document_get_page(document_.get(), static_cast<int>(page)));
        if (!one)
            return false; // a page that is left out is not shown as a blank one
        if (for_print)
            poppler_page_render_for_printing(one.get(), cairo);
        else
            poppler_page_render(one.get(), cairo);
        return true;
    }

private:
    Owned<PopplerDocument> document_;
    std::uint32_t pages_;
};

} // namespace

Result<std::unique_ptr<Document>> open_pdf(ByteView document) {
    GError* error = nullptr;
    GBytes* bytes = g_bytes_new_static(document.data(), document.size());
    Owned<PopplerDocument> opened(poppler_document_new_from_bytes(bytes, nullptr, &error));
    g_bytes_unref(bytes);
    const bool encrypted = error != nullptr && error->domain == POPPLER_ERROR &&
                           error->code == POPPLER_ERROR_ENCRYPTED;
    g_clear_error(&error);
    if (!opened)
        return fail(rendering::result_of(encrypted ? rendering::Verdict::encrypted
                                                   : rendering::Verdict::damaged)
                        .error());
    const int pages = poppler_document_get_n_pages(opened.get());
    if (pages <= 0)
        return fail(rendering::result_of(rendering::Verdict::damaged).error());
    return std::unique_ptr<Document>(
        std::make_unique<Pdf>(std::move(opened), static_cast<std::uint32_t>(pages)));
}

} // namespace valise::render
