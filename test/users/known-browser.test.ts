/** Tests when a device counts as known to a person. */
import { describe, expect, test } from '@jest/globals';
import type { User } from '../../src/records.ts';
import { isKnownTo, lastMethodOf, visited } from '../../src/users/known-browser.ts';

const user = (id: string, signedOutAt?: number): User => ({
  id,
  rev: 1,
  name: id,
  signInNames: [id],
  displayName: id,
  createdAt: 1,
  authenticators: [],
  ...(signedOutAt !== undefined && { signedOutAt }),
});

describe('a device', () => {
  test('is known for the people who signed in on it only', () => {
    const device = visited(undefined, { userId: 'ada', at: 1000 });
    expect(isKnownTo(device, user('ada'))).toBe(true);
    expect(isKnownTo(device, user('noor'))).toBe(false);
    expect(isKnownTo(undefined, user('ada'))).toBe(false);
  });

  test('is unknown after a new password or a lock until the next sign-in', () => {
    const device = visited(undefined, { userId: 'ada', at: 1000 });
    expect([999, 1000, 1001].map(at => isKnownTo(device, user('ada', at)))).toEqual([true, false, false]);
    expect(isKnownTo(visited(device, { userId: 'ada', at: 1002 }), user('ada', 1001))).toBe(true);
  });

  test('is not made known by a step-up, which keeps the time of the sign-in', () => {
    expect(isKnownTo(visited(undefined, { userId: 'ada', method: 'totp' }), user('ada'))).toBe(false);
    const device = visited(undefined, { userId: 'ada', at: 1000, method: 'call' });
    const after = visited(device, { userId: 'ada', method: 'totp' });
    expect(after).toEqual({ id: device.id, people: [{ userId: 'ada', at: 1000, method: 'totp' }] });
  });

  test('keeps the last method of five people and drops the least recent', () => {
    let device = visited(undefined, { userId: '0', at: 0, method: 'call:0' });
    const { id } = device;
    for (const at of [1, 2, 3, 4, 0, 5]) device = visited(device, { userId: `${at}`, at, method: `call:${at}` });
    expect(device.id).toBe(id);
    expect(device.people.map(each => each.userId)).toEqual(['5', '0', '4', '3', '2']);
    expect([lastMethodOf(device, '0'), lastMethodOf(device, '1')]).toEqual(['call:0', undefined]);
    expect(lastMethodOf(undefined, '0')).toBeUndefined();
  });

  test('keeps the earlier method if the new one is too long or missing', () => {
    const device = visited(undefined, { userId: 'ada', at: 1, method: 'call' });
    expect(lastMethodOf(visited(device, { userId: 'ada', method: 'x'.repeat(65) }), 'ada')).toBe('call');
    expect(lastMethodOf(visited(device, { userId: 'ada', at: 2 }), 'ada')).toBe('call');
  });

  test('has an unguessable id', () => {
    const ids = Array.from({ length: 100 }, () => visited(undefined, { userId: 'ada' }).id);
    expect(new Set(ids).size).toBe(100);
    expect(ids.every(id => /^[\w-]{22}$/.test(id))).toBe(true);
  });
});
