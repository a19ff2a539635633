/** Samples of the pages for password and e-mail address below /account. */
import type { ProfilePage } from '../account-props.ts';
import { confirmAddressPage, profilePage } from '../index.ts';
import { hostile, now, reference, step, type Sample } from './shared.ts';

const frame = { account: step.account, reference, now, here: '/account/profile' };
const profile = (name: string, more: Partial<ProfilePage> = {}): Sample => ({
  name: `account/profile/${name}`,
  draw: words => profilePage({ ...frame, isStale: false, hasPassword: true, sendsMail: true, ...more }, words),
});
const email = { address: 'ada@contoso.example', isVerified: true };
const confirm = (name: string, state: Parameters<typeof confirmAddressPage>[0]['state']): Sample => ({
  name: `account/address/${name}`,
  draw: words => confirmAddressPage({ ...frame, here: '/account/email/confirm', state }, words),
});

export const profiles: readonly Sample[] = [
  profile('usual', { email }),
  profile('changed', { email, notice: 'password-changed' }),
  profile('stale', { email, isStale: true }),
  profile('stale-unverified', { email: { ...email, isVerified: false }, isStale: true }),
  profile('unverified', { email: { ...email, isVerified: false } }),
  profile('waiting', { email, waiting: 'ada@new.example' }),
  profile('nothing', { hasPassword: false, sendsMail: false }),
  profile('wrong', { email, state: { of: 'password', kind: 'wrong' } }),
  profile('wait', { email, state: { of: 'password', kind: 'wait', until: now + 1_800_000 } }),
  profile('new-refused', { email, state: { of: 'new-password', kind: 'common' } }),
  profile('address-refused', { email, state: { of: 'address', kind: 'email', typed: 'ada' } }),
  profile('hostile', {
    account: hostile,
    email: { address: hostile, isVerified: false },
    waiting: hostile,
    state: { of: 'address', kind: 'email', typed: hostile },
  }),
  confirm('asked', { kind: 'asked', address: 'ada@new.example', token: 't' }),
  confirm('gone', { kind: 'gone' }),
  confirm('taken', { kind: 'taken' }),
];
