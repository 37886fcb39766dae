// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/form.h"

namespace valise::envelope {

std::string_view alg_of(crypto::WrapScheme scheme) {
    switch (scheme) {
    case crypto::WrapScheme::mlkem768:
        return "ML-KEM-768";
    case crypto::WrapScheme::mlkem1024:
        return "ML-KEM-1024";
    case crypto::WrapScheme::ec_p256:
    case crypto::WrapScheme::ec_p384:
    case crypto::WrapScheme::ec_p521:
        return "ECDH-HKDF";
    case crypto::WrapScheme::rsa2048:
    case crypto::WrapScheme::rsa4096:
        return "RSA-OAEP";
    case crypto::WrapScheme::p384_mlkem1024:
    case crypto::WrapScheme::p256_mlkem768:
    case crypto::WrapScheme::xwing:
        break;
    }
    return crypto::to_string(scheme);
}

std::string_view type_of_alg(std::string_view alg) {
    for (const crypto::WrapScheme scheme : crypto::wrap_schemes())
        if (alg_of(scheme) == alg)
            return crypto::wrap_type(scheme);
    return {};
}

Error zip_error(const Error& error) {
    if (error.reason() == "base.zip_end")
        return {Code::invalid, "envelope.zip_end", error.context()};
    if (error.reason() == "base.zip_gap")
        return {Code::invalid, "envelope.zip_gap", error.context()};
    if (error.reason() == "base.zip_overlap")
        return {Code::invalid, "envelope.zip_overlap", error.context()};
    if (error.reason() == "base.zip_twice")
        return {Code::invalid, "envelope.zip_twice", error.context()};
    if (error.reason() == "base.zip_headers")
        return {Code::invalid, "envelope.zip_headers", error.context()};
    if (error.reason() == "base.zip_limit")
        return {Code::limit, "envelope.zip_limit", error.context()};
    if (error.reason() == "base.zip")
        return {Code::invalid, "envelope.zip", error.context()};
    return error;
}

} // namespace valise::envelope
