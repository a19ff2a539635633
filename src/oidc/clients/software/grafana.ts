/** Grafana, by its generic OAuth sign-in. */
import { optionalPkce, type Software } from './software.ts';

export const grafana: Software = {
  title: 'Grafana',
  registration: optionalPkce,
  redirectPath: '/login/generic_oauth',
  logoutPath: '/login',
  sends: 'neither',
  snippetSendsPkce: true,
  file: 'grafana.ini',
  syntax: 'ini',
  snippet: ({ issuer, clientId, clientSecret, url }) => `\
[server]
root_url = ${url}/

[auth]
signout_redirect_url = ${issuer}/session/end?client_id=${clientId}&post_logout_redirect_uri=${encodeURIComponent(`${url}/login`)}

[auth.generic_oauth]
enabled = true
name = Sallyport
client_id = ${clientId}
client_secret = ${clientSecret}
scopes = openid profile email groups
auth_url = ${issuer}/auth
token_url = ${issuer}/token
api_url = ${issuer}/me
use_pkce = true
login_attribute_path = preferred_username
name_attribute_path = name
email_attribute_path = email
groups_attribute_path = groups
role_attribute_path = contains(groups[*], 'grafana-admins') && 'Admin' || 'Viewer'
`,
  notes: ['Grafana asks for nothing but the access token: roles come from the claim `groups` of userinfo.'],
};
