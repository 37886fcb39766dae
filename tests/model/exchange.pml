/* SPDX-License-Identifier: Apache-2.0
 *
 * One dispatch from Tokyo to Kyiv, by a wire that loses, doubles and overtakes, beside a courier who
 * may bring the same messages in a bag, while either registry may fall at any moment. What each of
 * them wrote into its book survives; all else is forgotten. Messages and their answers are those of
 * docs/formats/exchange.md, the order of the book's lines that of docs/architecture.md.
 *
 *   safety    nothing is sent that was not recorded; nothing is receipted that did not arrive; it
 *             arrives once, however often it is brought
 *   liveness  what was permitted is receipted in the end, and so are its contents, once the faults
 *             have an end
 *
 * SEGMENTS, FAULTS, CRASHES and BAGS bound the search. Each BREAK_... takes one rule away, and the
 * check must fail without it: exchange_test.py tries them all.
 */
#ifndef SEGMENTS
#define SEGMENTS 2
#endif
#ifndef FAULTS
#define FAULTS 2
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef BAGS
#define BAGS 1
#endif

mtype = { OFFER, SEGMENT, COMPLETE, PROGRESS, REFUSAL, RECEIPT, TAKEN };

chan to_kyiv = [2] of { mtype, byte };         /* which segment */
chan from_kyiv = [2] of { mtype, byte, bool }; /* segments that are durable, and whether it arrived */
chan to_tokyo = [2] of { mtype };
chan from_tokyo = [2] of { mtype };

/* Tokyo's book. */
bool permitted, left, custody, contents;
/* Kyiv's book, and what lies on its disk: how many segments from the first, and which. */
bool offered, arrived, opened, told;
byte durable, entries, lying;
#define WHOLE ((1 << SEGMENTS) - 1)

byte faults = FAULTS, crashes = CRASHES;

/* An answer that finds no room is one that the wire lost. */
inline answer_progress() {
    atomic {
        if
        :: full(from_kyiv) -> skip
#ifdef BREAK_RECEIPT_AGAIN
        :: nfull(from_kyiv) && arrived && faults < FAULTS -> skip
        :: nfull(from_kyiv) && offered && !(arrived && faults < FAULTS) ->
            from_kyiv ! PROGRESS, durable, arrived
#else
        :: nfull(from_kyiv) && offered -> from_kyiv ! PROGRESS, durable, arrived
#endif
#ifdef BREAK_REFUSE_UNKNOWN
        :: nfull(from_kyiv) && !offered -> from_kyiv ! PROGRESS, 0, false
#else
        :: nfull(from_kyiv) && !offered -> from_kyiv ! REFUSAL, 0, false
#endif
        fi
    }
}

inline answer_taken() {
    atomic {
        if
        :: nfull(from_tokyo) -> from_tokyo ! TAKEN
        :: full(from_tokyo) -> skip
        fi
    }
}

inline send_to_kyiv(what, number) {
    atomic {
        assert(permitted); /* recorded before it is done */
        if
        :: nfull(to_kyiv) -> to_kyiv ! what, number
        :: full(to_kyiv) -> skip
        fi
    }
}

inline fall(where) {
    atomic { crashes > 0 -> crashes--; goto where }
}

active proctype Tokyo() {
    byte next, number;
    bool known, whole, waits;
again:
    atomic { known = false; next = 0; waits = false; number = 0; whole = false }
#ifdef BREAK_RECORD_FIRST
    if
    :: !permitted -> to_kyiv ! OFFER, 0; permitted = true
    :: else
    fi;
#endif
    do
    :: !permitted -> permitted = true
    :: atomic { permitted && !custody && !waits -> waits = true };
        if
        :: !known -> send_to_kyiv(OFFER, 0)
        :: known && next < SEGMENTS -> send_to_kyiv(SEGMENT, next)
        :: known && next == SEGMENTS -> send_to_kyiv(COMPLETE, 0)
        fi
    /* Nothing is on its way any more: it is asked again. */
    :: atomic { waits && !custody && empty(to_kyiv) && empty(from_kyiv) ->
                waits = false; known = false }
    :: atomic { from_kyiv ? PROGRESS, number, whole -> waits = false; known = true; next = number };
        if
        :: whole && !custody ->
            left = true; /* the outcome, then the receipt: a fall between them is made good */
            custody = true
        :: else
        fi
    :: atomic { from_kyiv ? REFUSAL, number, whole -> waits = false; known = false }
    :: fall(again)
    od
}

