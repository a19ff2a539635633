/** Keeps ten subjects where a reader of file names looks for them. */
import { describe, expect, test } from '@jest/globals';
import { read } from './support/sources.ts';

describe('a question is answered by the file that one would open', () => {
  test.each([
    ['How many attempts does a code allow?', 'src/mfa/limits/settings.ts', /attempts/i],
    ['How many texts may a number get?', 'src/mfa/limits/send-limits.ts', /number/],
    ['Which acr does a call reach?', 'src/mfa/factors/call.ts', /reaches/],
    ['What is said on the phone in French?', 'src/locales/fr/phone.ts', /touche/],
    ['With which parameters are passwords hashed?', 'src/users/passwords/password-hash.ts', /memory|iterations/i],
    ['When is an account locked?', 'src/locked-account.ts', /locked/i],
    ['Who may remove a method?', 'src/mfa/methods.ts', /remove/],
    ['How is the signature of a carrier checked?', 'adapters/twilio/signed-form.ts', /signature/i],
    ['How long is the wait between resends?', 'src/mfa/challenge/resend.ts', /wait|gap/i],
    ['What is a page told while a phone rings?', 'interactions/events/events.ts', /event-stream/],
  ])('%s %s', (_, path, subject) => {
    expect(read(path).get(path) ?? 'no such file').toMatch(subject);
  });
});
