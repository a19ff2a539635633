/** Tells where somebody was, as pages show it. */
import { browserOfText, type BrowserName } from '../../src/user-agent.ts';

/** The address, and the browser of its stored text. Absent where it was not stored. */
export const placeOf = ({
  address,
  browser,
}: {
  readonly address?: string;
  readonly browser?: string;
}): { readonly address?: string; readonly browser?: BrowserName } => ({
  ...(address !== undefined && { address }),
  ...(browser !== undefined && { browser: browserOfText(browser) }),
});