/* Answers the other registry, and knows nothing but the book. */
active proctype TokyoListens() {
    do
    :: atomic { to_tokyo ? RECEIPT -> contents = contents || left };
#ifdef BREAK_ANSWER_ANEW
        if
        :: contents && faults == FAULTS -> answer_taken()
        :: else
        fi
#else
        if
        :: contents -> answer_taken()
        :: else
        fi
#endif
    od
}

active proctype KyivListens() {
    byte number;
    do
    :: to_kyiv ? OFFER, number ->
        offered = true; /* signature, label and terms hold: permitted, before a segment is taken */
        answer_progress()
    :: to_kyiv ? SEGMENT, number ->
        atomic {
            if
#ifdef BREAK_IN_ORDER
            :: offered && !arrived -> durable = number + 1; lying = lying | (1 << number)
#else
            :: offered && !arrived && number == durable ->
                durable = number + 1;
                lying = lying | (1 << number)
#endif
            :: else
            fi
        };
        answer_progress()
    :: to_kyiv ? COMPLETE, number ->
        atomic {
            if
#ifdef BREAK_ONCE
            :: offered && durable == SEGMENTS ->
#else
            :: offered && durable == SEGMENTS && !arrived ->
#endif
                arrived = true;
                entries++;
                assert(entries == 1)
            :: else
            fi
        };
        answer_progress()
    od
}

/* Its reader opens what arrived, and the receipt for the contents goes out until it is taken. */
active proctype Kyiv() {
    bool waits;
again:
    waits = false;
    do
    :: arrived && !opened -> opened = true
    :: atomic { opened && !told && !waits -> assert(arrived); waits = true };
        atomic {
            if
            :: nfull(to_tokyo) -> to_tokyo ! RECEIPT
            :: full(to_tokyo) -> skip
            fi
        }
    :: atomic { waits && !told && empty(to_tokyo) && empty(from_tokyo) -> waits = false }
    :: atomic { from_tokyo ? TAKEN -> assert(contents); told = true }
    :: fall(again)
    od
}

/* Loses, doubles, lets overtake: as often as there are faults left. */
active proctype Wire() {
    mtype what;
    byte number;
    bool whole;
    do
    :: atomic { faults > 0 && nempty(to_kyiv) -> to_kyiv ? what, number; faults-- }
    :: atomic { faults > 0 && nempty(from_kyiv) -> from_kyiv ? what, number, whole; faults-- }
    :: atomic { faults > 0 && nempty(to_tokyo) -> to_tokyo ? what; faults-- }
    :: atomic { faults > 0 && nempty(from_tokyo) -> from_tokyo ? what; faults-- }
    :: atomic { faults > 0 && nempty(to_kyiv) && nfull(to_kyiv) ->
                to_kyiv ? <what, number>; to_kyiv ! what, number; faults-- }
    :: atomic { faults > 0 && nempty(to_kyiv) ->
                to_kyiv ? what, number; to_kyiv ! what, number; faults-- }
    :: atomic { faults > 0 && nempty(from_kyiv) ->
                from_kyiv ? what, number, whole; from_kyiv ! what, number, whole; faults-- }
    od
}

/* A bag is packed of what was permitted, arrives whenever it does, and is unpacked in its order. */
active proctype Courier() {
    byte bags = BAGS, at;
    do
    :: bags > 0 && permitted ->
        bags--;
        to_kyiv ! OFFER, 0;
        at = 0;
        do
        :: at < SEGMENTS -> to_kyiv ! SEGMENT, at; at++
        :: at == SEGMENTS -> break
        od;
        to_kyiv ! COMPLETE, 0
    od
}

/* What is whole at Kyiv was sent by Tokyo's leave; what is receipted has arrived. */
ltl recorded {
    [] (offered -> permitted) && [] (custody -> arrived) && [] (contents -> opened) &&
    [] (custody -> left) && [] (arrived -> lying == WHOLE)
}
ltl receipted { [] (permitted -> <> custody) }
ltl closed { [] (permitted -> <> told) }
