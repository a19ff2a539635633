/** German words for sessions, sign-ins and apps on the security page. */
import type { accountSessions as master } from '../en/account-sessions.ts';
import { name, time, type Phrase } from '../phrase.ts';
import { browserName } from './browsers.ts';

const notices: (typeof master)['notices'] = {
  'session-ended': 'Dieser Browser ist abgemeldet, und mit ihm seine Apps.',
  'others-ended': 'Sie sind überall sonst abgemeldet.',
  'not-me':
    'Sie sind überall sonst abgemeldet, und Ihre Verwaltung weiß Bescheid. Bitte wählen Sie jetzt ein neues Passwort.',
  'app-removed': 'Die App hat keinen Zugriff mehr auf Ihr Konto.',
  'detail-withdrawn':
    'Die App darf das nicht mehr, und ihr Zugriff ist beendet. Sie fragt Sie wieder, wenn Sie sie das nächste Mal benutzen.',
  'browser-forgotten': 'In diesem Browser fragen wir wieder nach dem zweiten Schritt.',
  'browsers-forgotten': 'Wir fragen wieder in jedem Browser nach dem zweiten Schritt.',
  gone: 'Das war schon beendet.',
};

const to = (app: string | undefined): Phrase => (app === undefined ? [] : [' bei ', name(app)]);
const ends: (typeof master)['signIns']['ends'] = {
  'signed-in': app => ['Sie haben sich', ...to(app), ' angemeldet.'],
  confirmed: app => ['Sie haben', ...to(app), ' bestätigt, dass Sie es sind.'],
  approval: app =>
    app === undefined ? ['Sie wurden um Ihre Zustimmung gebeten.'] : [name(app), ' hat um Ihre Zustimmung gebeten.'],
  denied: app => ['Eine Anmeldung', ...to(app), ' wurde gestoppt: Sie haben gesagt, dass Sie es nicht waren.'],
  'wrong-password': app => ['Jemand hat', ...to(app), ' ein falsches Passwort eingegeben.'],
  stopped: app => ['Das Passwort stimmte, aber die Anmeldung', ...to(app), ' wurde nicht abgeschlossen.'],
  unfinished: app => ['Die Anmeldung', ...to(app), ' wurde nicht abgeschlossen.'],
  cancelled: app => ['Die Anmeldung', ...to(app), ' wurde abgebrochen.'],
  refused: app => ['Die Anmeldung', ...to(app), ' war nicht möglich.'],
};

const steps: (typeof master)['signIns']['steps'] = {
  call: 'Sie haben den Anruf angenommen und # gedrückt.',
  sms: 'Sie haben den Code aus einer SMS eingegeben.',
  spoken: 'Sie haben den Code aus einem Anruf eingegeben.',
  totp: 'Sie haben den Code aus Ihrer App eingegeben.',
  passkey: 'Sie haben Ihren Passkey verwendet.',
  email: 'Sie haben den Code aus einer E-Mail eingegeben.',
  push: 'Sie haben es im Authenticator auf Ihrem Telefon bestätigt.',
  'recovery-code': 'Sie haben einen Wiederherstellungscode benutzt.',
  'temporary-access-pass': 'Sie haben einen befristeten Zugangscode benutzt.',
};

const stepEnds: (typeof master)['signIns']['stepEnds'] = {
  busy: 'Die Leitung war besetzt.',
  'no-answer': 'Niemand hat den Anruf angenommen.',
  unreachable: 'Das Telefon war nicht erreichbar.',
  machine: 'Ein Anrufbeantworter hat den Anruf angenommen.',
  'hung-up': 'Der Anruf endete, bevor etwas bestätigt wurde.',
  silence: 'Im Anruf wurde nichts bestätigt.',
  unheard: 'Der Anruf endete, bevor etwas zu hören war.',
  attempts: 'Es wurden zu viele falsche Codes eingegeben.',
  expired: 'Es wurde nichts rechtzeitig bestätigt.',
  declined: 'Es wurde auf Ihrem Telefon abgelehnt.',
  denied: 'Sie haben gesagt, dass Sie es nicht waren.',
  'wrong-number': 'Auf Ihrem Telefon wurde eine andere Zahl eingegeben.',
  'push-limit': 'Ihr Telefon wurde in kurzer Zeit zu oft gefragt.',
  'push-spent': 'Ihr Telefon wurde zu oft gefragt.',
  'push-unanswered': 'Ihr Telefon wurde mehrmals gefragt, und niemand hat bestätigt.',
};

