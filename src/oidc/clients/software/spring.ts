/** Spring Boot with Spring Security. */
import { signedByRs256, type Software } from './software.ts';

export const spring: Software = {
  title: 'Spring Boot',
  registration: signedByRs256,
  redirectPath: '/login/oauth2/code/sallyport',
  logoutPath: '/',
  sends: 'nonce',
  snippetSendsPkce: false,
  file: 'src/main/resources/application.yml',
  syntax: 'yaml',
  snippet: ({ issuer, clientId, clientSecret, redirectUri }) => `\
spring:
  security:
    oauth2:
      client:
        registration:
          sallyport:
            client-id: "${clientId}"
            client-secret: "${clientSecret}"
            redirect-uri: "${redirectUri}"
            scope: ["openid", "profile", "email"]
        provider:
          sallyport:
            issuer-uri: "${issuer}"
            user-name-attribute: "preferred_username"
`,
  notes: ['The dependency is spring-boot-starter-oauth2-client.'],
};
