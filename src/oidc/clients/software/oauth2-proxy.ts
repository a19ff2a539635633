/** oauth2-proxy, in front of software without a sign-in of its own. */
import { optionalPkce, type Software } from './software.ts';

export const oauth2Proxy: Software = {
  title: 'oauth2-proxy',
  registration: optionalPkce,
  redirectPath: '/oauth2/callback',
  sends: 'neither',
  snippetSendsPkce: true,
  file: 'oauth2-proxy.cfg',
  syntax: 'toml',
  snippet: ({ issuer, clientId, clientSecret, redirectUri, random }) => `\
provider = "oidc"
oidc_issuer_url = "${issuer}"
client_id = "${clientId}"
client_secret = "${clientSecret}"
redirect_url = "${redirectUri}"
code_challenge_method = "S256"
scope = "openid profile email groups"
cookie_secret = "${random}"
email_domains = ["*"]
upstreams = ["http://127.0.0.1:8080/"]
`,
  notes: [
    'It refuses people whose e-mail address is not verified: `users set NAME --email-verified`, where you know that it is theirs.',
    '`allowed_groups = ["staff"]` lets in one group.',
  ],
};
