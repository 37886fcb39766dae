# SPDX-License-Identifier: Apache-2.0
"""What a witness answers to each of the questions of probe_witness, as c2sp.org/tlog-witness 1.0.0 has it, where
the witnesses in the field deviate, and how our log side must understand each answer."""

# question -> status; in the order in which they are asked
SPEC = {
    "first": 200,
    "heartbeat": 200,
    "asked for its size": 409,
    "stale old size": 409,
    "broken proof": 422,
    "short proof": 422,
    "no proof": 422,
    "forked": 422,
    "another root for a size it knows": 422,
    "heartbeat with a proof": 422,
    "old size beyond the new": 400,
    "unknown origin": 404,
    "no signature of the log": 403,
    "a bad signature of the log": 403,
    "no old size": 400,
    "not a number": 400,
    "no hash": 400,
    "64 hashes": 400,
    "no checkpoint": 400,
    "not text": 400,
    "grown": 200,
    "grown already": 409,
    "shrunk": 400,
    "size 0 with a root": 422,
    "empty": 200,
    "a proof from nothing": 422,
    "from empty": 200,
}

# Seen with the versions of go.mod; docs/interop.md says what we make of it.
DEVIATIONS = {
    "omniwitness": {"unknown origin": 500, "no signature of the log": 500, "a bad signature of the log": 500,
                    "no hash": 422, "64 hashes": 422, "no checkpoint": 500, "not text": 500},
    "litewitness": {"unknown origin": 403, "64 hashes": 422, "no checkpoint": 403, "not text": 403,
                    # it asks nothing of the first tree, so that this one and what follows is cosigned
                    "size 0 with a root": 200, "a proof from nothing": 200, "from empty": 409},
    "sunlight": {"unknown origin": 403, "64 hashes": 422, "no checkpoint": 403, "not text": 403,
                 # and from then on nothing is consistent with that root
                 "size 0 with a root": 200, "empty": 422, "from empty": 422},
}

# Sizes that a 409 names.
SIZES = {"asked for its size": 8, "stale old size": 8, "grown already": 20, "from empty": 9}


def outcome_of(status: int) -> str:
    if status == 200:
        return "cosigned"
    if status == 409:
        return "behind"
    return "refused" if status in (400, 403, 404, 422) else "later"


def expected(witness: str) -> dict:
    return SPEC | DEVIATIONS.get(witness, {})
