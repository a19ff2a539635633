/** Tests the end of a sign-in after its stored proofs changed behind the page. */
import type { Context } from 'koa';
import { describe, expect, test } from '@jest/globals';
import { finishSignIn } from '../../interactions/finish.ts';
import type { InteractionDeps, UserContext } from '../../interactions/context.ts';
import type { InteractionResult } from '../../interactions/protocol.ts';
import { openMemoryShortLived } from '../../adapters/memory.ts';
import { silentLog } from '../../src/log.ts';
import { mint, type Proof } from '../../src/mfa/proof.ts';
import { SignInProofs } from '../../src/mfa/sign-in-proofs.ts';
import { wording } from '../../src/locales/wording.ts';
import { createClock } from '../support/world/clock.ts';

const browserInteraction = { interaction: 'one', browser: 'this-browser' };
const password = (userId: string): Proof => mint({ userId, factor: 'password', amr: ['pwd'], acr: 'sfa', at: 5000 });
const coded = (userId: string): Proof => mint({ userId, factor: 'totp', amr: ['otp'], acr: 'aal2', at: 9000 });

/** Ends Ada's sign-in with these proofs in the store. The context was read before and holds two proofs of Ada. */
const endOver = async (proofs: readonly Proof[]) => {
  const { ephemeral } = openMemoryShortLived({ clock: createClock() });
  const signInProofs = new SignInProofs(ephemeral, 600_000);
  const [first, ...rest] = proofs;
  if (first !== undefined) await signInProofs.begin(browserInteraction, first);
  for (const proof of rest) await signInProofs.add(browserInteraction, proof);
  const ends: InteractionResult[] = [];
  const deps = {
    signInProofs,
    ephemeral: ephemeral,
    log: silentLog,
    factors: [],
    cookies: { remember() {} },
    newBrowsers: { async note() {} },
    isBreakGlass: () => false,
    protocol: {
      forget() {},
    },
  } as unknown as InteractionDeps;
  const context = {
    signIn: {
      id: 'one',
      prompt: 'login',
      required: { acr: 'sfa', minimum: 'sfa' },
      client: { id: 'c', name: 'Contoso' },
    },
    async finish(result: InteractionResult) {
      ends.push(result);
      return '/auth/one';
    },
    browserInteraction,
    words: wording('en'),
    stored: [],
    user: { id: 'ada' },
    state: {
      signIn: { prompt: 'login', required: { acr: 'sfa', minimum: 'sfa' } },
      userId: 'ada',
      methods: [{ factor: 'totp', reaches: 'aal2', label: 'App', isDefault: true }],
      proofs: [password('ada'), coded('ada')],
    },
    frame: { uid: 'one', client: { name: 'Contoso' }, reference: '7K3MQ2XA', now: 9000 },
  } as unknown as UserContext;
  const gone: string[] = [];
  const ctx = { redirect: (to: string) => void gone.push(to), get: () => '' } as unknown as Context;
  await finishSignIn(deps, ctx, context);
  return { ends, gone, left: await signInProofs.read(browserInteraction) };
};

describe('the end of a sign-in', () => {
  test('returns the stored proofs once, with the time of the password, and removes them', async () => {
    const { ends, left } = await endOver([password('ada'), coded('ada')]);
    expect(ends).toEqual([
      {
        kind: 'signed-in',
        userId: 'ada',
        acr: 'aal2',
        amr: ['pwd', 'otp', 'mfa'],
        at: 5000,
        second: { method: 'totp', at: 9, acr: 'aal2' },
      },
    ]);
    expect(left).toBeUndefined();
  });

  test.each<[string, readonly Proof[]]>([
    ['another person has begun meanwhile', [password('eve'), coded('eve')]],
    ['the second proof is gone', [password('ada')]],
    ['everything is gone', []],
  ])('returns no result if %s', async (_name, proofs) => {
    const { ends, gone } = await endOver(proofs);
    expect({ ends, gone }).toEqual({ ends: [], gone: ['/interaction/one'] });
  });
});
