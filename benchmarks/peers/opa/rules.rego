# SPDX-License-Identifier: Apache-2.0
# The clauses that decide() consults for `open` and `approve-release` under
# agreements/examplia-borduria.toml, one rule each, of the same name. What an act may say besides
# (`for`: a deputy acting) is not in here, and not in the situations.
package valise

decision := {"permitted": count(refused) == 0, "refused": refused}

actor := data.persons[data.active_by_key[input.signer]]

actor_id := data.active_by_key[input.signer]

item := data.items[input.item]

copy := data.copies[input.copy]

grants := data.grants[actor_id][input.item]

opening if input.kind == "open"

approving if input.kind == "approve-release"

# --- who speaks, and under which terms
refused contains "actor" if input.signer == ""

refused contains "actor" if {
	input.signer != ""
	not actor
}

refused contains "own-party" if input.party != data.party

refused contains "terms-digest" if input.under != data.terms.digest

refused contains "draft-terms" if {
	data.terms.draft
	not data.terms.test_mode
}

# --- the item
refused contains "item-known" if not item

refused contains "not-cancelled" if item.cancelled

refused contains "frozen" if {
	approving
	count(data.frozen[input.item]) > 0
}

refused contains "frozen" if {
	opening
	copy
	some frozen in data.frozen[input.item]
	frozen in {"", input.copy}
}

refused contains "frozen" if {
	opening
	not copy
	count(data.frozen[input.item]) > 0
}

# --- open
refused contains "form" if {
	opening
	not item.electronic
	item
}

refused contains "copy-known" if {
	opening
	item
	not copy.item == input.item
}

own_level := item.own_level if item.received

own_level := item.level if not item.received

reaches if data.terms.ranks[actor.clearance.level] >= data.terms.ranks[own_level]

granted if {
	some until in grants
	input.now <= until
}

cleared if {
	not actor.transferred
	input.now <= actor.clearance.until
	reaches
}

refused contains "no-access-by-role" if {
	opening
	item
	"administrator" in actor.roles
	not entitled
}

entitled if {
	granted
	cleared
}

refused contains "clearance" if {
	opening
	actor
	own_level != ""
	not reaches
}

refused contains "clearance-in-date" if {
	opening
	input.now > actor.clearance.until
}

refused contains "revalidated" if {
	opening
	actor.clearance != null
	actor.transferred
}

refused contains "briefed" if {
	opening
	data.terms.briefing
	not actor.briefed
	actor
}

refused contains "need-to-know" if {
	opening
	actor
	item
	not granted
}

refused contains "purpose" if {
	opening
	item.purpose != input.purpose
}

refused contains "purpose" if {
	opening
	item.purpose == input.purpose
	granted
	not granted_for_purpose
}

granted_for_purpose if input.now <= grants[input.purpose]

refused contains "release-set" if {
	opening
	item.received
	count(item.release) > 0
	not data.terms.own in item.release
}

refused contains "marked-first" if {
	opening
	item.received
	unmarked
}

unmarked if item.own_level == ""

unmarked if item.change

# --- approve-release
refused contains "terms-in-force" if {
	approving
	not in_force
}

in_force if {
	input.now >= data.terms.from
	input.now <= data.terms.until
}

refused contains "case-by-case" if {
	approving
	item.level != input.level
}

refused contains "releasing-authority" if {
	approving
	actor
	not "releasing-authority" in actor.roles
	not originator
}

originator if item.entered_by == actor_id

expected := crypto.sha256(json.marshal({
	"item": input.item,
	"label_sha256": item.label_sha256,
	"payload_root": item.payload_root,
	"recipient": input.recipient,
	"terms": data.terms.digest,
}))

refused contains "release-digest" if {
	approving
	item
	not digest_matches
}

digest_matches if {
	input.release_digest == expected
	input.terms == data.terms.digest
}

signed := data.releases[expected]

refused contains "release-distinct-persons" if {
	approving
	signed.in_round
	actor_id in signed.approvals
}

refused contains "asked-again" if {
	approving
	signed.refused
}

refused contains "third-party" if {
	approving
	input.recipient != data.terms.other
}

refused contains "third-party-information" if {
	approving
	item.origin != input.recipient
	item.origin != data.terms.own
}

refused contains "release-set" if {
	approving
	input.recipient != item.origin
	not input.recipient in item.release
}

refused contains "label-current" if {
	approving
	item.level != item.label_level
}
