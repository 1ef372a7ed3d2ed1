// What the node testees share: lines in and out, the injected clock, and whose fault a refusal was.
import { createInterface } from "node:readline";

export class Unsupported extends Error {}

const RealDate = Date;

// `work` with the clock standing at `now`, in Unix seconds.
export function at(now, work) {
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length ? given : [now * 1000]));
    }
    static now() {
      return now * 1000;
    }
  };
  try {
    return work();
  } finally {
    globalThis.Date = RealDate;
  }
}

// The clients draw a by themselves: what is no exponent cannot be handed to them.
export function ephemeral({ a }) {
  if (!/^[0-9a-f]{1,64}$/.test(a) || /^0+$/.test(a)) throw new Unsupported("an ephemeral out of range cannot be injected");
  return a;
}

// ChallengeParameters: what is absent stays absent.
export function challenge(fields, more = {}) {
  const wire = { salt: "SALT", srp_b: "SRP_B", secret_block: "SECRET_BLOCK", user_id: "USER_ID_FOR_SRP" };
  const given = Object.entries(wire).filter(([key]) => key in fields);
  return { USERNAME: "testee", ...more, ...Object.fromEntries(given.map(([key, name]) => [name, fields[key]])) };
}

export const claim = (srpA, responses) => ({
  srp_a: srpA,
  signature: responses.PASSWORD_CLAIM_SIGNATURE,
  secret_block: responses.PASSWORD_CLAIM_SECRET_BLOCK,
  timestamp: responses.TIMESTAMP,
});

// The clients throw one error like the other, so the caller's own fields decide.
function kind(fields) {
  const callers = ["password", "device_password", "username", "client_id", "client_secret"];
  const mistaken = callers.some((name) => name in fields && (!fields[name] || !fields[name].isWellFormed()));
  return mistaken || !/^[\w-]+_[0-9a-zA-Z]+$/.test(fields.pool_id ?? "local_x") ? "usage" : "peer";
}

function answer(operations, { op, ...fields }) {
  try {
    if (!operations[op]) throw new Unsupported("the client has no such operation");
    return { ok: operations[op](fields) };
  } catch (error) {
    if (error instanceof Unsupported) return { error: { kind: "unsupported", reason: error.message } };
    return { error: { kind: kind(fields), reason: `${error.name}: ${error.message}`.slice(0, 200) } };
  }
}

export async function serve(operations) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, ...request } = JSON.parse(line);
    process.stdout.write(`${JSON.stringify({ id, ...answer(operations, request) })}\n`);
  }
}
