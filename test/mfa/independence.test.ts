/** Tests which methods a person loses together, and which steps share a channel. Guard of C10: `src/mfa/independence.ts#independentCount`. */
import { describe, expect, it } from '@jest/globals';
import {
  addsIndependence,
  channelOf,
  independentCount,
  mailboxOf,
  sharesChannel,
  type Comparable,
} from '../../src/mfa/independence.ts';

const phone = (number: string, more: object = {}): Comparable => ({
  type: 'phone',
  data: { number, ...more },
  id: number,
});
const [mobile, second] = [phone('+12025550143', { kind: 'mobile' }), phone('+12025550144', { kind: 'mobile' })];
const alternate = phone('+12025550145', { kind: 'alternate' });
const office = phone('+12025550150', { kind: 'office', extension: '421' });
const app = (id: string): Comparable => ({ type: 'totp', data: { secret: id }, id });
const token = (serial: string): Comparable => ({ type: 'totp', data: { secret: 'x', serial }, id: serial });
const passkey = (id: string, deviceType: string): Comparable => ({ type: 'passkey', data: { deviceType }, id });
const [synced, bound] = [passkey('a', 'multiDevice'), passkey('b', 'singleDevice')];
const codes: Comparable = { type: 'recovery-codes', data: {}, id: 'codes' };
const pass: Comparable = { type: 'temporary-access-pass', data: {}, id: 'pass' };

describe('methods that are lost with one phone count once:', () => {
  it.each<[string, readonly Comparable[], number]>([
    ['nothing', [], 0],
    ['a mobile number', [mobile], 1],
    ['two mobile numbers', [mobile, second], 2],
    ['one number twice', [mobile, phone('+12025550143', { kind: 'alternate' })], 1],
    ['an app', [app('a')], 1],
    ['two apps', [app('a'), app('b')], 1],
    ['a mobile number and an app', [mobile, app('a')], 1],
    ['a number of unknown kind and an app', [phone('+12025550143'), app('a')], 1],
    ['two mobile numbers and an app', [mobile, second, app('a')], 2],
    ['another phone and an app', [alternate, app('a')], 2],
    ['an office and an app', [office, app('a')], 2],
    ['an extension of unknown kind and an app', [phone('+12025550150', { extension: '421' }), app('a')], 2],
    ['two extensions of one office', [office, phone('+12025550150', { kind: 'office', extension: '422' })], 1],
    ['a mobile number and an office', [mobile, office], 2],
    ['a hardware token and an app', [token('1'), app('a')], 2],
    ['two hardware tokens', [token('1'), token('2')], 2],
    ['a mailbox and a mobile number', [{ type: 'email', data: { email: 'ada@example.com' } }, mobile], 2],
    ['two synced passkeys', [synced, passkey('c', 'multiDevice')], 1],
    ['two security keys', [bound, passkey('c', 'singleDevice')], 2],
    ['a synced passkey and a security key', [synced, bound], 2],
    ['a synced passkey and a mobile number', [synced, mobile], 2],
    ['an app and recovery codes', [app('a'), codes], 1],
    ['recovery codes and a pass', [codes, pass], 0],
  ])('%s', (_, authenticators, expected) => {
    expect(independentCount(authenticators)).toBe(expected);
  });

  it('a backup must be something that would be left', () => {
    expect(addsIndependence([mobile], app('a'))).toBe(false);
    expect(addsIndependence([app('a')], mobile)).toBe(false);
    expect(addsIndependence([app('a')], alternate)).toBe(true);
    expect(addsIndependence([mobile], second)).toBe(true);
  });
});

describe('two steps share a channel', () => {
  it.each<[string, Comparable, string, boolean]>([
    [
      'where both go to one mailbox',
      { type: 'email', data: { email: 'Ada@Example.com' } },
      mailboxOf('ada@example.com'),
      true,
    ],
    [
      'not where they go to two',
      { type: 'email', data: { email: 'ada@example.com' } },
      mailboxOf('noor@example.com'),
      false,
    ],
    ['where both go to one number', mobile, channelOf(phone('+12025550143')), true],
    ['not where one is an app', app('a'), mailboxOf('ada@example.com'), false],
    ['where one device does both', app('a'), channelOf(app('b')), true],
  ])('%s', (_, step, other, expected) => {
    expect(sharesChannel([other], [channelOf(step)])).toBe(expected);
  });
});
