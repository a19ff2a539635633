/**
 * Goes on from an invitation to a passkey by itself, where the browser may create one without a question (WebAuthn Level 3, conditional
 * create). Not after Back or a reload: the person could then never leave the next page.
 */
const form = document.querySelector<HTMLFormElement>('form[data-goes-on]');

const goOn = async (): Promise<void> => {
  if (!('PublicKeyCredential' in globalThis)) return;
  const capabilities = await PublicKeyCredential.getClientCapabilities?.();
  if (capabilities?.['conditionalCreate'] === true) form?.requestSubmit(form.querySelector('button'));
};

const [visit] = performance.getEntriesByType('navigation');
const isNew = visit instanceof PerformanceNavigationTiming && visit.type === 'navigate';
if (form && isNew) void goOn();
