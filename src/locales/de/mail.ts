/** German words that every mail shares, and the mail with a code. */
import type { mail as master } from '../en/mail.ts';
import { name } from '../phrase.ts';

export const mail: typeof master = {
  footer: host =>
    `Sie bekommen diese Nachricht, weil sie Ihr Konto bei ${host} betrifft. Bitte antworten Sie nicht: Dieses Postfach liest niemand.`,
  administratorFooter: host =>
    `Sie bekommen diese Nachricht, weil Sie als Administrator von ${host} eingetragen sind. Bitte antworten Sie nicht: Dieses Postfach liest niemand.`,
  linkInstead: 'Wenn die Schaltfläche nicht funktioniert, öffnen Sie diese Adresse:',
  code: {
    'sign-in': {
      subject: 'Ihr Anmeldecode',
      sentence: client =>
        client === ''
          ? ['Geben Sie diesen Code auf der Seite ein, auf der Sie sich anmelden:']
          : ['Geben Sie diesen Code auf der Seite ein, auf der Sie sich bei ', name(client), ' anmelden:'],
      unexpected:
        'Sie wollten sich nicht anmelden? Dann kennt jemand Ihr Passwort. Ändern Sie es und sagen Sie es Ihrem Support.',
    },
    enrollment: {
      subject: 'Ihr Code, um Codes per E-Mail einzurichten',
      sentence: () => ['Geben Sie diesen Code auf der Seite ein, um dieses Postfach Ihrem Konto hinzuzufügen:'],
      unexpected: 'Sie haben das nicht angefordert? Dann müssen Sie nichts tun.',
    },
    lifetime: 'Er gilt fünf Minuten und nur einmal. Sagen Sie ihn niemandem, auch uns nicht.',
  },
};