export const accountSessions: typeof master = {
  notices,
  browser: browserName,
  sessions: {
    heading: 'Sitzungen und Anmeldungen',
    open: 'Wo Sie angemeldet sind',
    here: 'Dieser Browser',
    since: at => ['Angemeldet: ', time(at, true)],
    used: at => ['Zuletzt benutzt: ', time(at, true)],
    apps: apps => `Benutzt für ${apps}`,
    end: 'Abmelden',
    others: 'Überall sonst abmelden',
    all: 'Überall abmelden',
    effect:
      'Wenn Sie sich selbst abmelden, behalten Apps ihren Zugriff, denen Sie das erlaubt haben. Wenn Sie auf dieser Seite einen Browser abmelden, verlieren auch seine Apps ihren Zugriff.',
    none: 'Sie sind nur hier angemeldet.',
  },
  remembered: {
    heading: 'Browser, die wir uns merken',
    since: at => ['Seit: ', time(at, true)],
    until: at => ['Bis: ', time(at, true)],
    forget: 'Vergessen',
    forgetAll: 'Alle vergessen',
    effect:
      'In diesen Browsern genügt Ihr Passwort, wenn eine App nicht mehr verlangt. Sobald Sie Ihr Passwort oder eine Methode ändern, fragen wir überall wieder nach. Gehört einer nicht Ihnen? Dann wählen Sie „Vergessen“ und ändern Sie Ihr Passwort.',
    empty:
      'Keine. Wo sonst niemand den Browser benutzt, können Sie beim Anmelden ein Kästchen ankreuzen. Dort fragen wir dann eine Zeit lang nur nach dem Passwort.',
  },
  all: {
    heading: 'Überall abmelden?',
    sentence:
      'Alle Browser werden abgemeldet, auch dieser, und alle Apps verlieren ihren Zugriff. Sie können sich gleich wieder anmelden.',
    keep: 'Angemeldet bleiben',
  },
  signIns: {
    heading: 'Ihre letzten Anmeldungen',
    none: 'Es ist noch nichts aufgezeichnet.',
    ends,
    steps,
    passwordOnly: 'Nur mit Ihrem Passwort.',
    remembered: {
      used: 'Mit Ihrem Passwort, in einem Browser, den wir uns gemerkt haben.',
      added: 'Wir sollten uns diesen Browser merken.',
      copied: 'Die Kopie eines gemerkten Browsers wurde benutzt. Wir haben ihn deshalb vergessen.',
    },
    stepEnds,
    stepOpen: 'Der zweite Schritt wurde nicht abgeschlossen.',
    wrongPasswords: count =>
      count === 1 ? 'Das Passwort war einmal falsch.' : `Das Passwort war ${count}-mal falsch.`,
    wrongCodes: count => (count === 1 ? 'Ein Code war falsch.' : `${count} Codes waren falsch.`),
    notMe: 'Das war ich nicht',
  },
  notMe: {
    heading: 'War hier jemand anderes?',
    sentence:
      'Wir melden Sie überall sonst ab, nehmen allen Apps den Zugriff und sagen Ihrer Verwaltung Bescheid. Dann wählen Sie ein neues Passwort.',
    submit: 'Das war ich nicht',
    keep: 'Ich war es doch',
  },
  apps: {
    heading: 'Verbundene Apps',
    lead: 'Diese Apps dürfen Ihr Konto benutzen.',
    empty: 'Zurzeit benutzt keine App Ihr Konto.',
    own: 'Gehört zu Ihrer Organisation',
    since: at => ['Seit: ', time(at, true)],
    allowed: at => ['Erlaubt: ', time(at, true)],
    withdraw: 'Widerrufen',
    offline: 'Behält den Zugriff, während Sie weg sind',
    remove: 'Zugriff entfernen',
    signOut: 'Davon abmelden',
  },
};
