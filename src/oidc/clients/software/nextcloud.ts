/** Nextcloud with the app user_oidc. */
import { fullIdToken, signedByRs256, type Software } from './software.ts';

export const nextcloud: Software = {
  title: 'Nextcloud (user_oidc)',
  registration: { ...signedByRs256, ...fullIdToken },
  redirectPath: '/apps/user_oidc/code',
  logoutPath: '/',
  sends: 'PKCE and nonce',
  snippetSendsPkce: true,
  file: 'on the server of Nextcloud, in its folder',
  syntax: 'shell',
  snippet: ({ issuer, clientId, clientSecret }) => `\
php occ app:install user_oidc
php occ user_oidc:provider Sallyport \\
  --clientid="${clientId}" \\
  --clientsecret="${clientSecret}" \\
  --discoveryuri="${issuer}/.well-known/openid-configuration" \\
  --scope="openid profile email groups" \\
  --mapping-uid=sub \\
  --mapping-display-name=name \\
  --mapping-email=email \\
  --mapping-groups=groups
`,
  notes: [
    'Without short addresses, Nextcloud uses `/index.php/apps/user_oidc/code`: `clients set ID --add-redirect-uri` adds it.',
    'Nextcloud asks no server in a private network unless `allow_local_remote_servers` is true in its config.php.',
  ],
};
