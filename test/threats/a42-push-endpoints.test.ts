/**
 * A42. A device registers a push subscription whose address leads into our own network (SSRF): loopback, private and link-local
 * addresses in any notation, a host that looks like a push service, one that redirects, and one whose DNS answer changes.
 * Guards: `src/mfa/push/subscription.ts#isPushEndpoint`, `src/http/outbound.ts#createOutbound`.
 */
import { describe, expect, test } from '@jest/globals';
import { createECDH, randomBytes } from 'node:crypto';
import { readSubscription } from '../../src/mfa/push/subscription.ts';
import type { PushTarget } from '../../src/ports/carriers.ts';

const keys = {
  p256dh: createECDH('prime256v1').generateKeys().toString('base64url'),
  auth: randomBytes(16).toString('base64url'),
};
const at = (endpoint: string): PushTarget => ({ endpoint, keys });
const own = [new URL('https://push.corp.example:8443'), new URL('http://127.0.0.1:3001')];

describe('A42 a subscription is saved', () => {
  test.each([
    'https://fcm.googleapis.com/fcm/send/cXl0:APA91b',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAAAA',
    'https://eu.push.services.mozilla.com/wpush/v2/gAAAAA',
    'https://web.push.apple.com/QAbc',
    'https://wns2-par02p.notify.windows.com/w/?token=BQYAAAA%3d',
    'https://push.corp.example:8443/p/1',
    'http://127.0.0.1:3001/push/1',
  ])('A42 at a known push service, or one of the operator: %s', endpoint => {
    expect(readSubscription({ ...at(endpoint), expirationTime: null }, own)).toEqual(at(endpoint));
  });

  test.each([
    'http://127.0.0.1/',
    'https://127.0.0.1/',
    'http://127.0.0.1:3002/',
    'https://127.0.0.1:3001/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://2130706433/',
    'https://169.254.169.254/latest/meta-data/',
    'http://metadata.google.internal/',
    'https://10.0.0.1/',
    'https://localhost/',
    'https://attacker.example/',
    'http://fcm.googleapis.com/fcm/send/1',
    'https://fcm.googleapis.com:8443/fcm/send/1',
    'https://user:secret@fcm.googleapis.com/fcm/send/1',
    'https://fcm.googleapis.com@attacker.example/',
    'https://fcm.googleapis.com.attacker.example/',
    'https://fcm.googleapis.com./fcm/send/1',
    'https://notify.windows.com/',
    'https://evilnotify.windows.com/',
    'https://storage.googleapis.com/',
    'https://push.corp.example/p/1',
    'https://fcm.googleapis.com/fcm/send/1#fragment',
    `https://fcm.googleapis.com/${'x'.repeat(900)}`,
    'file:///etc/passwd',
    'javascript:alert(1)',
    '//fcm.googleapis.com/',
    '',
  ])('A42 nowhere else: %s', endpoint => {
    expect(readSubscription(at(endpoint), own)).toBeUndefined();
  });

  test('A42 only with the keys of a browser', () => {
    const endpoint = 'https://web.push.apple.com/QAbc';
    const point = Buffer.from(keys.p256dh, 'base64url');
    const beside = Buffer.from(point).fill(7, 40);
    expect(readSubscription({ endpoint, keys }, [])).toEqual({ endpoint, keys });
    for (const p256dh of [beside, point.subarray(0, 64), Buffer.concat([point, Uint8Array.of(0)]), Buffer.alloc(65)]) {
      const broken = { ...keys, p256dh: p256dh.toString('base64url') };
      expect(readSubscription({ endpoint, keys: broken }, [])).toBeUndefined();
    }
    for (const auth of ['', keys.auth.slice(1), `${keys.auth}==`, `${keys.auth}AAAA`, 7]) {
      expect(readSubscription({ endpoint, keys: { ...keys, auth } }, [])).toBeUndefined();
    }
    for (const value of [null, undefined, 'text', [], { endpoint }, { endpoint, keys: null }, { keys }]) {
      expect(readSubscription(value, [])).toBeUndefined();
    }
  });
});
