/**
 * Creates a passkey by the button. Where the page says so, tries it at once and silently: some browsers do that without a question,
 * right after they filled in a saved password (WebAuthn Level 3, conditional create).
 */
import { creationOptions, passkeyForm } from './passkey.ts';

const form = passkeyForm();
if (form) {
  const { passkey = '', atOnce } = form.element.dataset;
  const create = (mediation?: CredentialMediationRequirement): Promise<boolean> =>
    form.run(
      async signal =>
        navigator.credentials.create({
          publicKey: creationOptions(passkey),
          signal,
          ...(mediation && { mediation }),
        }),
      mediation !== undefined,
    );
  form.onPress(() => create());
  const createAtOnce = async (): Promise<void> => {
    const capabilities = await PublicKeyCredential.getClientCapabilities?.();
    if (capabilities?.['conditionalCreate'] === true) await create('conditional');
  };
  if (atOnce !== undefined) void createAtOnce();
}
