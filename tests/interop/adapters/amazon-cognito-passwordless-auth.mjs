// Signs in by SRP with amazon-cognito-passwordless-auth.
import { Passwordless } from "amazon-cognito-passwordless-auth";
import { authenticateWithSRP } from "amazon-cognito-passwordless-auth/srp";
import { recordFetch, serve } from "./json-lines.mjs";

recordFetch();

await serve({
  async signIn({ endpoint, userPoolId, clientId, clientSecret, username, password, code, newPassword }) {
    Passwordless.configure({ cognitoIdpEndpoint: endpoint, userPoolId, clientId, clientSecret });
    return authenticateWithSRP({
      username,
      password,
      smsMfaCode: async () => code,
      otpMfaCode: async () => code,
      newPassword: async () => newPassword,
      tokensCb: async () => {}, // nobody keeps them
    }).signedIn;
  },
});
