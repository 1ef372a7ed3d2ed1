// What comes in: each value is read or refused with the kind of fault and the stage.
import { N } from "./maths.mjs";

export class Refused extends Error {
  constructor(kind, stage) {
    super(`${kind} at ${stage}`);
    this.kind = kind;
    this.stage = stage;
  }
}

const refuse = (kind) => {
  throw new Refused(kind, kind === "usage" ? "arguments" : "parameter");
};

export function text(value, kind, limit = 4096) {
  if (typeof value !== "string" || value === "" || [...value].length > limit || !value.isWellFormed()) refuse(kind);
  return value;
}

export function integer(value, kind = "peer") {
  if (!/^-?[0-9a-fA-F]+$/.test(text(value, kind, 1024)) || value.endsWith("\n")) refuse(kind);
  return value.startsWith("-") ? -BigInt(`0x${value.slice(1)}`) : BigInt(`0x${value}`);
}

export function ephemeral(value) {
  const exponent = integer(value, "usage");
  if (exponent < 1n || exponent >= 1n << 256n) refuse("usage");
  return exponent;
}

export function publicValue(value) {
  const i = integer(value);
  if (i <= 0n || i >= N) throw new Refused("peer", "public-value");
  return i;
}

export function base64(value) {
  text(value, "peer", 16384);
  const digits = value.replace(/=+$/, "");
  const padding = value.length - digits.length;
  const alphabet = /^[A-Za-z0-9+/]+$/.test(digits) || /^[A-Za-z0-9_-]+$/.test(digits);
  const length = padding === 0 ? digits.length % 4 !== 1 : padding <= 2 && value.length % 4 === 0;
  if (!alphabet || !length || digits.length % 4 === 1 || digits.endsWith("\n")) refuse("peer");
  return Buffer.from(digits, "base64url");
}

export function poolName(value) {
  if (!/^[A-Za-z0-9_-]+_[0-9a-zA-Z]+$/.test(text(value, "usage")) || value.endsWith("\n")) refuse("usage");
  return value.slice(value.lastIndexOf("_") + 1);
}
