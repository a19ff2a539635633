/** A browser behind a proxy of the world: each of its requests has these headers, also those of redirects. */
import type { World } from '../world/world.ts';
import type { Browser } from './plain.ts';

export const browserWith = (world: Pick<World, 'browser'>, headers: Readonly<Record<string, string>>): Browser => {
  const browser = world.browser();
  const go = browser.go.bind(browser);
  browser.go = async (to, ask) => go(to, { ...ask, headers: { ...headers, ...ask?.headers } });
  return browser;
};
