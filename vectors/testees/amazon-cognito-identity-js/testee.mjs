// amazon-cognito-identity-js behind the testee protocol: its own code, with the service's answers, the random numbers
// and the clock handed to it.
import { createRequire } from "node:module";
import { at, challenge, claim, ephemeral, serve } from "../protocol.mjs";

const require = createRequire(import.meta.url);
const { AuthenticationDetails, AuthenticationHelper, CognitoUser, CognitoUserPool, DateHelper, WordArray } =
  require("amazon-cognito-identity-js");
const { default: BigInteger } = require("amazon-cognito-identity-js/lib/BigInteger");

const failure = (error) => {
  throw error;
};

// A user whose requests are answered by `answers`, and what was requested.
function user(poolId, answers) {
  const pool = new CognitoUserPool({ UserPoolId: poolId, ClientId: "client" });
  const requests = {};
  pool.client.request = (operation, parameters, callback) => {
    const name = parameters.ChallengeName ?? operation;
    requests[name] = parameters;
    if (answers[name]) callback(null, answers[name]);
  };
  return { requests, user: new CognitoUser({ Username: "testee", Pool: pool }) };
}

function drawing(a, work) {
  AuthenticationHelper.prototype.generateRandomSmallA = () => new BigInteger(a, 16);
  return work();
}

function passwordClaim(fields) {
  const a = ephemeral(fields);
  const { requests, user: one } = user(fields.pool_id, {
    InitiateAuth: { ChallengeName: "PASSWORD_VERIFIER", ChallengeParameters: challenge(fields), Session: "s" },
  });
  const details = new AuthenticationDetails({ Username: "testee", Password: fields.password });
  at(fields.now, () => drawing(a, () => one.authenticateUser(details, { onFailure: failure })));
  return claim(requests.InitiateAuth.AuthParameters.SRP_A, requests.PASSWORD_VERIFIER.ChallengeResponses);
}

function deviceClaim(fields) {
  const a = ephemeral(fields);
  const { requests, user: one } = user("local_x", {
    DEVICE_SRP_AUTH: {
      ChallengeName: "DEVICE_PASSWORD_VERIFIER",
      ChallengeParameters: challenge(fields, { DEVICE_KEY: fields.device_key }),
      Session: "s",
    },
  });
  one.deviceKey = fields.device_key;
  one.deviceGroupKey = fields.device_group_key;
  one.randomPassword = fields.device_password;
  at(fields.now, () => drawing(a, () => one.getDeviceResponse({ onFailure: failure })));
  return claim(
    requests.DEVICE_SRP_AUTH.ChallengeResponses.SRP_A,
    requests.DEVICE_PASSWORD_VERIFIER.ChallengeResponses,
  );
}

function deviceVerifier(fields) {
  const { requests, user: one } = user("local_x", {});
  const helper = new AuthenticationHelper("x");
  const drawn = { 40: Buffer.from(fields.device_password, "base64").toString("hex"), 16: fields.salt };
  WordArray.prototype.random = (size) => ({ toString: () => drawn[size] });
  const metadata = { DeviceGroupKey: fields.device_group_key, DeviceKey: fields.device_key };
  const result = { IdToken: "a.e30.c", AccessToken: "a.e30.c", RefreshToken: "r", NewDeviceMetadata: metadata };
  one.authenticateUserInternal({ AuthenticationResult: result }, helper, { onFailure: failure });
  const { PasswordVerifier, Salt } = requests.ConfirmDevice.DeviceSecretVerifierConfig;
  return { password_verifier: PasswordVerifier, salt: Salt };
}

const timestamp = ({ now }) => ({ timestamp: at(now, () => new DateHelper().getNowString()) });

await serve({
  "password-claim": passwordClaim,
  "device-claim": deviceClaim,
  "device-verifier": deviceVerifier,
  timestamp,
});
