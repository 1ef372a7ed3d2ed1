// Re-derives every value of every file under cases/ by BigInt and node's own crypto, and names the cases that differ.
//
//   node verify.mjs                  all files
//   node verify.mjs --accumulated N  as many accumulated sign-ins as that at most (100)
//   node verify.mjs --variants       changed cases as JSON lines on standard input; prints for each whether it is noticed
import { readFileSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { differences as flagDifferences } from "./verifier/flags.mjs";
import { accumulated, lenientPasswordClaim, operations } from "./verifier/operations.mjs";
import { Refused } from "./verifier/reading.mjs";
import { differences as transcriptDifferences } from "./verifier/transcript.mjs";

const folder = new URL("cases/", import.meta.url);
const option = process.argv.indexOf("--accumulated");
const limit = option < 0 ? 100 : Number(process.argv[option + 1]);
let skipped = 0;

function differences(group, test) {
  if (group.type === "transcript") return transcriptDifferences(test);
  const fields = { ...group.parameters, ...test.input };
  if (group.type === "accumulated") {
    const made = accumulated(fields, limit);
    if (made.skipped) skipped += 1;
    return made.skipped ? [] : compare(test, made);
  }
  const operation = operations[group.type];
  if (!operation) return [`unknown type ${group.type}`];
  let made;
  try {
    made = operation(fields);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refused(group, test, fields, error);
  }
  if (test.error) return ["should be refused, and is not"];
  const right = made.expected.accepted === false ? "invalid" : "valid";
  const found = compare(test, made);
  if (test.result !== right && test.result !== "acceptable") found.push(`result: should be ${right}`);
  if ((test.stage ?? null) !== (made.expected.accepted === false ? "proof" : null)) found.push("stage");
  const shaped = made.numbers && test.result === "valid";
  return shaped ? [...found, ...flagDifferences(group.type, test.flags, made.numbers, fields)] : found;
}

// A refusal must be the one that is written; an acceptable case says besides what may be answered instead.
function refused(group, test, fields, error) {
  const found = [];
  if (test.error?.kind !== error.kind) found.push(`kind: should be ${error.kind}`);
  if (test.stage !== error.stage) found.push(`stage: should be ${error.stage}`);
  const wanted = test.expected ? "acceptable" : "invalid";
  if (test.result !== wanted) found.push(`result: should be ${wanted}`);
  return test.expected ? [...found, ...compare(test, lenientPasswordClaim(fields))] : found;
}

function compare(test, made) {
  const found = [];
  for (const part of ["expected", "trace"]) {
    if (!(part in test)) {
      if (part === "expected") found.push("expected is missing");
      continue;
    }
    const { b, ...values } = test[part];
    if (b !== undefined) values.b = b;
    const should = { ...made[part] };
    if (b !== undefined) should.b = serverExponent(b, made);
    for (const name of new Set([...Object.keys(values), ...Object.keys(should)])) {
      if (values[name] !== should[name]) found.push(`${part}.${name}`);
    }
  }
  return found;
}

// b is right when it makes the B of the case and the server's way to S ends in the same S.
function serverExponent(b, made) {
  const { A, B, v, u, S } = made.numbers;
  const exponent = `${b}`;
  const ofServer = { v: v.toString(16), b: exponent, A: A.toString(16), u: u.toString(16) };
  const rightB = operations["server-public-ephemeral"]({ v: ofServer.v, b: exponent }).expected.B === B.toString(16);
  const rightS = operations["server-premaster"](ofServer).expected.S === S.toString(16);
  return rightB && rightS ? b : "another";
}

const read = (name) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const names = readdirSync(folder).filter((name) => name.endsWith(".json"));

function verifyAll() {
  let total = 0;
  let wrong = 0;
  for (const name of names) {
    const file = read(name);
    let count = 0;
    for (const group of file.testGroups) {
      for (const test of group.tests) {
        count += 1;
        let found;
        try {
          found = differences(group, test);
        } catch (error) {
          found = [`cannot be derived: ${error.message}`];
        }
        if (found.length) {
          wrong += 1;
          console.error(`${name.replace(".json", "")}:${test.tcId}: ${found.join(", ").slice(0, 300)}`);
        }
      }
    }
    if (count !== file.numberOfTests) {
      wrong += 1;
      console.error(`${name}: holds ${count} cases and says ${file.numberOfTests}`);
    }
    total += count;
    console.log(`${String(count).padStart(5)} ${name}`);
  }
  const left = skipped ? `; ${skipped} accumulated beyond ${limit} sign-ins left to the engine` : "";
  console.log(`${String(total).padStart(5)} cases, ${wrong} differ${left}`);
  return total > 0 && wrong === 0 ? 0 : 1;
}

// {"file", "group", "test", "path", "value"}: a test of null means the group's own parameters, seen through its first case.
async function variants() {
  const files = new Map(names.map((name) => [name, read(name)]));
  for await (const line of createInterface({ input: process.stdin })) {
    const { file, group, test, path, value } = JSON.parse(line);
    const changed = structuredClone(files.get(file).testGroups[group]);
    const tests = [changed.tests[test ?? 0]];
    let at = test === null ? changed : tests[0];
    for (const key of path.slice(0, -1)) at = at[key];
    at[path.at(-1)] = value;
    let noticed;
    try {
      noticed = tests.some((each) => differences(changed, each).length > 0);
    } catch {
      noticed = true;
    }
    console.log(noticed ? "noticed" : "unnoticed");
  }
  return 0;
}

process.exitCode = process.argv.includes("--variants") ? await variants() : verifyAll();
