/**
 * Submits the invitation to a passkey by itself, where the browser may create one without a question (WebAuthn Level 3, conditional
 * create). Not after Back or a reload: Back from the next page would lead to it again and again.
 */
const form = document.querySelector<HTMLFormElement>('form[data-goes-on]');

const submit = async (): Promise<void> => {
  if (!('PublicKeyCredential' in globalThis)) return;
  const capabilities = await PublicKeyCredential.getClientCapabilities?.();
  if (capabilities?.['conditionalCreate'] === true) form?.requestSubmit(form.querySelector('button'));
};

const [visit] = performance.getEntriesByType('navigation');
const isNew = visit instanceof PerformanceNavigationTiming && visit.type === 'navigate';
if (form && isNew) void submit();
