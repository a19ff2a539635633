/** Makes claims of an answer as a device signs them, for tests that go to the rules and not to the API. */
import type { AnswerClaims } from '../../src/mfa/push/protocol.ts';

/** An answer that fits no request; each member can be set. */
export const answerClaims = (members: Partial<AnswerClaims> = {}): AnswerClaims => ({
  iss: 'a device',
  aud: 'http://localhost:3000',
  request: 'a request',
  nonce: 'a nonce',
  client: 'Contoso',
  iat: 0,
  exp: 60,
  decision: 'approve',
  ...members,
});
