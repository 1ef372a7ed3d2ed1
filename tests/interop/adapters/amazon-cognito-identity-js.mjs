// Signs users in with amazon-cognito-identity-js.
//
// signIn({"endpoint", "userPoolId", "clientId", "username", "password",
//         "flow": "USER_SRP_AUTH" | "CUSTOM_AUTH", "srp": true, "spoilDevice": false})
// returns {"challenge", "parameters"} for a challenge that needs a person, and so does answer(...), which goes on;
// {"signedIn": {tokens} | null, "error": {"code", "message"} | null} ends the sign-in.
//
// Devices stay in the library's in-memory storage: a second sign-in of the same user comes with its device, or with
// a wrong password of it when `spoilDevice` is set.
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import { recordFetch, serve } from "./json-lines.mjs";

recordFetch();

let give; // takes the next step of the sign-in under way: a challenge, or its end
let go; // takes the answer to the challenge that was given last

function ask(challenge, parameters) {
  give({ challenge, parameters });
  return new Promise((resolve) => {
    go = resolve;
  });
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
        }),
      onFailure: (error) =>
        resolve({ signedIn: null, error: { code: error.code ?? error.name, message: error.message } }),
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

await serve({
  signIn(order) {
    return new Promise((resolve) => {
      give = resolve;
      signIn(order).then((end) => give(end));
    });
  },
  answer(value) {
    return new Promise((resolve) => {
      give = resolve;
      go(value);
    });
  },
});
