// Signs users in with amazon-cognito-identity-js, one JSON object a line in and out.
//
// in:   {"endpoint", "userPoolId", "clientId", "username", "password",
//        "flow": "USER_SRP_AUTH" | "CUSTOM_AUTH", "srp": true, "spoilDevice": false}
// out:  {"challenge", "parameters"} for each challenge that needs a person; the next line in is the answer to it
// out:  {"signedIn": {tokens} | null, "error": {"code", "message"} | null, "calls": [...]} ends that sign-in
//
// `calls` names every request the library made, so that a test can tell which proofs really went over the wire.
// Devices stay in the library's in-memory storage: a second sign-in of the same user comes with its device, or with
// a wrong password of it when `spoilDevice` is set.
import { createInterface } from "node:readline";
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";

const LONGEST_SIGN_IN = 60_000; // milliseconds: a server that never answers must not hang the tests

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

async function read() {
  const { value, done } = await lines.next();
  return done ? undefined : JSON.parse(value);
}

async function ask(challenge, parameters) {
  write({ challenge, parameters });
  return read();
}

function recordCalls(client) {
  const calls = [];
  const request = client.request.bind(client);
  client.request = (operation, parameters, callback) => {
    calls.push([operation, parameters.ChallengeName ?? parameters.AuthFlow].filter(Boolean).join(" "));
    request(operation, parameters, callback);
  };
  return calls;
}

function spoilDevice(user) {
  user.getCachedDeviceKeyAndPassword();
  user.randomPassword = "not the password of this device";
  user.cacheDeviceKeyAndPassword();
}

function signIn(order) {
  const pool = new CognitoUserPool({
    UserPoolId: order.userPoolId,
    ClientId: order.clientId,
    endpoint: order.endpoint,
  });
  const calls = recordCalls(pool.client);
  const user = new CognitoUser({ Username: order.username, Pool: pool });
  const details = new AuthenticationDetails({ Username: order.username, Password: order.password });
  if (order.spoilDevice) spoilDevice(user);

  return new Promise((resolve) => {
    const callbacks = {
      onSuccess: (session, userConfirmationNecessary = false) =>
        resolve({
          signedIn: {
            accessToken: session.getAccessToken().getJwtToken(),
            idToken: session.getIdToken().getJwtToken(),
            refreshToken: session.getRefreshToken().getToken(),
            userConfirmationNecessary,
          },
          error: null,
          calls,
        }),
      onFailure: (error) =>
        resolve({ signedIn: null, error: { code: error.code ?? error.name, message: error.message }, calls }),
      newPasswordRequired: async (userAttributes, requiredAttributes) => {
        const answer = await ask("NEW_PASSWORD_REQUIRED", { userAttributes, requiredAttributes });
        user.completeNewPasswordChallenge(answer.newPassword, answer.attributes, callbacks);
      },
      mfaRequired: async (name, parameters) => user.sendMFACode(await ask(name, parameters), callbacks, name),
      totpRequired: async (name, parameters) => user.sendMFACode(await ask(name, parameters), callbacks, name),
      selectMFAType: async (name, parameters) => user.sendMFASelectionAnswer(await ask(name, parameters), callbacks),
      mfaSetup: () => user.associateSoftwareToken(callbacks),
      associateSecretCode: async (secret) =>
        user.verifySoftwareToken(await ask("MFA_SETUP", { secret }), "authenticator", callbacks),
      customChallenge: async (parameters) =>
        user.sendCustomChallengeAnswer(await ask("CUSTOM_CHALLENGE", parameters), callbacks),
    };
    user.setAuthenticationFlowType(order.flow ?? "USER_SRP_AUTH");
    // Without SRP only a custom sign-in can begin.
    if (order.srp === false) user.initiateAuth(details, callbacks);
    else user.authenticateUser(details, callbacks);
  });
}

for (let order = await read(); order; order = await read()) {
  const watchdog = setTimeout(() => process.exit(1), LONGEST_SIGN_IN);
  write(await signIn(order));
  clearTimeout(watchdog);
}
