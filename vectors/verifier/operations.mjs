// Every type of group: the fields of a case to the values that it must hold. A hostile case throws Refused.
import * as m from "./maths.mjs";
import * as read from "./reading.mjs";

const { bytes, hex, utf8 } = m;

function claim(fields, group, identity, password) {
  const a = read.ephemeral(fields.a);
  const salt = read.integer(fields.salt);
  const B = read.publicValue(fields.srp_b);
  return proof(fields, group, identity, password, a, salt, B, false);
}

function proof(fields, group, identity, password, a, salt, B, lenient) {
  const block = read.base64(fields.secret_block);
  const A = m.power(m.G, a);
  const u = m.scrambler(A, B);
  const inner = m.inner(group, identity, password);
  const x = m.privateKey(salt, inner);
  const v = m.power(m.G, x);
  const base = m.mod(B - m.K * v);
  if (!lenient && (base < 2n || base > m.N - 2n)) throw new read.Refused("peer", "premaster");
  const S = m.clientPremaster(a, B, x, u);
  const prk = m.pseudorandomKey(S, u);
  const key = m.sessionKey(prk);
  const timestamp = m.timestamp(fields.now);
  const message = Buffer.concat([utf8(group), utf8(identity), block, utf8(timestamp)]);
  return {
    expected: {
      srp_a: hex(A),
      signature: m.hmac(key, message).toString("base64"),
      secret_block: fields.secret_block,
      timestamp,
    },
    trace: {
      inner: inner.toString("hex"),
      x: hex(x),
      v: hex(v),
      u: hex(u),
      s: hex(S),
      prk: prk.toString("hex"),
      key: key.toString("hex"),
      message: message.toString("hex"),
    },
    numbers: { a, A, B, S, u, x, v, salt, inner, prk, key },
  };
}

function passwordClaim(fields) {
  const group = read.poolName(fields.pool_id);
  const password = read.text(fields.password, "usage");
  return claim(fields, group, read.text(fields.user_id, "peer"), password);
}

function deviceClaim(fields) {
  const [group, identity, password] = device(fields);
  return claim(fields, group, identity, password);
}

// The same without the refusals of B: what an implementation computes that reduces instead of refusing.
export function lenientPasswordClaim(fields) {
  const [a, salt, B] = [fields.a, fields.salt, fields.srp_b].map(m.number);
  return proof(fields, read.poolName(fields.pool_id), fields.user_id, fields.password, a, salt, B, true);
}

function device(fields) {
  return ["device_group_key", "device_key", "device_password"].map((name) => read.text(fields[name], "usage"));
}

function deviceVerifier(fields) {
  const salt = read.integer(fields.salt, "usage");
  const x = m.privateKey(salt, m.inner(...device(fields)));
  const v = m.power(m.G, x);
  return {
    expected: { password_verifier: bytes(v).toString("base64"), salt: bytes(salt).toString("base64") },
    trace: { x: hex(x), v: hex(v) },
    numbers: { salt, Verifier: v },
  };
}

function secretHash(fields) {
  const [username, clientId, secret] = ["username", "client_id", "client_secret"].map((name) =>
    read.text(fields[name], "usage"),
  );
  return { expected: { secret_hash: m.secretHash(username, clientId, secret) } };
}

function server(fields) {
  const group = read.poolName(fields.pool_id);
  const identity = read.text(fields.user_id, "usage");
  const password = read.text(fields.password, "usage");
  const salt = read.integer(fields.salt, "usage");
  const b = read.ephemeral(fields.b);
  const A = read.publicValue(fields.srp_a);
  const inner = m.inner(group, identity, password);
  const x = m.privateKey(salt, inner);
  const v = m.power(m.G, x);
  return { group, identity, salt, b, A, inner, x, v, B: m.serverPublic(v, b) };
}

function serverChallenge(fields) {
  const { x, v, B } = server(fields);
  return { expected: { srp_b: hex(B) }, trace: { x: hex(x), v: hex(v) } };
}

function serverVerify(fields) {
  const numbers = server(fields);
  const { group, identity, b, A, x, v, B } = numbers;
  const block = read.base64(fields.secret_block);
  const given = read.base64(fields.signature);
  if (!m.isTimestamp(read.text(fields.timestamp, "peer"))) throw new read.Refused("peer", "parameter");
  const u = m.scrambler(A, B);
  const S = m.serverPremaster(b, A, v, u);
  const prk = m.pseudorandomKey(S, u);
  const key = m.sessionKey(prk);
  const right = m.hmac(key, utf8(group), utf8(identity), block, utf8(fields.timestamp));
  return {
    expected: { accepted: given.equals(right) },
    trace: { x: hex(x), u: hex(u), s: hex(S), key: key.toString("hex") },
    numbers: { ...numbers, u, S, prk, key },
  };
}

const values = (fields) => Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, m.number(text)]));

