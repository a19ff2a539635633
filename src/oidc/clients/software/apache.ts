/** Apache with mod_auth_openidc. */
import type { Software } from './software.ts';

export const apache: Software = {
  title: 'Apache mod_auth_openidc',
  registration: {},
  redirectPath: '/oidc/callback',
  logoutPath: '/',
  sends: 'nonce',
  snippetSendsPkce: true,
  file: '/etc/apache2/conf-available/oidc.conf',
  syntax: 'apache',
  snippet: ({ issuer, clientId, clientSecret, redirectUri, random }) => `\
OIDCProviderMetadataURL "${issuer}/.well-known/openid-configuration"
OIDCClientID "${clientId}"
OIDCClientSecret "${clientSecret}"
OIDCRedirectURI "${redirectUri}"
OIDCCryptoPassphrase "${random}"
OIDCScope "openid profile email groups"
OIDCPKCEMethod S256
OIDCRemoteUserClaim preferred_username

<Location "/">
  AuthType openid-connect
  Require valid-user
</Location>
`,
  notes: [
    'The redirect address must be below a protected path, and no page may exist there.',
    '`Require claim groups:staff` lets in one group.',
  ],
};
