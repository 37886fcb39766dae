// SPDX-License-Identifier: Apache-2.0
// usage: places DOCUMENT FOLDER
// Seals a document at rest, which needs no label, and reads places of it.
#include <valise.hpp>

#include <iostream>
#include <string>

int main(int count, char** words) {
    if (count != 3)
        return 2;
    const std::string sealed = std::string(words[2]) + "/cpp.sealed";
    try {
        const auto key = valise_api::generate("recipient");
        const auto to = valise_api::public_of(key);
        const auto sealing = valise_api::new_sealing();
        valise_api::call(valise_sealing_recipient, sealing.get(), to.get(), nullptr, nullptr);
        const std::string summary =
            valise_api::text_of(valise_seal_file, sealing.get(), words[1], sealed.c_str());
        std::cout << "sealed: " << summary << '\n';

        // What a register would keep of it: 64 hexadecimal digits in the summary.
        const std::string mark = "\"payload_root\":\"";
        const std::string digits = summary.substr(summary.find(mark) + mark.size(), 64);
        unsigned char root[32];
        for (std::size_t i = 0; i < sizeof root; ++i)
            root[i] = static_cast<unsigned char>(std::stoi(digits.substr(2 * i, 2), nullptr, 16));

        const auto opening = valise_api::new_opening();
        valise_api::call(valise_opening_key, opening.get(), key.get());
        valise_api::call(valise_opening_root, opening.get(), root);
        const auto reader = valise_api::new_reader(opening, sealed.c_str());
        std::string first(5, '\0');
        valise_api::call(valise_reader_read, reader.get(), 0,
                         reinterpret_cast<unsigned char*>(first.data()), first.size());
        std::cout << "of " << valise_reader_size(reader.get()) << " bytes the first: " << first
                  << '\n';
        root[0] ^= 1; // another document's
        valise_api::call(valise_opening_root, opening.get(), root);
        valise_api::new_reader(opening, sealed.c_str());
    } catch (const valise_api::Failure& failure) {
        std::cout << "refused: " << failure.reason() << '\n';
        return failure.reason() == "envelope.payload_tree" ? 0 : 1;
    }
    return 1;
}
