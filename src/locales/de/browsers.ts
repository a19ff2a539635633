/** Words a browser with its system in German. */
import type { browserName as master } from '../en/browsers.ts';

export const browserName: typeof master = (browser, system) =>
  browser !== undefined && system !== undefined
    ? `${browser} auf ${system}`
    : (browser ?? system ?? 'Unbekannter Browser');
