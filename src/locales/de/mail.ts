/** German words that every mail shares. */
import type { mail as master } from '../en/mail.ts';

export const mail: typeof master = {
  footer: host =>
    `Sie bekommen diese Nachricht, weil sie Ihr Konto bei ${host} betrifft. Bitte antworten Sie nicht: Dieses Postfach liest niemand.`,
  administratorFooter: host =>
    `Sie bekommen diese Nachricht, weil Sie als Administrator von ${host} eingetragen sind. Bitte antworten Sie nicht: Dieses Postfach liest niemand.`,
  linkInstead: 'Wenn die Schaltfläche nicht funktioniert, öffnen Sie diese Adresse:',
};
