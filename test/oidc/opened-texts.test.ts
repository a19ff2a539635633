/** Tests that a remembered text never stands for another one. */
import { expect, test } from '@jest/globals';
import { createSecretKey } from 'node:crypto';
import { createSealer, sealJson, type Sealer } from '../../src/crypto.ts';
import { createOpenedTexts } from '../../src/oidc/adapter/opened-texts.ts';

const world = () => {
  const unreadable: string[] = [];
  const key = { id: 'k', key: createSecretKey(Buffer.alloc(32, 1)) };
  const sealer = createSealer([key], ({ boundTo }) => unreadable.push(boundTo));
  let opened = 0;
  const counting: Sealer = {
    ...sealer,
    open(sealed, boundTo) {
      opened += 1;
      return sealer.open(sealed, boundTo);
    },
  };
  return { sealer, unreadable, open: createOpenedTexts(counting), opened: () => opened };
};

test('the same sealed text is decrypted once, and gives another object each time', () => {
  const { sealer, open, opened } = world();
  const sealed = sealJson(sealer, { accountId: 'ada' }, 'Session:1');
  const first = open(sealed, 'Session:1');
  Object.assign(first ?? {}, { accountId: 'eve' });
  expect(open(sealed, 'Session:1')).toEqual({ accountId: 'ada' });
  expect(opened()).toBe(1);
});

test('a changed record is decrypted anew', () => {
  const { sealer, open } = world();
  open(sealJson(sealer, { accountId: 'ada' }, 'Session:1'), 'Session:1');
  expect(open(sealJson(sealer, { accountId: 'bob' }, 'Session:1'), 'Session:1')).toEqual({ accountId: 'bob' });
});

test('a text that belongs to another record, or whose bytes changed, does not open and is reported each time', () => {
  const { sealer, open, unreadable } = world();
  const sealed = sealJson(sealer, { accountId: 'ada' }, 'Session:1');
  expect(open(sealed, 'Session:1')).toBeDefined();
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
  const openBoth = () => [open(sealed, 'Session:2'), open(changed, 'Session:1')];
  expect([...openBoth(), ...openBoth()]).toEqual([undefined, undefined, undefined, undefined]);
  expect(unreadable).toEqual(['Session:2', 'Session:1', 'Session:2', 'Session:1']);
});

test('the number of remembered texts is bounded', () => {
  const { sealer, open, opened } = world();
  const sealed = sealJson(sealer, { accountId: 'ada' }, 'Session:0');
  open(sealed, 'Session:0');
  for (let at = 1; at <= 1000; at += 1) open(sealJson(sealer, {}, `Session:${at}`), `Session:${at}`);
  open(sealed, 'Session:0');
  expect(opened()).toBe(1002);
});
