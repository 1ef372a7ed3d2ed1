// Signs in with the AWS SDK, whose SRP numbers cognito-srp-helper computes.
import {
  CognitoIdentityProviderClient,
  ConfirmDeviceCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  createDeviceVerifier,
  createSecretHash,
  createSrpSession,
  signSrpSession,
  signSrpSessionWithDevice,
  wrapAuthChallenge,
  wrapInitiateAuth,
} from "cognito-srp-helper";
import { record, serve } from "./json-lines.mjs";

function connect(endpoint) {
  const client = new CognitoIdentityProviderClient({ endpoint, region: "us-east-1", maxAttempts: 1 });
  const recorder = (next) => (given) => {
    record(given.request.headers["x-amz-target"], given.request.body);
    return next(given);
  };
  client.middlewareStack.add(recorder, { step: "finalizeRequest" });
  return client;
}

const sign = (key, session, answer, device) =>
  key === "PASSWORD_VERIFIER"
    ? signSrpSession(session, answer)
    : signSrpSessionWithDevice(session, answer, device.groupKey, device.password);

await serve({
  async signIn({ endpoint, userPoolId, clientId, clientSecret, username, password, device }) {
    const client = connect(endpoint);
    // A challenge names the user whom the next answer, and the hash in it, are of.
    const shared = (name) => ({
      USERNAME: name,
      ...(clientSecret && { SECRET_HASH: createSecretHash(name, clientId, clientSecret) }),
      ...(device && { DEVICE_KEY: device.key }),
    });
    let session = createSrpSession(username, password, userPoolId, false);
    let name = username;
    let answer = await client.send(
      new InitiateAuthCommand(
        wrapInitiateAuth(session, {
          AuthFlow: "USER_SRP_AUTH",
          ClientId: clientId,
          AuthParameters: { CHALLENGE_NAME: "SRP_A", ...shared(username) },
        }),
      ),
    );
    while (answer.ChallengeName) {
      name = answer.ChallengeParameters?.USERNAME ?? name;
      if (answer.ChallengeName.endsWith("PASSWORD_VERIFIER")) session = sign(answer.ChallengeName, session, answer, device);
      answer = await client.send(
        new RespondToAuthChallengeCommand(
          wrapAuthChallenge(session, {
            ClientId: clientId,
            ChallengeName: answer.ChallengeName,
            ChallengeResponses: shared(name),
            Session: answer.Session,
          }),
        ),
      );
    }
    return answer.AuthenticationResult;
  },

  // Registers the new device of a sign-in; what it proves itself with from then on.
  async confirmDevice(endpoint, accessToken, { DeviceKey, DeviceGroupKey }) {
    const { DeviceRandomPassword, DeviceSecretVerifierConfig } = createDeviceVerifier(DeviceKey, DeviceGroupKey);
    await connect(endpoint).send(
      new ConfirmDeviceCommand({ AccessToken: accessToken, DeviceKey, DeviceSecretVerifierConfig }),
    );
    return { key: DeviceKey, groupKey: DeviceGroupKey, password: DeviceRandomPassword };
  },
});
