// Whole attempts: names, hashes, sessions and proofs of every request follow from what came before.
import * as m from "./maths.mjs";
import { operations } from "./operations.mjs";

const INITIATE = ["InitiateAuth", "AdminInitiateAuth"];
const RESPOND = ["RespondToAuthChallenge", "AdminRespondToAuthChallenge"];
const PROOFS = ["PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"];
const TRANSIENT = ["CodeMismatchException", "NotAuthorizedException"];

export function differences(test) {
  const { input, steps } = test;
  const found = [];
  const same = (what, is, should) => {
    if (JSON.stringify(is) !== JSON.stringify(should)) found.push(`${what}: should be ${JSON.stringify(should)}`);
  };
  const exponents = input.a.map(m.number);
  let used = 0;
  let forgotten = false;
  let name = null;
  let last = {};
  steps.forEach((step, i) => {
    const { operation, parameters } = step.request;
    const at = `step ${i}`;
    const admin = operation.startsWith("Admin");
    if (admin) same(`${at} UserPoolId`, parameters.UserPoolId, input.pool_id);
    if ("ClientId" in parameters) same(`${at} ClientId`, parameters.ClientId, input.client_id);
    if ("ClientSecret" in parameters) same(`${at} ClientSecret`, parameters.ClientSecret, input.client_secret);

    if (INITIATE.includes(operation)) {
      const sent = parameters.AuthParameters;
      same(`${at} USERNAME`, sent.USERNAME, input.username);
      common(at, sent);
      if ("PASSWORD" in sent) same(`${at} PASSWORD`, sent.PASSWORD, input.password);
    } else if (RESPOND.includes(operation)) {
      const sent = parameters.ChallengeResponses;
      const challenge = last.answer;
      same(`${at} ChallengeName`, parameters.ChallengeName, challenge.ChallengeName);
      same(`${at} Session`, parameters.Session, last.session);
      same(`${at} USERNAME`, sent.USERNAME, name ?? input.username);
      common(at, sent);
      if ("PASSWORD" in sent) same(`${at} PASSWORD`, sent.PASSWORD, input.password);
      if (parameters.ChallengeName === "PASSWORD_VERIFIER") proofOf(at, sent, step, challenge.ChallengeParameters, false);
      if (parameters.ChallengeName === "DEVICE_PASSWORD_VERIFIER") {
        same(`${at} DEVICE_KEY`, challenge.ChallengeParameters.DEVICE_KEY, input.device.key);
        proofOf(at, sent, step, challenge.ChallengeParameters, true);
      }
      for (const [key, value] of Object.entries(sent)) given(at, step, key, value);
    } else if (operation === "ConfirmDevice") {
      const metadata = last.answer.AuthenticationResult.NewDeviceMetadata;
      const made = operations["device-verifier"]({
        device_group_key: metadata.DeviceGroupKey,
        device_key: metadata.DeviceKey,
        device_password: step.given.device_password,
        salt: step.given.salt,
      }).expected;
      const { DeviceSecretVerifierConfig: config } = parameters;
      same(`${at} PasswordVerifier`, config.PasswordVerifier, made.password_verifier);
      same(`${at} Salt`, config.Salt, made.salt);
      same(`${at} DeviceKey`, parameters.DeviceKey, metadata.DeviceKey);
      same(`${at} DeviceName`, parameters.DeviceName, step.given.device_name);
    } else if (operation === "GetTokensFromRefreshToken") {
      same(`${at} RefreshToken`, parameters.RefreshToken, step.given.refresh_token);
      same(`${at} ClientSecret`, parameters.ClientSecret ?? null, input.client_secret);
    } else if ("Session" in parameters) {
      same(`${at} Session`, parameters.Session, last.session);
      if ("UserCode" in parameters) same(`${at} UserCode`, parameters.UserCode, step.given.code);
      if ("FriendlyDeviceName" in parameters) {
        same(`${at} FriendlyDeviceName`, parameters.FriendlyDeviceName, step.given.friendly_name);
      }
    }
    if ("AccessToken" in parameters && last.answer?.AuthenticationResult) {
      same(`${at} AccessToken`, parameters.AccessToken, last.answer.AuthenticationResult.AccessToken);
    }

    const { answer } = step;
    if (answer.__type === "ResourceNotFoundException") forgotten = true;
    else if (!TRANSIENT.includes(answer.__type)) {
      const parameter = answer.ChallengeParameters?.USERNAME ?? answer.ChallengeParameters?.USER_ID_FOR_SRP;
      if (parameter !== undefined) name = parameter;
      // AssociateSoftwareToken and VerifySoftwareToken renew the Session of the challenge that stands.
      const standing = "ChallengeName" in answer || "AuthenticationResult" in answer ? answer : last.answer;
      last = { answer: standing, session: answer.Session };
    }
  });
  same("exponents used", used, exponents.length);
  same("flag SessionReceived", test.flags.includes("SessionReceived"), challenges(steps).some((c) => "Session" in c));
  same("flag SessionAbsent", test.flags.includes("SessionAbsent"), challenges(steps).some((c) => !("Session" in c)));
  return found;

  function common(at, sent) {
    const secret = input.client_secret;
    const hash = secret ? m.secretHash(sent.USERNAME, input.client_id, secret) : undefined;
    same(`${at} SECRET_HASH`, sent.SECRET_HASH, hash);
    same(`${at} DEVICE_KEY`, sent.DEVICE_KEY, input.device && !forgotten ? input.device.key : undefined);
    if ("SRP_A" in sent) same(`${at} SRP_A`, sent.SRP_A, m.hex(m.power(m.G, exponents[used++])));
  }

  function proofOf(at, sent, step, challenge, ofDevice) {
    const fields = {
      a: m.hex(exponents[used - 1]),
      salt: challenge.SALT,
      srp_b: challenge.SRP_B,
      secret_block: challenge.SECRET_BLOCK,
      now: input.now + (step.given?.clock_offset ?? 0),
    };
    const { group_key, key, password } = input.device ?? {};
    const made = ofDevice
      ? operations["device-claim"]({ ...fields, device_group_key: group_key, device_key: key, device_password: password })
      : operations["password-claim"]({
          ...fields,
          pool_id: input.pool_id,
          user_id: challenge.USER_ID_FOR_SRP,
          password: input.password,
        });
    const { signature, secret_block, timestamp } = made.expected;
    const wrong = step.answer.__type === "NotAuthorizedException" && test.flags.includes("WrongProof");
    same(`${at} proof`, PROOFS.map((key) => sent[key]), [wrong ? `${"A".repeat(43)}=` : signature, secret_block, timestamp]);
  }

  // What a person gives is what is sent.
  function given(at, step, key, value) {
    const from = step.given ?? {};
    if (/_CODE$/.test(key)) same(`${at} ${key}`, value, from.code);
    if (key === "ANSWER") same(`${at} ${key}`, value, from.answer);
    if (key === "NEW_PASSWORD") same(`${at} ${key}`, value, from.password);
    if (key === "EMAIL") same(`${at} ${key}`, value, from.email);
    if (key === "CREDENTIAL") same(`${at} ${key}`, value, from.credential);
    if (key.startsWith("userAttributes.")) same(`${at} ${key}`, value, from.attributes[key.slice(15)]);
    if (from.responses) for (const [k, v] of Object.entries(from.responses)) same(`${at} ${k}`, step.request.parameters.ChallengeResponses[k], v);
  }
}

const challenges = (steps) => steps.map((step) => step.answer).filter((answer) => "ChallengeName" in answer);
