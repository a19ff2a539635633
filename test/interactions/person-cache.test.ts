/** Tests that the person of a form is cached for the next page of the same browser, once and for two seconds, and for no other. */
import { expect, test } from '@jest/globals';
import { PersonCache } from '../../interactions/person-cache.ts';
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
  const personCache = new PersonCache(createClock());
  personCache.keep(here, { user, stored: [] });
  expect(personCache.take(here)).toMatchObject({ user, stored: [] });
  expect(personCache.take(here)).toBeUndefined();
});

test('another browser with the same address gets nobody, nor does another sign-in', () => {
  const personCache = new PersonCache(createClock());
  personCache.keep(here, { user, stored: [] });
  expect(personCache.take({ ...here, interaction: 'another' })).toBeUndefined();
  expect(personCache.take({ ...here, browser: 'another' })).toBeUndefined();
});

test('a page that comes later than two seconds reads for itself', () => {
  const clock = createClock();
  const personCache = new PersonCache(clock);
  personCache.keep(here, { user, stored: [] });
  clock.advance(2000);
  expect(personCache.take(here)).toBeUndefined();
});

test('so many are kept at most, the newest', () => {
  const personCache = new PersonCache(createClock());
  for (let at = 0; at <= 500; at += 1) personCache.keep({ ...here, interaction: `${at}` }, { user, stored: [] });
  expect(personCache.take({ ...here, interaction: '0' })).toBeUndefined();
  expect(personCache.take({ ...here, interaction: '500' })).toBeDefined();
});
