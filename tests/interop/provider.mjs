// An OpenID Connect provider that is not ours: oidc-provider, with Niwari as its one client.
//
//   node provider.mjs '{"port": …, "niwari": "http://…", "secret": "…"}'
//
// Whoever enters a login has that account; the password is not looked at. All that it knows is in
// memory, its key too: started again it signs with another one, and nobody is signed in.

import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";

import Provider from "oidc-provider";

const { port, niwari, secret } = JSON.parse(process.argv[2]);

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };

// The subject tells nothing of the login, as with the providers that towns have.
const account = (login) => ({
  accountId: login,
  claims: () => ({
    sub: createHash("sha256").update(login).digest("hex"),
    preferred_username: login,
  }),
});

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "niwari",
      client_secret: secret,
      redirect_uris: [`${niwari}/sign-in/callback/1`],
      post_logout_redirect_uris: [`${niwari}/signed-out`],
      backchannel_logout_uri: `${niwari}/sign-in/back-channel-logout/1`,
      backchannel_logout_session_required: true,
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_basic",
    },
  ],
  claims: { openid: ["sub"], profile: ["preferred_username"] },
  // Niwari reads the ID token alone; without this the claims of a scope are at userinfo.
  conformIdTokenClaims: false,
  cookies: { keys: [randomUUID()] },
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  // Without its guard, which lets it reach no address of this machine: Niwari is on one.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  findAccount: (_, login) => account(login),
  jwks: { keys: [key] },
  pkce: { required: () => true },
});

provider.listen(port, "127.0.0.1");
