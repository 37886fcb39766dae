// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http.h"
#include "desk/accounts.h"
#include "desk/issuer.h"
#include "desk/security_log.h"
#include "forms/sheet.h"
#include "registry/registry.h"
#include "rendering/pages.h"

namespace valise::desk {

struct House;

// At whose issuer people sign in, and as which of its clients.
struct OpenIdSetting {
    std::shared_ptr<Issuer> issuer;
    std::string client;
    SecretBytes secret;  // empty: a public client, which its code verifier alone protects
    std::string shown;   // how people call it, "Ministry account"
    std::string context; // `acr` that it must say; empty: whichever
};

// The pages for people, made here and complete without any script. They hold no rule: what they
// show comes from the views of the API, what they do is an act that its person signed elsewhere,
// decided and recorded as any other. Thread-safe.
class Pages {
public:
    struct Setting {
        bool tls = false;
        // As browsers write them in Host: "desk.example", "127.0.0.1:8443". Any other is refused:
        // a name that somebody pointed here would share our cookies (DNS rebinding).
        std::vector<std::string> hosts;
        std::function<std::string()> link; // what protects the link to the peer
        std::function<Result<Bytes>(const forms::Sheet&)> print;
        SecurityLog noted = [](const SecurityEvent&) {};
        // Draws the document of an open permit, to be read here or on paper; waits until it is
        // drawn. Errors: those of Registry::show() and rendering::read_shown(). None: nothing is
        // shown here.
        std::function<Result<rendering::Shown>(std::uint64_t permit, rendering::Job::Output)> show =
            {};
        std::shared_ptr<const OpenIdSetting> openid = {}; // none: nobody signs in by it
        bool certificates = false;                        // the listener asks for them
        // How a person here calls `valise`, before the words of the command; "{name}" stands for
        // the name of their account.
        std::string command = "valise --as {name}.key";
    };
    // All must outlive it. `clock` is the machine's.
    Pages(registry::Registry& registry, Accounts& accounts, const Clock& clock, Setting setting);
    ~Pages();
    Pages(const Pages&) = delete;
    Pages& operator=(const Pages&) = delete;

    // Once the listener knows its port, and before it answers.
    void set_hosts(std::vector<std::string> hosts);
    HttpResponse answer(const HttpRequest& request) const;
    // Page images whose time is over, or whose reader may not read them any more. To be called
    // again and again: a reader who went away asks for nothing.
    void wipe_what_ran_out() const;
    // Ends the answers that go on by themselves, within a second. Before the listener stops.
    void close() const;

    // --- for whoever reaches the registry's own socket -------------------------------------------
    // {name, way, and of a password: password, secret, uri} of a fresh account of an active person;
    // `given.at` is now. Errors: those of Accounts::make(); not_found desk.no_person.
    Result<Json> make_account(const PersonId& person, GivenAccount given) const;
    Result<Json> make_account(const PersonId& person, const std::string& name) const {
        return make_account(person, GivenAccount{.name = name});
    }
    Result<void> end_account(const PersonId& person) const;
    std::vector<Account> accounts() const;
    // The act that a page shows under this code. Errors: not_found desk.no_prepared.
    Result<logbook::Act> prepared(const std::string& code) const;
    // Its signed act, as if it were pasted into that page, which shows the decision from then on.
    // Once more is the same answer. Errors: those, refused desk.other_act, those of
    // Registry::perform().
    Result<Json> hand_in(const std::string& code, ByteView signed_act) const;

private:
    std::unique_ptr<House> house_;
};

} // namespace valise::desk
