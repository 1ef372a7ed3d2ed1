// The flags that follow from the values: a case may neither miss one nor claim one that it does not have.
import { fixed } from "./maths.mjs";

const WIDTHS = { A: 384, B: 384, S: 384, U: 32, X: 32, Salt: 16, Verifier: 384 };

function shape(value, width) {
  const [first, second] = fixed(value, width);
  if (first >= 0x80) return "TopBit";
  if (first >= 0x10) return null;
  if (first > 0) return "OddNibble";
  return second >= 0x80 ? "LeadingZeroTopBit" : "LeadingZero";
}

// [what differs]; `given` holds the texts as they came.
export function differences(type, flags, numbers, given) {
  const wanted = new Map();
  const quantities = { A: numbers.A, B: numbers.B, S: numbers.S, U: numbers.u, X: numbers.x, Salt: numbers.salt };
  if (type === "device-verifier") Object.assign(quantities, { X: undefined, Verifier: numbers.Verifier });
  if (flags.includes("SmallB") && numbers.B < 1n << 3000n) delete quantities.B;
  if (flags.includes("SaltUnusualLength") || numbers.salt < 0n) delete quantities.Salt;
  for (const [name, value] of Object.entries(quantities)) {
    if (value === undefined) continue;
    const found = shape(value, WIDTHS[name]);
    const kinds = ["TopBit", "LeadingZero", ...(name === "Verifier" ? [] : ["OddNibble", "LeadingZeroTopBit"])];
    for (const kind of kinds) wanted.set(kind + name, kind === found);
  }
  for (const [name, value] of [["InnerHash", numbers.inner], ["Prk", numbers.prk], ["Key", numbers.key]]) {
    if (value !== undefined) wanted.set(`LeadingZero${name}`, value[0] === 0);
  }
  if (type.endsWith("-claim")) {
    wanted.set("SaltZeroPadded", /^-?0./.test(given.salt));
    wanted.set("SaltUpperCase", /[A-F]/.test(given.salt));
    wanted.set("SaltNegative", given.salt.startsWith("-"));
    wanted.set("SrpBZeroPadded", /^0./.test(given.srp_b));
    wanted.set("SrpBUpperCase", /[A-F]/.test(given.srp_b));
    wanted.set("SecretBlockUrlSafe", /[-_]/.test(given.secret_block));
    wanted.set("SecretBlockUnpadded", given.secret_block.length % 4 !== 0);
  }
  return [...wanted].filter(([flag, is]) => flags.includes(flag) !== is).map(([flag, is]) => `flag ${flag}: ${is}`);
}
