/** Tests that the person of a form is handed to the next page of the same browser, once and for two seconds, and to nothing else. */
import { expect, test } from '@jest/globals';
import { HandedOn } from '../../interactions/handed-on.ts';
import type { User } from '../../src/records.ts';
import { createClock } from '../support/world/clock.ts';

const user: User = {
  id: 'ada',
  rev: 1,
  name: 'ada',
  displayName: 'Ada',
  signInNames: ['ada'],
  createdAt: 0,
  authenticators: [],
};
const here = { interaction: 'one', browser: 'secret' };

test('a page takes the person of the form before it once', () => {
  const handedOn = new HandedOn(createClock());
  handedOn.keep(here, { user, stored: [] });
  expect(handedOn.take(here)).toMatchObject({ user, stored: [] });
  expect(handedOn.take(here)).toBeUndefined();
});

test('another browser with the same address gets nobody, nor does another sign-in', () => {
  const handedOn = new HandedOn(createClock());
  handedOn.keep(here, { user, stored: [] });
  expect(handedOn.take({ ...here, interaction: 'another' })).toBeUndefined();
  expect(handedOn.take({ ...here, browser: 'another' })).toBeUndefined();
});

test('a page that comes later than two seconds reads for itself', () => {
  const clock = createClock();
  const handedOn = new HandedOn(clock);
  handedOn.keep(here, { user, stored: [] });
  clock.advance(2000);
  expect(handedOn.take(here)).toBeUndefined();
});

test('so many are kept at most, the newest', () => {
  const handedOn = new HandedOn(createClock());
  for (let at = 0; at <= 500; at += 1) handedOn.keep({ ...here, interaction: `${at}` }, { user, stored: [] });
  expect(handedOn.take({ ...here, interaction: '0' })).toBeUndefined();
  expect(handedOn.take({ ...here, interaction: '500' })).toBeDefined();
});
