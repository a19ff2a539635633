/**
 * Names the program that sent a request, from its `User-Agent` (RFC 9110 §10.1.5). The sender chooses that text, so it proves
 * nothing, and no part of it may become a sentence on a page. Pure.
 */

/** One product of a User-Agent. It has no spaces, so an attacker cannot put a sentence on the page. */
const product = /^[A-Za-z][\w.-]{0,31}(?:\/[\w.+-]{1,31})?(?= |$)/;

/** The first product of a User-Agent, such as `curl/8.5.0`. */
export const programIn = (userAgent: string): string | undefined => product.exec(userAgent)?.[0];

/** Characters. No browser sends more; a longer text is not searched. */
const longest = 1024;

/** Browsers by what only their User-Agent has. The first match counts, because most also name the browser they descend from. */
const browsers: readonly (readonly [name: string, mark: RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\b(?:OPR|OPT|Opera)\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Vivaldi', /\bVivaldi\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|Chromium|CriOS|HeadlessChrome)\//],
  ['Safari', /\bVersion\/[\d.]+ (?:Mobile\/\w+ )?Safari\//],
];

/** Systems by their mark. Android also says Linux, and an iPhone says Mac OS X. */
const systems: readonly (readonly [name: string, mark: RegExp])[] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['Mac', /\bMac(?:intosh| OS X)\b/],
  ['Linux', /\bLinux\b/],
];

/** A browser and the system that it runs on, each one of a closed list of names. Both are known, or one of them. */
export interface BrowserName {
  readonly browser?: string;
  readonly system?: string;
}

/** The browser that sends this User-Agent; undefined where neither it nor its system is known. */
export const browserIn = (userAgent: string): BrowserName | undefined => {
  const searched = userAgent.slice(0, longest);
  const named = (list: typeof browsers): string | undefined => list.find(([, mark]) => mark.test(searched))?.[0];
  const [browser, system] = [named(browsers), named(systems)];
  if (browser === undefined && system === undefined) return undefined;
  return { ...(browser !== undefined && { browser }), ...(system !== undefined && { system }) };
};

const separator = ' on ';

/** The same as one text for records and logs: `Firefox on Linux`, or the one name that is known. */
export const browserText = (userAgent: string): string | undefined => {
  const { browser, system } = browserIn(userAgent) ?? {};
  return browser === undefined || system === undefined ? (browser ?? system) : browser + separator + system;
};

/** The names in a text that `browserText` made. */
export const browserOfText = (text: string): BrowserName => {
  const [first = '', second] = text.split(separator, 2);
  if (second !== undefined) return { browser: first, system: second };
  return systems.some(([name]) => name === first) ? { system: first } : { browser: first };
};
