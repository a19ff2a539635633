/** Words a browser with its system in English. */
export const browserName = (browser: string | undefined, system: string | undefined): string =>
  browser !== undefined && system !== undefined ? `${browser} on ${system}` : (browser ?? system ?? 'Unknown browser');
