/** Jenkins with the plug-in oic-auth, by configuration as code. */
import { signedByRs256, type Software } from './software.ts';

export const jenkins: Software = {
  title: 'Jenkins (oic-auth)',
  registration: signedByRs256,
  redirectPath: '/securityRealm/finishLogin',
  logoutPath: '/OicLogout',
  sends: 'nonce',
  snippetSendsPkce: true,
  file: 'jenkins.yaml',
  syntax: 'yaml',
  snippet: ({ issuer, clientId, clientSecret }) => `\
jenkins:
  securityRealm:
    oic:
      clientId: "${clientId}"
      clientSecret: "${clientSecret}"
      serverConfiguration:
        wellKnown:
          wellKnownOpenIDConfigurationUrl: "${issuer}/.well-known/openid-configuration"
          scopesOverride: "openid profile email groups"
      userNameField: "preferred_username"
      fullNameFieldName: "name"
      emailFieldName: "email"
      groupsFieldName: "groups"
      logoutFromOpenidProvider: true
      properties:
        - "pkce"
`,
  notes: [
    'Set the address of Jenkins (Manage Jenkins, System, Jenkins URL): the plug-in makes its redirect address of it.',
  ],
};
