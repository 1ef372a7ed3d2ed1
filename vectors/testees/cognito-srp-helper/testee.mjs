// cognito-srp-helper behind the testee protocol: its own code, with the random numbers and the clock handed to it.
import {
  createDeviceVerifier,
  createSecretHash,
  createSrpSession,
  signSrpSession,
  signSrpSessionWithDevice,
  wrapAuthChallenge,
} from "cognito-srp-helper";
import CryptoJS from "crypto-js";
import { at, challenge, claim, ephemeral, serve } from "../protocol.mjs";

// The client's random bytes: `drawn` by their number, as hex.
function drawing(drawn, work) {
  CryptoJS.lib.WordArray.random = (size) => CryptoJS.enc.Hex.parse(drawn[size]);
  return work();
}

function session(fields, password, poolId) {
  const a = ephemeral(fields).padStart(256, "0");
  return at(fields.now, () => drawing({ 128: a }, () => createSrpSession("testee", password, poolId, false)));
}

const responses = (signed) => claim(signed.largeA, wrapAuthChallenge(signed, { ChallengeResponses: {} }).ChallengeResponses);

function passwordClaim(fields) {
  const made = session(fields, fields.password, fields.pool_id);
  return responses(signSrpSession(made, { ChallengeParameters: challenge(fields) }));
}

function deviceClaim(fields) {
  const made = session(fields, "x", "local_x");
  const parameters = challenge(fields, { DEVICE_KEY: fields.device_key });
  const answer = { ChallengeParameters: parameters };
  return responses(signSrpSessionWithDevice(made, answer, fields.device_group_key, fields.device_password));
}

function deviceVerifier(fields) {
  const drawn = { 40: Buffer.from(fields.device_password, "base64").toString("hex"), 16: fields.salt };
  const made = drawing(drawn, () => createDeviceVerifier(fields.device_key, fields.device_group_key));
  const { PasswordVerifier, Salt } = made.DeviceSecretVerifierConfig;
  return { password_verifier: PasswordVerifier, salt: Salt };
}

const secretHash = (fields) => ({
  secret_hash: createSecretHash(fields.username, fields.client_id, fields.client_secret),
});

const timestamp = ({ now }) => ({
  timestamp: session({ a: "1", now }, "x", "local_x").timestamp,
});

await serve({
  "password-claim": passwordClaim,
  "device-claim": deviceClaim,
  "device-verifier": deviceVerifier,
  "secret-hash": secretHash,
  timestamp,
});
