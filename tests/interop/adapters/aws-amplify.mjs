// Every function of Amplify's auth, by its own name.
import { Amplify } from "aws-amplify";
import * as auth from "aws-amplify/auth";
import { setTimeout } from "node:timers/promises";
import { recordFetch, serve } from "./json-lines.mjs";

// node 20 has no navigator. Without one the library cannot name the device, and silently never confirms it.
globalThis.navigator ??= { userAgent: `node ${process.version}`, platform: process.platform };
recordFetch();

let signedInAt = 0;

await serve({
  // autoSignIn is replaced at run time: each is looked up when it is called.
  ...Object.fromEntries(Object.keys(auth).map((name) => [name, (...given) => auth[name](...given)])),
  configure(endpoint, userPoolId, userPoolClientId) {
    Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint: endpoint } } });
  },
  async autoSignIn() {
    // The library takes two calls within 300 ms for a double click, and the promise of the second never settles.
    await setTimeout(signedInAt + 310 - Date.now());
    signedInAt = Date.now();
    return auth.autoSignIn();
  },
  async tokens(options) {
    const { tokens, userSub } = await auth.fetchAuthSession(options);
    return tokens ? { access: String(tokens.accessToken), id: String(tokens.idToken), userSub } : null;
  },
});
