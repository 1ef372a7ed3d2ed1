// Verifies tokens with aws-jwt-verify.
import { CognitoJwtVerifier, JwtVerifier } from "aws-jwt-verify";
import { validateCognitoJwtFields } from "aws-jwt-verify/cognito-verifier";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { serve } from "./json-lines.mjs";

// The library's own fetcher knows https only.
const fetcher = { fetch: async (url) => (await fetch(url)).arrayBuffer() };

await serve({
  // A pool at any address: its keys are fetched from beside the issuer.
  async verify(token, { issuer, clientId, tokenUse }) {
    const customJwtCheck = ({ payload }) => validateCognitoJwtFields(payload, { clientId, tokenUse });
    const jwksCache = new SimpleJwksCache({ fetcher });
    return JwtVerifier.create({ issuer, audience: null, customJwtCheck }, { jwksCache }).verify(token);
  },

  // A pool that names the service itself as the issuer: its keys are given.
  async verifyAsTheService(token, { userPoolId, clientId, tokenUse, keys }) {
    const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse });
    verifier.cacheJwks(keys);
    return verifier.verify(token);
  },
});
