/** Starts the development server of a run, and tells the tests where it is. In JavaScript, so that Jest loads it as Node does. */
import { openWorld } from '../../examples/clients/support/open-world.ts';

export default async () => {
  globalThis.sallyportWorld = await openWorld();
};
