import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import twilio from 'twilio';
import { sign } from '../../simulator/network/signature.ts';

describe('the signature of a request', () => {
  test('the signature of the example that Twilio publishes is reproduced', () => {
    // The example of the helper libraries' documentation on validating requests.
    const fields = [
      ['CallSid', 'CA1234567890ABCDE'],
      ['Caller', '+14158675309'],
      ['Digits', '1234'],
      ['From', '+14158675309'],
      ['To', '+18005551212'],
    ] as const;
    const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
    expect(sign('12345', url, fields)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
    expect(sign('12345', url, fields.toReversed())).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
    expect(sign('12346', url, fields)).not.toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
  });

  test('the signature of a request without fields covers its URL', () => {
    const url = 'https://example.com/voice?x=1';
    expect(sign('key', url, [])).toBe(createHmac('sha1', 'key').update(url).digest('base64'));
  });

  test('the official library accepts the signatures of 300 random forms', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,20}$/);
    const form = fc.dictionary(name, fc.string({ unit: 'binary', maxLength: 40 }), { maxKeys: 12 });
    const path = fc.webPath().map(text => `https://idp.example${text.startsWith('/') ? text : `/${text}`}`);
    fc.assert(
      fc.property(form, path, fc.stringMatching(/^[0-9a-f]{32}$/), (fields, url, token) => {
        const signature = sign(token, url, Object.entries(fields));
        expect(twilio.validateRequest(token, signature, url, fields)).toBe(true);
        expect(twilio.validateRequest(`${token}0`, signature, url, fields)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('the signature sorts the values of one name and drops duplicates, as the official library does', () => {
    const fields = [
      ['A', '2'],
      ['A', '1'],
      ['A', '2'],
    ] as const;
    expect(
      twilio.validateRequest('k', sign('k', 'https://e.example/', fields), 'https://e.example/', { A: ['2', '1'] }),
    ).toBe(true);
  });
});
