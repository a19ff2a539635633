/** Tests what a removal must leave, what the security page says would be left, and which names a method can have. */
import { describe, expect, test } from '@jest/globals';
import type { Method } from '../../src/mfa/assurance.ts';
import type { Acr, Authenticator } from '../../src/mfa/factor.ts';
import { readLabel } from '../../src/mfa/method-label.ts';
import { removalRefusal, type RemovalPolicy } from '../../src/mfa/removal.ts';
import { safetyOf } from '../../src/mfa/safety.ts';

const phone = (id: string, kind = 'mobile'): Authenticator => ({
  id,
  type: 'phone',
  label: kind,
  data: { number: `+1202555${id}`, kind },
  createdAt: 0,
});
const app: Authenticator = { id: 'app', type: 'totp', label: 'App', data: { secret: 'x' }, createdAt: 0 };
const reaches: Readonly<Record<string, Acr>> = { phone: 'mfa', totp: 'aal2' };
const method = ({ id, type, label }: Authenticator): Method => ({
  factor: type,
  chosen: id,
  reaches: reaches[type] ?? 'mfa',
  label,
  isDefault: false,
});

const refusal = (
  stored: readonly Authenticator[],
  policy: Partial<RemovalPolicy> = {},
  disabled: readonly Authenticator[] = [],
): string | undefined =>
  removalRefusal({
    stored,
    removed: stored[0]?.id ?? '',
    policy: { requiredMethods: 0, needs: [], ...policy },
    methodsOf: some => some.filter(each => !disabled.includes(each)).map(method),
  });

describe('a removal', () => {
  test.each<[string, string | undefined, Parameters<typeof refusal>]>([
    ['of the last method', 'last', [[app]]],
    ['that leaves a disabled method only', 'last', [[app, phone('1000')], {}, [phone('1000')]]],
    ['that leaves another method', undefined, [[app, phone('1000')]]],
    ['of one of two that are required', 'required', [[phone('1000'), phone('1001', 'office')], { requiredMethods: 2 }]],
    [
      'of one of two that can be used, where two are required',
      'required',
      [[phone('1000'), phone('1001', 'office'), phone('1002', 'alternate')], { requiredMethods: 2 }, [phone('1002')]],
    ],
    ['of an app beside its phone', undefined, [[app, phone('1000'), phone('1001', 'office')], { requiredMethods: 2 }]],
    ['of the only method of a required level', 'level', [[app, phone('1000')], { needs: [{ acr: 'aal2' }] }]],
    [
      'of the only method of an allowed factor',
      'level',
      [[app, phone('1000')], { needs: [{ acr: 'mfa', factors: ['totp'] }] }],
    ],
    ['of one that no need is about', undefined, [[phone('1000'), app], { needs: [{ acr: 'mfa', factors: ['totp'] }] }]],
    [
      'of the only method for one of several needs',
      'level',
      [[app, phone('1000')], { needs: [{ acr: 'phr' }, { acr: 'aal2' }] }],
    ],
    ['where the level was not reached before', undefined, [[phone('1000'), app], { needs: [{ acr: 'phr' }] }]],
  ])('%s: %s', (_, expected, [stored, policy, disabled = []]) => {
    const same = stored.filter(each => disabled.some(({ id }) => id === each.id));
    expect(refusal(stored, policy, same)).toBe(expected);
  });
});

describe('what would be left', () => {
  test.each([
    ['without a method', { kind: 'none' }, safetyOf([], 10)],
    ['with everything on the phone', { kind: 'stuck' }, safetyOf([phone('1000'), app], 0)],
    ['with recovery codes', { kind: 'left', means: ['recovery-codes'] }, safetyOf([phone('1000')], 1)],
    ['with another phone', { kind: 'left', means: ['phone'] }, safetyOf([app, phone('1', 'office')], 0)],
    ['with one method that is not on the phone', { kind: 'only-one' }, safetyOf([phone('1', 'office')], 0)],
    [
      'with one method that is not on the phone, and recovery codes',
      { kind: 'others', means: ['phone', 'recovery-codes'] },
      safetyOf([phone('1', 'office')], 1),
    ],
    [
      'with two that are not on the phone',
      { kind: 'others', means: ['phone'] },
      safetyOf([phone('1', 'office'), phone('2', 'alternate')], 0),
    ],
  ])('%s', (_, expected, safety) => {
    expect(safety).toEqual(expected);
  });
});

test.each([
  ['  Cafe\u0301 ', 'Caf\u00E9'],
  ['a\u202Eb\nc', 'abc'],
  ['x'.repeat(60), 'x'.repeat(60)],
  ['x'.repeat(61), undefined],
  [' \u200B ', undefined],
  ['\uD800', undefined],
])('the name %j is kept as %j', (typed, label) => {
  expect(readLabel(typed)).toBe(label);
});
