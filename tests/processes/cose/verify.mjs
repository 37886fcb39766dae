// SPDX-License-Identifier: Apache-2.0
// usage: node verify.mjs RECEIPT ENTRY KEY; prints "verified" or "refused".
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import cose from "@transmute/cose";
import { CoMETRE } from "@transmute/rfc9162";

const [receipt, entry, key] = process.argv.slice(2).map((name) => readFileSync(name));
const prefix = Buffer.from("302a300506032b6570032100", "hex"); // SubjectPublicKeyInfo of Ed25519
const publicKey = createPublicKey({ key: Buffer.concat([prefix, key]), format: "der", type: "spki" });

const verifier = {
  verify: async ({ coseSign1, payload }) => {
    const [header, , , signature] = cose.cbor.decode(coseSign1).value;
    // Buffers: an Uint8Array would be written with the tag of a typed array.
    const parts = ["Signature1", Buffer.from(header), Buffer.alloc(0), Buffer.from(payload)];
    const signed = cose.cbor.encode(parts);
    if (!verify(null, signed, publicKey, signature)) throw new Error("signature");
    return payload;
  },
};

try {
  const leaf = await CoMETRE.RFC9162_SHA256.leaf(new Uint8Array(entry));
  await cose.receipt.inclusion.verify({ entry: leaf, receipt, verifier });
  console.log("verified");
} catch (error) {
  console.error(error.message);
  console.log("refused");
}
