// SPDX-License-Identifier: Apache-2.0
#include "commands.h"

int main(int argc, char** argv) {
    using namespace valise::cli;
    return run_command_line(argc, argv, [](Command& root) {
        add_keygen(root);
        add_seal(root);
        add_open(root);
        add_inspect(root);
        add_agreement(root);
        add_registry(root);
        add_status(root);
        add_person(root);
        add_facility(root);
        add_assurance(root);
        add_law(root);
        add_peer(root);
        add_item(root);
        add_clients(root);
        add_container(root);
        add_copy(root);
        add_muster(root);
        add_release(root);
        add_control(root);
        add_dispatch(root);
        add_courier(root);
        add_notice(root);
        add_incident(root);
        add_log(root);
        add_recon(root);
        add_backup(root);
        add_evidence(root);
        add_report(root);
        add_form(root);
        add_desk(root);
        add_sign(root);
        add_completion(root);
    });
}