const formulas = {
  multiplier({ n, g }) {
    const hashed = Buffer.concat([bytes(m.number(n)), bytes(m.number(g))]);
    return { expected: { k: hex(m.unsigned(m.sha256(hashed))) }, trace: { hashed: hashed.toString("hex") } };
  },
  "public-ephemeral"(fields) {
    const A = m.power(m.G, values(fields).a);
    return { expected: { A: hex(A) }, trace: { bytes: bytes(A).toString("hex") } };
  },
  scrambler(fields) {
    const { A, B } = values(fields);
    const hashed = Buffer.concat([bytes(A), bytes(B)]);
    return { expected: { u: hex(m.scrambler(A, B)) }, trace: { hashed: hashed.toString("hex") } };
  },
  "private-key"({ salt, group, identity, password }) {
    const inner = m.inner(group, identity, password);
    const hashed = Buffer.concat([bytes(m.number(salt)), inner]);
    return {
      expected: { x: hex(m.unsigned(m.sha256(hashed))) },
      trace: { inner: inner.toString("hex"), hashed: hashed.toString("hex") },
    };
  },
  verifier(fields) {
    const v = m.power(m.G, values(fields).x);
    return { expected: { v: hex(v) }, trace: { bytes: bytes(v).toString("hex") } };
  },
  "server-public-ephemeral"(fields) {
    const { v, b } = values(fields);
    return { expected: { B: hex(m.serverPublic(v, b)) }, trace: { g_b: hex(m.power(m.G, b)) } };
  },
  "client-premaster"(fields) {
    const { a, B, x, u } = values(fields);
    const base = m.mod(B - m.K * m.power(m.G, x));
    const trace = { base: hex(base), exponent: hex(a + u * x) };
    return { expected: { S: hex(m.clientPremaster(a, B, x, u)) }, trace };
  },
  "server-premaster"(fields) {
    const { b, A, v, u } = values(fields);
    const trace = { base: hex(m.mod(A * m.power(v, u))) };
    return { expected: { S: hex(m.serverPremaster(b, A, v, u)) }, trace };
  },
  "session-key"(fields) {
    const { S, u } = values(fields);
    const prk = m.pseudorandomKey(S, u);
    const trace = { salt: bytes(u).toString("hex"), ikm: bytes(S).toString("hex"), prk: prk.toString("hex") };
    return { expected: { key: m.sessionKey(prk).toString("hex") }, trace };
  },
  signature({ key, group, identity, secret_block, timestamp }) {
    const message = Buffer.concat([utf8(group), utf8(identity), read.base64(secret_block), utf8(timestamp)]);
    const signature = m.hmac(Buffer.from(key, "hex"), message).toString("base64");
    return { expected: { signature }, trace: { message: message.toString("hex") } };
  },
};

// SHA-1, PAD and another group: the generic arithmetic by numbers that somebody else has published.
function rfc5054(fields) {
  const { I, P } = fields;
  const { N, g, s, a, b } = values({ N: fields.N, g: fields.g, s: fields.s, a: fields.a, b: fields.b });
  const pad = (i) => m.fixed(i, 128);
  const k = m.unsigned(m.sha1(pad(N), pad(g)));
  const x = m.unsigned(m.sha1(m.fixed(s, 16), m.sha1(utf8(`${I}:${P}`))));
  const v = m.power(g, x, N);
  const A = m.power(g, a, N);
  const B = m.mod(k * v + m.power(g, b, N), N);
  const u = m.unsigned(m.sha1(pad(A), pad(B)));
  const S = m.power(B - k * v, a + u * x, N);
  if (S !== m.power(A * m.power(v, u, N), b, N)) throw new Error("client and server differ");
  return { expected: Object.fromEntries(Object.entries({ k, x, v, A, B, u, S }).map(([name, i]) => [name, hex(i)])) };
}

// As many sign-ins as are asked for, up to `limit`: BigInt takes some 20 ms for each.
export function accumulated({ pool_id, seed, count }, limit) {
  if (count > limit) return { skipped: true };
  const all = [];
  for (let i = 0; i < count; i++) {
    const label = Buffer.concat([utf8(`${seed} ${i}`), Buffer.from([0])]);
    const blocks = Array.from({ length: 16 }, (_, j) => m.sha256(label, m.fixed(BigInt(j), 4)));
    const material = Buffer.concat(blocks).subarray(0, 496);
    const made = passwordClaim({
      pool_id,
      user_id: `user-${i}`,
      password: material.subarray(432, 448).toString("hex"),
      a: hex(m.unsigned(material.subarray(0, 32))),
      salt: hex(m.unsigned(material.subarray(32, 48))),
      srp_b: hex(m.unsigned(material.subarray(48, 432)) % m.N || 1n),
      secret_block: material.subarray(448).toString("base64"),
      now: 1772841909 + 7919 * i,
    });
    all.push(utf8(`${made.expected.srp_a}\n${made.expected.signature}\n`));
  }
  return { expected: { sha256: m.sha256(...all).toString("hex") } };
}

export const operations = {
  "integer-bytes": ({ integer }) => ({ expected: { bytes: bytes(m.number(integer)).toString("hex") } }),
  "wire-hex": ({ text }) => ({ expected: { integer: hex(read.integer(text)) } }),
  "wire-base64": ({ text }) => ({ expected: { bytes: read.base64(text).toString("hex") } }),
  "pool-name": ({ pool_id }) => ({ expected: { pool_name: read.poolName(pool_id) } }),
  ...formulas,
  "password-claim": passwordClaim,
  "device-claim": deviceClaim,
  "device-verifier": deviceVerifier,
  "secret-hash": secretHash,
  timestamp: ({ now }) => ({ expected: { timestamp: m.timestamp(now) } }),
  "server-challenge": serverChallenge,
  "server-verify": serverVerify,
  rfc5054,
};
