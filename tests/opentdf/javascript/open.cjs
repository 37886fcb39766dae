// SPDX-License-Identifier: Apache-2.0
// open: the JavaScript SDK of OpenTDF as its makers publish it opens one file.
// usage: open.cjs URL CLIENT SECRET SEALED OUTPUT
globalThis.document = {baseURI: "https://localhost/", documentElement: {style: {}}};
const fs = require("node:fs");
const {Client, DecryptParamsBuilder, AuthProviders} = require("@opentdf/client");

async function open(url, clientId, clientSecret, sealed, output) {
  const authProvider = await AuthProviders.clientSecretAuthProvider({
    exchange: "client", clientId, clientSecret, oidcOrigin: url, dpopEnabled: true,
  });
  const client = new Client.Client({
    authProvider, kasEndpoint: url, allowedKases: [url], kasPublicKey: "never encrypts", dpopEnabled: true,
  });
  const params = new DecryptParamsBuilder().withArrayBufferSource(new Uint8Array(fs.readFileSync(sealed)).buffer).build();
  const plain = await client.decrypt(params);
  fs.writeFileSync(output, Buffer.from(await plain.toBuffer()));
}

open(...process.argv.slice(2)).then(() => process.exit(0), (fault) => {
  console.error(`${fault.name}: ${fault.message}`);
  process.exit(1);
});
