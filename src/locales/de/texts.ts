/** German text messages, in the GSM alphabet only (3GPP TS 23.038 §6.2.1). */
import type { texts as master } from '../en/texts.ts';

export const texts: typeof master = {
  'sign-in': (code, to) =>
    to === ''
      ? `${code} ist Ihr Anmeldecode. Geben Sie ihn nie weiter.`
      : `${code} ist Ihr Code für ${to}. Geben Sie ihn nie weiter.`,
  enrollment: (code, to) =>
    to === ''
      ? `${code} fügt dieses Telefon Ihrem Konto hinzu. Geben Sie den Code nie weiter.`
      : `${code} fügt dieses Telefon Ihrem Konto bei ${to} hinzu. Geben Sie den Code nie weiter.`,
};
