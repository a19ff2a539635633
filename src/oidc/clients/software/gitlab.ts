/** GitLab, installed from its Linux package. */
import { signedByRs256, type Software } from './software.ts';

export const gitlab: Software = {
  title: 'GitLab',
  registration: signedByRs256,
  redirectPath: '/users/auth/openid_connect/callback',
  sends: 'nonce',
  snippetSendsPkce: true,
  file: '/etc/gitlab/gitlab.rb',
  syntax: 'ruby',
  snippet: ({ issuer, clientId, clientSecret, redirectUri }) => `\
gitlab_rails["omniauth_allow_single_sign_on"] = ["openid_connect"]
gitlab_rails["omniauth_block_auto_created_users"] = false
gitlab_rails["omniauth_providers"] = [
  {
    name: "openid_connect",
    label: "Sallyport",
    args: {
      name: "openid_connect",
      scope: ["openid", "profile", "email"],
      response_type: "code",
      issuer: "${issuer}",
      discovery: true,
      client_auth_method: "basic",
      uid_field: "sub",
      pkce: true,
      client_options: {
        identifier: "${clientId}",
        secret: "${clientSecret}",
        redirect_uri: "${redirectUri}"
      }
    }
  }
]
`,
  notes: ['`gitlab-ctl reconfigure` applies it. The issuer must be https.'],
};
