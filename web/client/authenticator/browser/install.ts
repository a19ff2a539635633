/** Offers to install the app, where the browser lets a page do so. */

/** The event `beforeinstallprompt` of Chromium, which TypeScript does not know. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}
const isPrompt = (event: Event): event is InstallPrompt => 'prompt' in event;

/** `onChange`: whether the browser offers it now. Gives the function that shows the browser's question. */
export const offerInstall = (onChange: (canInstall: boolean) => void): (() => Promise<void>) => {
  let offered: InstallPrompt | undefined;
  const set = (event: InstallPrompt | undefined): void => {
    offered = event;
    onChange(event !== undefined);
  };
  addEventListener('beforeinstallprompt', event => {
    event.preventDefault();
    if (isPrompt(event)) set(event);
  });
  addEventListener('appinstalled', () => set(undefined));
  return async () => {
    const event = offered;
    // A prompt can be shown once.
    set(undefined);
    await event?.prompt();
  };
};
