/** What every factor keeps, run over the factors there are: each with a person who knows how to answer it. */
import { describe, expect, it } from '@jest/globals';
import { generateSync } from 'otplib';
import { factors } from '../../src/mfa/factors/index.ts';
import type { Json } from '../../src/ports.ts';
import { createClock } from '../support/clock.ts';
import { createHeart, createTelephone, momentOf } from '../support/heart.ts';
import { stores } from '../support/stores.ts';

/** How a person answers: what they have bound, what they say when it is right, and what is wrong. */
const people: Record<
  string,
  { readonly data: Json; readonly right: (now: number) => string; readonly wrong: readonly Json[] }
> = {
  call: {
    data: { number: '+12025550143' },
    right: () => '#',
    wrong: ['', '1', '*', '##', '#0', null, 12, { keys: '#' }],
  },
  totp: {
    data: { secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', lastStep: -1 },
    right: now => generateSync({ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', epoch: Math.floor(now / 1000) }),
    wrong: ['', '000000', null, 12, ['1'], { code: '123456' }],
  },
};

describe.each(factors.map(factor => ({ factor, type: factor.type })))('the factor $type', ({ factor, type }) => {
  const start = async () => {
    const person = people[type];
    const [memory] = stores;
    if (person === undefined || memory === undefined) throw new Error(`who knows how to answer ${type}?`);
    const clock = createClock();
    const telephone = createTelephone();
    const node = await memory.open(clock);
    const heart = createHeart(node, { clock, factors, channels: [telephone] });
    const { user, bound } = await heart.person('ada', [{ type, data: person.data }]);
    const chosen = factor.asksFor === 'one' ? bound[0]?.id : undefined;
    const asked = { userId: user.id, factor: type, ...(chosen !== undefined && { chosen }) };
    const answer = async (boundTo: string, what: Json) =>
      factor.answeredBy === 'browser'
        ? heart.challenges.answer(boundTo, what)
        : heart.challenges.respond(telephone.sent.at(-1)?.token ?? '', what, `CA${telephone.sent.length}`);
    return { person, clock, heart, user, asked, answer, moment: momentOf(user) };
  };

  it('passes for the person who knows how to answer, and reaches what it promises', async () => {
    const { person, clock, heart, asked, answer, moment } = await start();
    await heart.challenges.begin(asked, 'uid', moment);
    expect(await answer('uid', person.right(clock()))).toEqual({ ok: true });
    expect(await heart.challenges.redeem('uid')).toMatchObject({ factor: type, acr: factor.reaches });
  });

  it('passes for nothing else', async () => {
    const { person, clock, heart, asked, answer, moment } = await start();
    for (const [index, wrong] of person.wrong.entries()) {
      await heart.challenges.begin(asked, `uid ${index}`, moment);
      expect(await answer(`uid ${index}`, wrong)).toMatchObject({ ok: false });
      await heart.challenges.cancel(`uid ${index}`);
      clock.advance(4_000_000);
    }
  });

  it('an answer from the other side is refused', async () => {
    const { person, clock, heart, asked, moment } = await start();
    await heart.challenges.begin(asked, 'uid', moment);
    const other =
      factor.answeredBy === 'browser'
        ? await heart.challenges.respond('no such token', person.right(clock()))
        : await heart.challenges.answer('uid', person.right(clock()));
    expect(other).toEqual({ ok: false, why: 'refused' });
  });

  it('is over when its time is', async () => {
    const { person, clock, heart, asked, answer, moment } = await start();
    await heart.challenges.begin(asked, 'uid', moment);
    clock.advance(factor.lasts.answer + 1);
    expect(await answer('uid', person.right(clock()))).toMatchObject({ ok: false, why: 'over' });
  });

  it('leaves nothing readable in a store', async () => {
    const { heart, user, asked, moment } = await start();
    await heart.challenges.begin(asked, 'uid', moment);
    const kept = JSON.stringify(await heart.collections.authenticators.find({ userId: user.id }));
    for (const secret of ['GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '2025550143']) expect(kept).not.toContain(secret);
  });
});
