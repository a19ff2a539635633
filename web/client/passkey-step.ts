/** Asks for a passkey as second step: by the button, and at once where the page says so and the person looks at it. */
import { passkeyForm, requestOptions } from './passkey.ts';

const form = passkeyForm();
if (form) {
  const { passkey = '', atOnce } = form.element.dataset;
  const ask = (): Promise<boolean> =>
    form.run(async signal => navigator.credentials.get({ publicKey: requestOptions(passkey), signal }));
  form.onPress(ask);
  if (atOnce !== undefined && document.hasFocus()) void ask();
}
