/** German words for passkeys on the security page. */
import type { accountPasskeys as master } from '../en/account-passkeys.ts';

export const accountPasskeys: typeof master = {
  synced: 'in Ihrem Passwortmanager, für alle Ihre Geräte',
  bound: 'nur auf einem Gerät oder Schlüssel',
  unverified: 'ohne PIN oder Finger, darum nur zusammen mit Ihrem Passwort',
  refused:
    'Schlüssel dieser Art werden hier nicht mehr angenommen. Entfernen Sie ihn und fügen Sie einen anderen hinzu.',
  deleteToo: 'Löschen Sie ihn auch in Ihrem Passwortmanager oder auf dem Schlüssel. Manche Browser tun das von selbst.',
  endsOnly:
    'Das ist Ihr letzter Passkey, der nach Gesicht, Finger oder PIN fragt. Danach genügen wieder Ihre anderen Methoden.',
  only: {
    heading: 'Nur mit Passkey',
    off: 'Auch Ihr Passwort zusammen mit einem Anruf, einer SMS oder einem Code öffnet Ihr Konto. Das können Sie abschalten: Dann braucht jede Anmeldung einen Passkey.',
    on: 'Jede Anmeldung braucht einen Ihrer Passkeys. Ihre anderen Methoden genügen nicht.',
    lost: 'Wenn Sie Ihre Passkeys verlieren, helfen ein Wiederherstellungscode oder Ihr Support.',
    noCodes: 'Sie haben keine Wiederherstellungscodes. Wenn Sie Ihre Passkeys verlieren, kann nur Ihr Support helfen.',
    turnOn: 'Jedes Mal nach einem Passkey fragen',
    turnOff: 'Meine anderen Methoden wieder annehmen',
  },
  notices: {
    'passkey-only': 'Ab jetzt braucht jede Anmeldung einen Ihrer Passkeys.',
    'passkey-optional': 'Ab jetzt genügt wieder jede Ihrer Methoden.',
    'passkey-missing':
      'Dafür brauchen Sie einen Passkey, der nach Gesicht, Finger oder PIN fragt. Fügen Sie zuerst einen hinzu.',
  },
};
