// Makes functions callable over standard input and output, one JSON object a line.
//
// in:   {"call": "signIn", "arguments": [...]}
// out:  {"ok": ..., "requests": [...]}  or  {"error": {"code", "message"}, "requests": [...]}
//
// `requests` names what went over the wire meanwhile, so that a test can tell which proofs were really sent.
import { createInterface } from "node:readline";

const LONGEST_CALL = 20_000; // milliseconds: a server that never answers must not hang the tests

let requests = [];

// "RespondToAuthChallenge PASSWORD_VERIFIER" from a request's X-Amz-Target and body.
export function record(target, body) {
  const { ChallengeName, AuthFlow } = JSON.parse(body);
  requests.push([target.split(".")[1], ChallengeName ?? AuthFlow].filter(Boolean).join(" "));
}

// For libraries that send by the global fetch.
export function recordFetch() {
  const send = globalThis.fetch;
  globalThis.fetch = (url, options) => {
    const target = new Headers(options?.headers).get("x-amz-target");
    if (target) record(target, options.body);
    return send(url, options);
  };
}

function late(reject) {
  return setTimeout(() => reject(new Error("the call took too long")), LONGEST_CALL);
}

async function answer({ call, arguments: given = [] }, functions) {
  let timer;
  try {
    const value = await Promise.race([
      functions[call](...given),
      new Promise((_, reject) => {
        timer = late(reject);
      }),
    ]);
    return { ok: value ?? null };
  } catch (error) {
    const code = error.name === "Error" ? error.constructor.name : error.name;
    return { error: { code, message: error.message } };
  } finally {
    clearTimeout(timer);
  }
}

export async function serve(functions) {
  for await (const line of createInterface({ input: process.stdin })) {
    requests = [];
    const outcome = await answer(JSON.parse(line), functions);
    process.stdout.write(`${JSON.stringify({ ...outcome, requests })}\n`);
  }
  process.exit(); // whatever timers a library may still have
}
