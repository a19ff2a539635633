/** German words of notices, and of the page behind their link. */
import { name, time } from '../phrase.ts';
import type { notices as master } from '../en/notices.ts';

export const notices: typeof master = {
  kinds: {
    'method-added': {
      subject: 'Eine Anmeldemethode ist dazugekommen',
      sentence: method => [name(method), ' kann ab jetzt zur Anmeldung bei Ihrem Konto benutzt werden.'],
    },
    'method-removed': {
      subject: 'Eine Anmeldemethode wurde entfernt',
      sentence: method => [name(method), ' kann nicht mehr zur Anmeldung bei Ihrem Konto benutzt werden.'],
    },
    'method-renamed': {
      subject: 'Eine Anmeldemethode heißt jetzt anders',
      sentence: method => ['Eine Anmeldemethode Ihres Kontos heißt jetzt ', name(method), '.'],
    },
    'method-made-default': {
      subject: 'Eine andere Anmeldemethode kommt zuerst',
      sentence: method => ['Ab jetzt fragen wir Sie zuerst nach ', name(method), '.'],
    },
    'passkey-required': {
      subject: 'Ihr Konto verlangt jetzt Ihren Passkey',
      sentence: 'Ab jetzt genügen Passwort und Code nicht mehr: Jede Anmeldung braucht einen Ihrer Passkeys.',
    },
    'passkey-optional': {
      subject: 'Ihr Konto besteht nicht mehr auf Ihrem Passkey',
      sentence: 'Ab jetzt genügt wieder jede Anmeldemethode Ihres Kontos, nicht nur ein Passkey.',
    },
    'methods-reset': {
      subject: 'Ihre Anmeldemethoden wurden entfernt',
      sentence:
        'Die Verwaltung hat alle Anmeldemethoden Ihres Kontos entfernt. Bei der nächsten Anmeldung richten Sie neue ein.',
    },
    'recovery-codes-made': {
      subject: 'Neue Wiederherstellungscodes',
      sentence: 'Ihr Konto hat neue Wiederherstellungscodes. Die alten gelten nicht mehr.',
    },
    'recovery-code-used': {
      subject: 'Ein Wiederherstellungscode wurde benutzt',
      sentence:
        'Jemand hat sich mit einem Ihrer Wiederherstellungscodes bei Ihrem Konto angemeldet. Dieser Code gilt nicht noch einmal.',
    },
    'recovery-codes-low': {
      subject: 'Nur noch wenige Wiederherstellungscodes',
      sentence: count => ['Übrige Wiederherstellungscodes: ', count, '. Erstellen Sie neue, bevor keiner mehr da ist.'],
    },
    'temporary-pass-made': {
      subject: 'Für Sie wurde ein befristeter Zugangscode erstellt',
      sentence:
        'Die Verwaltung hat einen befristeten Zugangscode erstellt. Wer ihn und Ihr Passwort hat, kann sich bei Ihrem Konto anmelden.',
    },
    'temporary-pass-used': {
      subject: 'Ein befristeter Zugangscode wurde benutzt',
      sentence:
        'Jemand hat sich mit dem befristeten Zugangscode, den die Verwaltung erstellt hat, bei Ihrem Konto angemeldet.',
    },
    'password-changed': {
      subject: 'Ihr Passwort wurde geändert',
      sentence: 'Das Passwort Ihres Kontos wurde geändert. Überall sonst sind Sie abgemeldet.',
    },
    'password-set': {
      subject: 'Die Verwaltung hat Ihr Passwort geändert',
      sentence: 'Die Verwaltung hat für Ihr Konto ein neues Passwort gesetzt. Sie sind überall abgemeldet.',
    },
    'password-reset': {
      subject: 'Ihr Passwort wurde zurückgesetzt',
      sentence:
        'Das Passwort Ihres Kontos wurde über einen Link zurückgesetzt, den wir Ihnen per E-Mail geschickt haben. Sie sind überall abgemeldet.',
    },
    'email-changed': {
      subject: 'Ihre E-Mail-Adresse wurde geändert',
      sentence:
        'Ihr Konto hat jetzt eine andere E-Mail-Adresse oder keine mehr. Dies ist die letzte Nachricht an diese Adresse.',
    },
    'sessions-ended': {
      subject: 'Sie wurden abgemeldet',
      sentence: 'Ein oder mehrere Browser wurden von Ihrem Konto abgemeldet.',
    },
    'app-access-revoked': {
      subject: 'Eine App hat keinen Zugriff mehr',
      sentence: app => [name(app), ' hat keinen Zugriff mehr auf Ihr Konto.'],
    },
    'account-locked': {
      subject: 'Ihr Konto ist gesperrt',
      sentence: 'Die Verwaltung hat Ihr Konto gesperrt. Bis zur Freigabe kann sich niemand damit anmelden.',
    },
    'account-unlocked': {
      subject: 'Ihr Konto ist wieder frei',
      sentence: 'Die Verwaltung hat Ihr Konto freigegeben. Sie können sich wieder anmelden.',
    },
    'not-me': {
      subject: 'Eine Anmeldung wurde gemeldet',
      sentence:
        'Sie haben uns gesagt, dass eine Anmeldung bei Ihrem Konto nicht von Ihnen kam. Wir haben sie beendet. Vielleicht kennt jemand Ihr Passwort.',
    },
    'factor-disabled': {
      subject: 'Eine Anmeldemethode ist ausgeschaltet',
      sentence:
        'Für Ihr Konto gab es zu viele falsche Codes. Codes einer Ihrer Methoden gelten deshalb nicht mehr. Ihr Support hilft Ihnen, sie neu einzurichten.',
    },
    'code-reused': {
      subject: 'Ein Code wurde zweimal benutzt',
      sentence:
        'Jemand hat einen Code eingegeben, der schon benutzt war. Wir haben ihn abgelehnt. Vielleicht sieht jemand Ihre Codes oder kennt Ihr Passwort.',
    },
    'passkey-copied': {
      subject: 'Ein Passkey wurde vielleicht kopiert',
      sentence:
        'Ein Passkey von Ihnen wurde so benutzt, wie es nur geschieht, wenn es eine Kopie davon gibt. Wir haben ihn abgelehnt. Entfernen Sie diesen Passkey, und richten Sie einen neuen ein.',
    },
    'remembered-browser-copied': {
      subject: 'Vielleicht wurden Daten Ihres Browsers kopiert',
      sentence:
        'Ein Browser, in dem wir Sie nicht nach einem zweiten Schritt fragen, wurde an zwei Orten benutzt, beide Male mit Ihrem Passwort. Wir haben ihn vergessen und fragen dort wieder nach. Wurde Ihr Browser auf einen früheren Stand zurückgesetzt, kann das der Grund sein. Wenn nicht, wählen Sie ein neues Passwort.',
    },
    'new-browser': {
      subject: 'Anmeldung in einem neuen Browser',
      sentence: app => [
        'Jemand hat sich mit Ihrem Konto bei ',
        name(app),
        ' angemeldet, in einem Browser, der neu ist oder abgemeldet war.',
      ],
    },
    'break-glass-used': {
      subject: 'Ein Notfallkonto wurde benutzt',
      sentence: 'Jemand hat sich mit einem Notfallkonto angemeldet. Klären Sie, wer das war und warum.',
    },
    'passwords-sprayed': {
      subject: 'Falsche Passwörter bei vielen Konten',
      sentence:
        'In einer Minute waren Passwörter bei vielen Konten falsch, und bei mehr Konten als richtig. Vielleicht probiert jemand häufige oder gestohlene Passwörter von vielen Adressen aus. Konten mit einem zweiten Schritt sind geschützt; suchen Sie Konten ohne ihn und die Adressen im Protokoll („password.refused“).',
    },
    'changes-frozen': {
      subject: '„Das war ich nicht“ wurde benutzt',
      sentence:
        'Sie sind überall abgemeldet, und 7 Tage lang kann niemand ändern, wie man sich bei diesem Konto anmeldet. Ihr Support kann das früher erlauben.',
    },
    'changes-unfrozen': {
      subject: 'Ihr Konto kann wieder geändert werden',
      sentence:
        'Die Verwaltung erlaubt wieder Änderungen an Ihren Anmeldemethoden, Ihrem Passwort und Ihrer E-Mail-Adresse.',
    },
  },
  administrators: {
    'not-me': {
      subject: 'Jemand hat eine fremde Anmeldung gemeldet',
      sentence:
        'Wir haben sie beendet. Vielleicht kennt jemand das Passwort dieses Kontos. Sprechen Sie mit der Person, über eine Nummer, die Sie kennen.',
    },
    'changes-frozen': {
      subject: 'Jemand hat „Das war ich nicht“ benutzt',
      sentence:
        'Vielleicht hat jemand geändert, wie man sich bei diesem Konto anmeldet. Alle Sitzungen sind beendet, Änderungen 7 Tage lang gestoppt. Sprechen Sie mit der Person, entfernen Sie Fremdes und erlauben Sie Änderungen dann mit „sallyport users unfreeze“.',
    },
    'passwords-sprayed': {
      subject: 'Falsche Passwörter bei vielen Konten',
      sentence:
        'In einer Minute waren Passwörter bei vielen Konten falsch, und bei mehr Konten als richtig. Vielleicht probiert jemand häufige oder gestohlene Passwörter von vielen Adressen aus. Konten mit einem zweiten Schritt sind geschützt; suchen Sie Konten ohne ihn und die Adressen im Protokoll („password.refused“).',
    },
    other: 'Klären Sie, wer das war und warum.',
  },
  unnamed: 'etwas ohne Namen',
  facts: {
    account: 'Konto',
    when: 'Zeitpunkt',
    address: 'Von',
    browser: 'Browser',
    app: 'App',
    by: 'Durch',
    administrator: 'die Verwaltung',
    reason: 'Grund',
    reference: 'Referenz',
  },
  wasYou: 'Waren Sie das? Dann müssen Sie nichts tun.',
  notYou:
    'Wenn nicht, drücken Sie auf die Schaltfläche. Wir melden Sie dann überall ab und stoppen alle Änderungen. Das geht 7 Tage lang.',
  notYouDesk: 'Wenn nicht, sagen Sie es jetzt Ihrem Support.',
  noSecrets: 'Wir fragen nie in einer Nachricht nach Ihrem Passwort oder einem Code.',
  button: 'Das war ich nicht',
  page: {
    usable: {
      heading: 'Waren Sie das nicht?',
      sentence:
        'Wenn Sie es waren, schließen Sie diese Seite: Es ist nichts passiert. Wenn nicht, drücken Sie auf die Schaltfläche.',
      what: 'Was wir Ihnen gemeldet haben',
      effects: 'Dann geschieht sofort Folgendes',
      signedOut: 'Sie werden überall abgemeldet, auf jedem Gerät.',
      stopped:
        '7 Tage lang kann niemand die Anmeldemethoden, das Passwort oder die E-Mail-Adresse Ihres Kontos ändern. Auch Sie nicht.',
      told: 'Ihre Verwaltung erfährt davon, damit sie Ihnen helfen kann.',
      stays: 'Wir machen nichts rückgängig: Das tut Ihr Support zusammen mit Ihnen.',
      submit: 'Mein Konto jetzt schützen',
    },
    used: {
      heading: 'Ihr Konto ist geschützt',
      sentence: at => ['Sie haben uns Bescheid gesagt: ', time(at, true), '. Dabei wurden Sie überall abgemeldet.'],
      until: until => ['Niemand kann ändern, wie man sich anmeldet, bis ', time(until, true), '.'],
      lifted: 'Inzwischen kann Ihr Konto wieder geändert werden. Dieser Link bewirkt nichts mehr.',
      next: 'Rufen Sie jetzt Ihren Support an. Er entfernt, was nicht von Ihnen ist, gibt Ihnen ein neues Passwort und erlaubt Änderungen wieder.',
    },
    unknown: {
      heading: 'Dieser Link gilt nicht mehr',
      sentence:
        'Ein Link in einer Nachricht gilt 7 Tage. Stimmt mit Ihrem Konto etwas nicht? Dann sagen Sie es Ihrem Support.',
    },
  },
};
