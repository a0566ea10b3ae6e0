/*
 * node driver.js VERIFY.JS: one case a line on standard input, one answer a line on standard output.
 *
 * {do: "verify", bundle, trust, person, at, spaces?}   files in base64; `spaces`: so many after trust
 * {do: "sha256", message} and {do: "hmac", key, message}   in hex
 * {do: "time", bundle, trust, person, at, times}   the milliseconds of the quickest of so many verifications
 * {do: "without", missing, bundle, …}   verify where globalThis.crypto is `missing`
 */
"use strict";

const readline = require("node:readline");
const { verify, sha256, hmac } = require(require("node:path").resolve(process.argv[2]));

const fromHex = (text) => new Uint8Array(Buffer.from(text, "hex"));
const toHex = (bytes) => Buffer.from(bytes).toString("hex");

function files(one) {
  const [bundle, trust, person] = [one.bundle, one.trust, one.person].map((text) => Buffer.from(text, "base64"));
  return [bundle, Buffer.concat([trust, Buffer.alloc(one.spaces || 0, " ")]), person, one.at];
}

const ANSWERS = {
  verify: (one) => verify(...files(one)),
  sha256: (one) => toHex(sha256(fromHex(one.message))),
  hmac: (one) => toHex(hmac(fromHex(one.key), fromHex(one.message))),

  async time(one) {
    let best = Infinity;
    for (let n = 0; n < one.times; n++) {
      const start = performance.now();
      await verify(...files(one));
      best = Math.min(best, performance.now() - start);
    }
    return best;
  },

  async without(one) {
    const value = one.missing === "subtle" ? {} : { subtle: { generateKey: () => Promise.reject(new Error("what?")) } };
    const before = Object.getOwnPropertyDescriptor(globalThis, "crypto");
    Object.defineProperty(globalThis, "crypto", { value, configurable: true });
    const verdict = await verify(...files(one));
    if (before) Object.defineProperty(globalThis, "crypto", before);
    else delete globalThis.crypto;
    return verdict;
  },
};

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const one = JSON.parse(line);
    const answer = await Promise.resolve(one).then(ANSWERS[one.do]).catch((error) => ({ thrown: String(error.stack) }));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

main();
