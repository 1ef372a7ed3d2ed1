// cognito-srp of npm as the server of a sign-in, one at a time.
import { randomBytes } from "node:crypto";
import { UserPool } from "cognito-srp";
import { serve } from "./json-lines.mjs";

let session;

await serve({
  async challenge(poolName, username, password, srpA) {
    const pool = new UserPool(poolName);
    const user = await pool.createUser({ username, password });
    const challenge = await pool.getServerChallenge(user);
    session = challenge.getSession(srpA);
    return {
      SALT: user.salt,
      SRP_B: challenge.calculateB().toString("hex"),
      SECRET_BLOCK: randomBytes(96).toString("base64"),
      USER_ID_FOR_SRP: username,
      USERNAME: username,
      // B and the session key go into its hashes in full width, the service's in as few bytes as they need.
      padded: session.key[0] === 0 || challenge.calculateB()[0] === 0,
    };
  },
  async verify(secretBlock, timestamp, signature) {
    return session.calculateSignature(secretBlock, timestamp) === signature;
  },
});
