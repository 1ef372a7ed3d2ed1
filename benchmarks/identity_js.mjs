// Times the two SRP steps of amazon-cognito-identity-js: node identity_js.mjs ROUNDS < the challenge, as JSON.
// Prints {"step1", "step2"}: the least seconds that each took.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { promisify } from "node:util";

const require = createRequire(new URL("../tests/interop/package.json", import.meta.url));
const Helper = require("amazon-cognito-identity-js/lib/AuthenticationHelper.js").default;
const BigInteger = require("amazon-cognito-identity-js/lib/BigInteger.js").default;

const { poolName, username, password, salt, srpB } = JSON.parse(readFileSync(0, "utf8"));
const best = { step1: Infinity, step2: Infinity };
const seconds = () => Number(process.hrtime.bigint()) / 1e9;

for (let round = 0; round < Number(process.argv[2]); round += 1) {
  let start = seconds();
  const helper = new Helper(poolName);
  await promisify(helper.getLargeAValue.bind(helper))();
  best.step1 = Math.min(best.step1, seconds() - start);

  start = seconds();
  const prove = promisify(helper.getPasswordAuthenticationKey.bind(helper));
  await prove(username, password, new BigInteger(srpB, 16), new BigInteger(salt, 16));
  best.step2 = Math.min(best.step2, seconds() - start);
}
console.log(JSON.stringify(best));
