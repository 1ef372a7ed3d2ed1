// Numbers and bytes: BigInt and node:crypto, nothing else.
import { createHash, createHmac } from "node:crypto";

export const G = 2n;
// RFC 3526, section 4, gives the prime of group 15 as a formula over pi; so it is computed and not copied.
export const N = 2n ** 3072n - 2n ** 3008n - 1n + 2n ** 64n * (piBits(2942n) + 1690314n);

function piBits(bits) {
  const guard = bits + 64n;
  const arctanInverse = (q) => {
    let total = (1n << guard) / q;
    for (let term = total, n = 3n, sign = -1n; (term /= q * q) > 0n; n += 2n, sign = -sign) total += (sign * term) / n;
    return total;
  };
  return (4n * (4n * arctanInverse(5n) - arctanInverse(239n))) >> 64n;
}

export const sha256 = (...parts) => hash("sha256", parts);
export const sha1 = (...parts) => hash("sha1", parts);
export const hmac = (key, ...parts) => createHmac("sha256", key).update(Buffer.concat(parts)).digest();

function hash(name, parts) {
  return createHash(name).update(Buffer.concat(parts)).digest();
}

export const utf8 = (text) => Buffer.from(text, "utf8");
export const unsigned = (bytes) => BigInt(`0x${bytes.toString("hex")}`);
export const hex = (i) => i.toString(16);
export const mod = (i, n = N) => ((i % n) + n) % n;

// A hex text that is known to be one, with its sign.
export const number = (text) => (text.startsWith("-") ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`));

// bytes(i): as few bytes of two's complement as hold i.
export function bytes(i) {
  let length = 1n;
  while (i < -(1n << (8n * length - 1n)) || i >= 1n << (8n * length - 1n)) length += 1n;
  return fixed(BigInt.asUintN(Number(8n * length), i), Number(length));
}

export const fixed = (i, width) => Buffer.from(i.toString(16).padStart(2 * width, "0"), "hex");

const powers = new Map();

// base^exponent mod n, windows of five bits from the top. Every power is kept: cases share many.
export function power(base, exponent, n = N) {
  const name = `${base} ${exponent} ${n}`;
  let found = powers.get(name);
  if (found === undefined) powers.set(name, (found = computed(mod(base, n), exponent, n)));
  return found;
}

function computed(base, exponent, n) {
  const table = [1n % n];
  for (let i = 1; i < 32; i++) table.push((table[i - 1] * base) % n);
  const digits = exponent.toString(32);
  let result = 1n % n;
  for (const digit of digits) {
    for (let i = 0; i < 5; i++) result = (result * result) % n;
    const value = parseInt(digit, 32);
    if (value) result = (result * table[value]) % n;
  }
  return result;
}

export const K = unsigned(sha256(bytes(N), bytes(G)));

export const inner = (group, identity, password) => sha256(utf8(`${group}${identity}:${password}`));
export const privateKey = (salt, innerHash) => unsigned(sha256(bytes(salt), innerHash));
export const scrambler = (A, B) => unsigned(sha256(bytes(A), bytes(B)));
export const clientPremaster = (a, B, x, u) => power(mod(B - K * power(G, x)), a + u * x);
export const serverPremaster = (b, A, v, u) => power((A * power(v, u)) % N, b);
export const serverPublic = (v, b) => mod(K * v + power(G, b));
export const pseudorandomKey = (S, u) => hmac(bytes(u), bytes(S));
export const sessionKey = (prk) => hmac(prk, utf8("Caldera Derived Key"), Buffer.from([1])).subarray(0, 16);

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function timestamp(now) {
  const at = new Date(Math.floor(now) * 1000);
  const two = (i) => String(i).padStart(2, "0");
  const clock = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(":");
  const day = `${DAYS[at.getUTCDay()]} ${MONTHS[at.getUTCMonth()]} ${at.getUTCDate()}`;
  return `${day} ${clock} UTC ${String(at.getUTCFullYear()).padStart(4, "0")}`;
}

export const isTimestamp = (text) => {
  const match = /^(\w{3}) (\w{3}) (\d\d?) (\d\d):(\d\d):(\d\d) UTC (\d{4})$/.exec(text);
  if (!match || text.endsWith("\n")) return false;
  const [, , month, day, hour, minute, second, year] = match;
  return timestamp(Date.UTC(+year, MONTHS.indexOf(month), +day, +hour, +minute, +second) / 1000) === text;
};

export const secretHash = (username, clientId, secret) =>
  hmac(utf8(secret), utf8(username + clientId)).toString("base64");
