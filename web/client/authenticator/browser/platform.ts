/** Finds out what this browser is and can. */
import { appLanguages, type AppLanguage, type Obstacle } from '../state.ts';
import type { AppWords } from '../words.ts';

interface Agent {
  readonly userAgent: string;
  readonly maxTouchPoints: number;
}

const isIos = ({ userAgent, maxTouchPoints }: Agent): boolean =>
  // Safari on an iPad says that it is a Mac, but no Mac has a touch screen.
  /iPhone|iPad|iPod/u.test(userAgent) || (/Macintosh/u.test(userAgent) && maxTouchPoints > 1);

const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg(?:A|iOS)?\//u, 'Edge'],
  [/OPR\//u, 'Opera'],
  [/SamsungBrowser\//u, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//u, 'Firefox'],
  [/Chrome\/|CriOS\//u, 'Chrome'],
  [/Safari\//u, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/Android/u, 'Android'],
  [/Windows/u, 'Windows'],
  [/CrOS/u, 'ChromeOS'],
  [/Macintosh/u, 'Mac'],
  [/Linux/u, 'Linux'],
];

const named = (text: string, names: readonly (readonly [RegExp, string])[]): string | undefined =>
  names.find(([pattern]) => pattern.test(text))?.[1];

/** A name to suggest for this device: "iPhone", "Chrome on Android". `worded` names a browser with its system. */
export const deviceName = (agent: Agent, worded: AppWords['browser']): string => {
  if (isIos(agent)) return /iPhone|iPod/u.test(agent.userAgent) ? 'iPhone' : 'iPad';
  const [browser, system] = [named(agent.userAgent, browsers), named(agent.userAgent, systems)];
  return browser === undefined && system === undefined ? 'Browser' : worded(browser, system);
};

/** The first language of the browser that the app has. */
export const languageOf = (wanted: readonly string[]): AppLanguage =>
  wanted
    .map(tag => tag.toLowerCase().split('-', 1)[0])
    .flatMap(tag => appLanguages.find(each => each === tag) ?? [])[0] ?? 'en';

/** Why the app cannot work here; undefined: it can, as far as the browser tells before the store is opened. */
export const obstacle = (): Obstacle | undefined => {
  if (!isSecureContext) return 'insecure';
  const isOld =
    !('indexedDB' in window) || !('subtle' in crypto) || !('serviceWorker' in navigator) || !('toReversed' in []);
  if (isOld) return 'old';
  // Safari itself keeps what a page stores apart from the installed app, and forgets it after a week without a visit.
  return isIos(navigator) && !isStandalone() ? 'home-screen' : undefined;
};

const isStandalone = (): boolean =>
  matchMedia('(display-mode: standalone)').matches || Reflect.get(navigator, 'standalone') === true;
